"""What the layers of WebAnno and INCEpTION, and of other tools of UIMA, say by their names.

A layer is named as a type of UIMA is: ``de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity``.
"""

from __future__ import annotations

from collections.abc import Iterable

from datasette_newsgraph.authorities import stated_iri, wikipedia_page
from datasette_newsgraph.readers.plain_values import is_number

_DKPRO = "de.tudarmstadt.ukp.dkpro.core.api."
NAMED_ENTITY = f"{_DKPRO}ner.type.NamedEntity"
#: What dkpro has for names, for coreference and for predicates with arguments.
_READ = (f"{_DKPRO}ner.", f"{_DKPRO}coref.", f"{_DKPRO}semantics.type.Sem")
#: Arguments of predicates and links of chains are nothing but a place.
_ARGUMENT = f"{_DKPRO}semantics.type.SemArg"
#: Layers of the tools themselves: of words, of what stands in a page, of how annotations look.
_NOT_READ = (
    _DKPRO,
    "org.dkpro.core.api.",
    "de.tudarmstadt.ukp.clarin.webanno.",
    "de.tudarmstadt.ukp.inception.",
    "uima.",
    "org.apache.uima.",
)
#: What every file has, and nothing is lost with.
_FURNITURE = frozenset(
    {
        *(f"{_DKPRO}segmentation.type.{each}" for each in ("Token", "Sentence")),
        *(f"{_DKPRO}metadata.type.{each}" for each in ("TagsetDescription", "TagDescription")),
        *(
            f"de.tudarmstadt.ukp.clarin.webanno.api.type.{each}"
            for each in ("CASMetadata", "FeatureDefinition", "LayerDefinition")
        ),
        *(f"uima.cas.{each}" for each in ("NULL", "View", "FSArray", "StringArray")),
    }
)
#: The features that say what a span or a relation is, the most telling first.
_LABELS = (
    "value",
    "label",
    "type",
    "entity",
    "category",
    "class",
    "kind",
    "tag",
    "relation",
    "role",
)
#: What a layer that somebody has made says by these names is how a text is made up, not what it names.
_STRUCTURE = frozenset(
    {"sentence", "paragraph", "token", "word", "line", "page", "heading", "section", "chapter"}
)
#: A layer of relations of this name says that two mentions are of one thing, by these labels.
_COREFERENCE = "coref"
_SAME = frozenset(
    {"coref", "coreference", "ana", "anaphora", "cata", "cataphora", "appos", "ident"}
)
_REFERENT = "webanno.custom.Referent"


def is_read(layer: str) -> bool:
    """Tell whether a layer may name or relate something: it is a user's own, or one of dkpro's for
    names, coreference or predicates.
    """
    if layer.startswith(_NOT_READ):
        return layer.startswith(_READ)
    return short_name(layer).casefold() not in _STRUCTURE


def is_furniture(layer: str) -> bool:
    """Tell whether a layer that is not read is in every file, so that it need not be counted."""
    return layer in _FURNITURE


def is_argument(layer: str) -> bool:
    """Tell whether spans of a layer say nothing but where the argument of a predicate stands."""
    return layer == _ARGUMENT


def short_name(layer: str) -> str:
    """Return the name of a layer without its package."""
    return layer.rpartition(".")[2]


def label_feature(features: Iterable[str]) -> str | None:
    """Return which of the features that a layer uses is its label: the only one, if none is known."""
    known = {each.casefold(): each for each in features}
    found = next((known[each] for each in _LABELS if each in known), None)
    return found or (next(iter(known.values())) if len(known) == 1 else None)


def may_be_label(layer: str, feature: str, value: str) -> bool:
    """Tell whether a value may say what something is: identifiers, numbers, dates and yes or no do
    not.
    """
    if layer == NAMED_ENTITY:
        return feature == "value" or identifier(layer, feature, value) is None
    return (
        value not in ("true", "false")
        and not value[:1].isdecimal()
        and not is_number(value)
        and identifier(layer, feature, value) is None
    )


def says_same(layer: str, label: str | None) -> bool:
    """Tell whether a relation of a layer says that its ends are one thing."""
    return _COREFERENCE in short_name(layer).casefold() and (
        label is None or label.casefold() in _SAME
    )


def identifier(layer: str, feature: str, value: str) -> str | None:
    """Return the IRI that a feature identifies something with; None if it does not."""
    value = value.strip()
    if (iri := stated_iri(value)) is not None:
        return iri
    if layer == _REFERENT and feature == "identity" and value:
        # GUM gives the title of a page in the English Wikipedia.
        return wikipedia_page(value)
    return None
