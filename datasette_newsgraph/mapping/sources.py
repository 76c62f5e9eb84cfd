"""Where articles and what is found in them come from: extractions, publishers and authors."""

from __future__ import annotations

from datasette_newsgraph.mapping.model import Node, Property, Ref, Value

EXTRACTION = Node(
    "extraction",
    Ref("extraction/{key}"),
    ("prov:Activity",),
    {"key": "extractions.key"},
    (
        Property(
            "prov:wasAssociatedWith",
            Ref("extraction/{key}#agent"),
            None,
            "The tool, or the people, that did it.",
            required=True,
        ),
    ),
    "extractions",
)
AGENT = Node(
    "agent",
    Ref("extraction/{key}#agent"),
    ("prov:SoftwareAgent",),
    {
        "key": "extractions.key",
        "tool": "extractions.tool",
        "version": "extractions.version",
        "model": "extractions.model",
    },
    (
        Property("schema:name", Value.STRING, "tool", "The name of the tool.", required=True),
        Property("schema:softwareVersion", Value.STRING, "version", "The version of the tool."),
        Property("ng:modelName", Value.STRING, "model", "The model that the tool used."),
    ),
    "extractions",
)

#: Publishers and authors are in no table of their own: articles name them.
PUBLISHER = Node(
    "publisher",
    Ref("publisher/{key}"),
    ("schema:NewsMediaOrganization",),
    {"key": None, "name": None},
    (
        Property("schema:name", Value.STRING, "name", "The name of the publisher.", required=True),
        Property("rdfs:label", Value.STRING, "name", "The same name.", required=True),
    ),
)
#: What an author is taken for, and what one is that has the name of a publisher.
AUTHOR_CLASSES = ("schema:Person", "schema:Organization")
AUTHOR = Node(
    "author",
    Ref("author/{key}"),
    (),
    {"key": None, "name": None, "classes": None},
    (
        Property(
            "rdf:type",
            Value.TERM,
            "classes",
            "A person, or an organization where a publisher has the name.",
            many=True,
        ),
        Property("schema:name", Value.STRING, "name", "The name of the author.", required=True),
        Property("rdfs:label", Value.STRING, "name", "The same name.", required=True),
    ),
)
