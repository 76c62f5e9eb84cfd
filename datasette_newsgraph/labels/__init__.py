"""Stage 1b: a tool's labels become our types and predicates.

Presets are the label schemes of tools and corpora, as data; a format names those that its labels
are looked up in, in order. A map of the user's (``--map FILE``) comes before them. What none of them
knows keeps its label and is counted.
"""

from __future__ import annotations

from datasette_newsgraph.labels.given import GivenMap
from datasette_newsgraph.labels.labelling import LabelMap, Terms
from datasette_newsgraph.labels.presets import PRESETS
from datasette_newsgraph.labels.rules import Preset, Rule

__all__ = ["PRESETS", "GivenMap", "LabelMap", "Preset", "Rule", "Terms"]
