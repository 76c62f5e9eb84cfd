"""Decisions of people, and who made them."""

from __future__ import annotations

from datasette_newsgraph.mapping.model import Node, Property, Ref, Value

DECISION = Node(
    "decision",
    Ref("decision/{key}"),
    ("prov:Activity",),
    {
        "key": "decisions.key",
        "verdict": "decisions.verdict",
        "kind": "decisions.kind",
        # That of an undo may be a batch, and is never written.
        "left_key": "CASE WHEN decisions.verdict <> 'undo' THEN decisions.left_key END",
        "right_key": "decisions.right_key",
        "articles": "decisions.articles",
        "value": "decisions.value",
        "decided_by": "decisions.decided_by",
        "decided_at": "decisions.decided_at",
        "how": "decisions.how",
        "why": "decisions.why",
        "things": None,
        "split_off": None,
        "decider": None,
    },
    (
        Property("ng:verdict", Value.CODE, "verdict", "What was decided.", required=True),
        Property(
            "prov:used",
            Ref("{_item}"),
            "things",
            "What it was decided on: an entity or two, or a mention, relation, evidence or quote; the"
            " articles in which an entity was taken for another one.",
            many=True,
        ),
        Property(
            "prov:generated",
            Ref("entity/{split_off}"),
            "split_off",
            "The entity that these articles are about.",
        ),
        Property(
            "ng:decidedValue",
            Value.STRING,
            "value",
            "The type, the name, or the identifier elsewhere.",
        ),
        Property("prov:endedAtTime", Value.DATE, "decided_at", "When.", required=True),
        Property("prov:wasAssociatedWith", Ref("decider/{decider}"), "decider", "Who decided."),
        Property("ng:decidedHow", Value.STRING, "how", "By which way or rule."),
        Property("rdfs:comment", Value.STRING, "why", "Why, in the words of whoever decided."),
    ),
    "decisions",
)
DECIDER = Node(
    "decider",
    Ref("decider/{key}"),
    ("prov:Agent",),
    {"key": None, "name": None},
    (Property("schema:name", Value.STRING, "name", "The name of whoever decided.", required=True),),
)
