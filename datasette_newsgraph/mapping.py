"""The mapping from tables to RDF, as data: the one place where a column meets a term.

A ``Node`` is a kind of thing: the rows it comes from, its IRI, its classes, and its properties with
column, term and kind of value. The writers of all syntaxes, the JSON-LD context, the published
vocabulary and the documentation derive from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Value(Enum):
    """What a column holds, and so what an object becomes."""

    STRING = auto()
    #: A string from a closed list of ours, of letters only.
    CODE = auto()
    #: A string in the language of the column ``language``, where that is a well-formed tag.
    TEXT = auto()
    #: A date, typed by its precision where it is a real one, else a plain string.
    DATE = auto()
    DOUBLE = auto()
    COUNT = auto()
    BOOLEAN = auto()
    #: An IRI that users give.
    IRI = auto()
    #: The same, or a plain string where it is none.
    IRI_OR_STRING = auto()
    #: The IRI of a class or property, worked out from a label by the vocabulary.
    TERM = auto()
    #: An entity, or a value with its datatype: the columns ``object_key``, ``value``, ``datatype``.
    OBJECT = auto()
    #: Pairs of a predicate's IRI and such an object.
    STATEMENTS = auto()


@dataclass(frozen=True)
class Ref:
    """An identifier IRI of ours: its path under ``{base}id/``, with columns in braces."""

    path: str


@dataclass(frozen=True)
class Constant:
    """Always the same term, by its prefixed name."""

    name: str


@dataclass(frozen=True)
class Property:
    """One property. ``column`` is None for what follows from the node's IRI or is constant.

    ``many``: the column holds a list. ``required``: it is never null. ``with_text``: it is text of
    an article, exported only when asked for. ``is_turned``: the node is the object, and the items of
    the list are subjects.
    """

    term: str
    value: Value | Ref | Constant
    column: str | None = None
    comment: str = ""
    many: bool = False
    required: bool = False
    with_text: bool = False
    is_turned: bool = False


@dataclass(frozen=True)
class Node:
    """A kind of thing.

    ``columns`` are what the writer is given of each, in any order, each with the SQL that reads it, or
    None for what the reader of rows adds; ``rows`` is the FROM clause. A property or IRI may also
    name the columns of ``OF_ARTICLE``; an IRI also ``_fragment``, which follows from ``start_char``
    and ``end_char``, and ``_item``, one of the list that the property's column holds.
    """

    kind: str
    iri: Ref
    classes: tuple[str, ...]
    columns: dict[str, str | None]
    properties: tuple[Property, ...]
    rows: str = ""

    @property
    def read(self) -> tuple[str, ...]:
        """Return the columns that SQL reads, in order."""
        return tuple(name for name, sql in self.columns.items() if sql)

    @property
    def added(self) -> tuple[str, ...]:
        """Return the columns that the reader of rows adds, which stand behind those in a row."""
        return tuple(name for name, sql in self.columns.items() if not sql)


def _span_columns(table: str) -> dict[str, str | None]:
    """Return the columns that mentions, evidence and quotes share."""
    return {
        "key": f"{table}.key",
        "article_id": f"{table}.article_id",
        "start_char": f"{table}.start_char",
        "end_char": f"{table}.end_char",
        "surface": f"{table}.surface",
        "given_surface": (
            f"CASE WHEN {table}.start_char IS NULL THEN {table}.surface ELSE {table}.given_surface END"
        ),
        "confidence": f"{table}.confidence",
        "offset_status": f"{table}.offset_status",
    }


#: What all rows of one article have in common is given once.
OF_ARTICLE = ("article_key", "extraction_key")
_TARGET = Ref("article/{article_key}/text{_fragment}")
_CONFIDENCE = Property(
    "itsrdf:taConfidence", Value.DOUBLE, "confidence", "How sure the extractor was, from 0 to 1."
)
_EXTRACTION = Property(
    "prov:wasGeneratedBy",
    Ref("extraction/{extraction_key}"),
    "extraction_key",
    "The extraction that found it.",
)
_OFFSET_STATUS = Property(
    "ng:offsetStatus",
    Value.CODE,
    "offset_status",
    "How the span was found in the text.",
    required=True,
)


def _former(kind: str, why: str) -> Property:
    """Return the property that names what was shown as the node before something was decided."""
    comment = f"The IRI under which it was known before. {why}"
    return Property(
        "owl:sameAs", Ref(f"{kind}/{{_item}}"), "former", comment, many=True, is_turned=True
    )


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
ENTITY = Node(
    "entity",
    Ref("entity/{key}"),
    (),
    {
        "id": "entities.id",
        "key": "entities.key",
        "type": "entities.type",
        "name": "entities.name",
        "alias_text": "entities.alias_text",
        "description": "entities.description",
        "latitude": "entities.latitude",
        "longitude": "entities.longitude",
        "classes": None,
        "aliases": None,
        "same_as": None,
        "same_things": None,
        "different": None,
        "statements": None,
        "former": None,
    },
    (
        Property(
            "rdf:type", Value.TERM, "classes", "The classes for the entity's type.", many=True
        ),
        Property(
            "schema:name",
            Value.STRING,
            "name",
            "The name that most articles give it.",
            required=True,
        ),
        Property("skos:prefLabel", Value.STRING, "name", "The same name.", required=True),
        Property("skos:altLabel", Value.STRING, "aliases", "Its other names.", many=True),
        Property("schema:description", Value.STRING, "description", "What the entity is."),
        Property("schema:latitude", Value.DOUBLE, "latitude", "Degrees north (WGS 84)."),
        Property("schema:longitude", Value.DOUBLE, "longitude", "Degrees east (WGS 84)."),
        Property(
            "schema:sameAs", Value.IRI, "same_as", "IRIs of the same thing elsewhere.", many=True
        ),
        Property(
            "owl:sameAs",
            Value.IRI,
            "same_things",
            "Of these IRIs, the one from which the key follows, and those that were decided to be the"
            " same; not those that name a page about the thing.",
            many=True,
        ),
        Property(
            "owl:differentFrom",
            Ref("entity/{_item}"),
            "different",
            "Entities that it was decided not to be; said of one of each pair.",
            many=True,
        ),
        Property(
            "",
            Value.STATEMENTS,
            "statements",
            "The plain triple of each relation that is asserted.",
            many=True,
        ),
        _former("entity", "It was decided to be the same."),
    ),
    "entities",
)
RELATION = Node(
    "relation",
    Ref("relation/{key}"),
    ("rdf:Statement",),
    {
        "key": "relations.key",
        "subject_key": "subjects.key",
        "subject": "subjects.name",
        "predicate_label": "relations.predicate",
        "object_key": "objects.key",
        "object": "objects.name",
        "value": "relations.value",
        "datatype": "relations.datatype",
        "predicate": None,
        "label": None,
        "former": None,
    },
    (
        Property("rdfs:label", Value.STRING, "label", "The relation in words.", required=True),
        Property(
            "rdf:subject", Ref("entity/{subject_key}"), "subject_key", "Its subject.", required=True
        ),
        Property("rdf:predicate", Value.TERM, "predicate", "Its predicate.", required=True),
        Property("rdf:object", Value.OBJECT, "object_key", "Its object or value.", required=True),
        _former("relation", "Its subject or object was decided to be the same."),
    ),
    "relations JOIN entities AS subjects ON subjects.id = subject_id"
    " LEFT JOIN entities AS objects ON objects.id = object_id",
)
ARTICLE = Node(
    "article",
    Ref("article/{key}"),
    ("schema:NewsArticle",),
    {
        "id": "articles.id",
        "key": "articles.key",
        "given_id": "articles.given_id",
        "title": "articles.title",
        "url": "articles.url",
        "publisher": "articles.publisher",
        "authors": "articles.authors",
        "sections": "articles.sections",
        "published": "coalesce(articles.published, articles.given_published)",
        "language": "articles.language",
        "licence": "articles.licence",
        "extraction_key": "extractions.key",
        "entity_keys": None,
    },
    (
        Property("schema:headline", Value.TEXT, "title", "The title."),
        Property(
            "schema:identifier",
            Value.STRING,
            "given_id",
            "The id that the article record gave.",
            required=True,
        ),
        Property("schema:url", Value.IRI_OR_STRING, "url", "The web address of the article."),
        Property("schema:publisher", Value.STRING, "publisher", "The name of the publisher."),
        Property("schema:author", Value.STRING, "authors", "The names of the authors.", many=True),
        Property(
            "schema:articleSection",
            Value.STRING,
            "sections",
            "Sections of the newspaper or site.",
            many=True,
        ),
        Property("schema:datePublished", Value.DATE, "published", "When it was published."),
        Property("schema:inLanguage", Value.STRING, "language", "The language tag, as given."),
        Property("schema:license", Value.IRI_OR_STRING, "licence", "Its licence."),
        Property(
            "schema:encoding",
            Ref("article/{key}/text"),
            None,
            "The text of the article.",
            required=True,
        ),
        Property(
            "schema:mentions",
            Ref("entity/{_item}"),
            "entity_keys",
            "The entities that title, standfirst or body name, not those of captions, breadcrumbs,"
            " footers or promotions. In an article without zones, also entities that have no mention.",
            many=True,
        ),
    ),
    "articles LEFT JOIN extractions ON extractions.id = articles.extraction_id",
)
TEXT = Node(
    "text",
    Ref("article/{key}/text"),
    ("nif:Context", "schema:TextObject"),
    {
        "id": "articles.id",
        "key": "articles.key",
        "start": "0",
        "length": "article_texts.length",
        "sha256": "article_texts.sha256",
        "text": "article_texts.text",
    },
    (
        Property("nif:beginIndex", Value.COUNT, "start", "Always 0.", required=True),
        Property("nif:endIndex", Value.COUNT, "length", "The length in code points."),
        Property("schema:sha256", Value.CODE, "sha256", "SHA-256 of the text in UTF-8."),
        Property("nif:isString", Value.STRING, "text", "The text.", with_text=True),
    ),
    "articles LEFT JOIN article_texts ON article_texts.article_id = articles.id",
)
SPAN = Node(
    "span",
    Ref("article/{article_key}/text#char={start},{end}"),
    ("nif:RFC5147String",),
    {"start": None, "end": None, "surface": None, "zones": None},
    (
        Property(
            "nif:beginIndex",
            Value.COUNT,
            "start",
            "Where the span starts, in code points.",
            required=True,
        ),
        Property(
            "nif:endIndex", Value.COUNT, "end", "Where the span ends (exclusive).", required=True
        ),
        Property("nif:anchorOf", Value.STRING, "surface", "The words, if the span is a mention."),
        Property(
            "nif:referenceContext",
            Ref("article/{article_key}/text"),
            None,
            "The text that the span is part of.",
            required=True,
        ),
        Property("dcterms:type", Value.TERM, "zones", "The zone, if the span is one.", many=True),
    ),
)
MENTION = Node(
    "mention",
    Ref("mention/{key}"),
    ("oa:Annotation",),
    {
        **_span_columns("mentions"),
        "entity_key": "entities.key",
    },
    (
        Property(
            "oa:motivatedBy",
            Constant("oa:identifying"),
            None,
            "Why it was made: to identify an entity.",
            required=True,
        ),
        Property(
            "oa:hasBody",
            Ref("entity/{entity_key}"),
            "entity_key",
            "The entity that is named.",
            required=True,
        ),
        Property(
            "oa:hasTarget",
            _TARGET,
            None,
            "The span. If it has no place: the whole text.",
            required=True,
        ),
        _CONFIDENCE,
        _EXTRACTION,
        _OFFSET_STATUS,
        Property(
            "ng:givenSurface",
            Value.STRING,
            "given_surface",
            "The words that were given, if the text has others.",
        ),
    ),
    "mentions CROSS JOIN entities ON entities.id = mentions.entity_id",
)
EVIDENCE = Node(
    "evidence",
    Ref("evidence/{key}"),
    ("oa:Annotation",),
    {
        **_span_columns("evidence"),
        "relation_key": "relations.key",
        "pattern": "evidence.pattern",
        "start_date": "coalesce(evidence.start_date, evidence.given_start_date)",
        "end_date": "coalesce(evidence.end_date, evidence.given_end_date)",
    },
    (
        Property(
            "oa:motivatedBy",
            Constant("oa:linking"),
            None,
            "Why it was made: to link entities.",
            required=True,
        ),
        Property(
            "oa:hasBody",
            Ref("relation/{relation_key}"),
            "relation_key",
            "The relation that is stated.",
            required=True,
        ),
        Property(
            "oa:hasTarget",
            _TARGET,
            None,
            "The span. If it has no place: the whole text.",
            required=True,
        ),
        _CONFIDENCE,
        Property(
            "ng:patternName",
            Value.STRING,
            "pattern",
            "The rule or pattern that found the statement.",
        ),
        Property("schema:startDate", Value.DATE, "start_date", "Date since which it holds."),
        Property("schema:endDate", Value.DATE, "end_date", "Date until which it holds."),
        _EXTRACTION,
        _OFFSET_STATUS,
        Property(
            "ng:givenSurface",
            Value.STRING,
            "given_surface",
            "The words that were given, if the text has others.",
            with_text=True,
        ),
    ),
    "evidence CROSS JOIN relations ON relations.id = evidence.relation_id",
)
QUOTE = Node(
    "quote",
    Ref("quote/{key}"),
    ("schema:Quotation",),
    {
        **_span_columns("quotes"),
        "speaker_key": "entities.key",
        "verb": "quotes.verb",
        "direct": "quotes.direct",
    },
    (
        Property(
            "schema:isPartOf",
            Ref("article/{article_key}"),
            None,
            "The article that has it.",
            required=True,
        ),
        Property(
            "schema:spokenByCharacter", Ref("entity/{speaker_key}"), "speaker_key", "Who said it."
        ),
        Property(
            "prov:wasDerivedFrom",
            _TARGET,
            None,
            "The span. If it has no place: the whole text.",
            required=True,
        ),
        Property("schema:text", Value.STRING, "surface", "The words of the quote.", with_text=True),
        Property("ng:quoteVerb", Value.STRING, "verb", "The verb that introduces it."),
        Property("ng:directSpeech", Value.BOOLEAN, "direct", "True for the speaker's own words."),
        _CONFIDENCE,
        _EXTRACTION,
        _OFFSET_STATUS,
        Property(
            "ng:givenSurface",
            Value.STRING,
            "given_surface",
            "The words that were given, if the text has others.",
            with_text=True,
        ),
    ),
    "quotes LEFT JOIN entities ON entities.id = quotes.speaker_id",
)

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

NODES: tuple[Node, ...] = (
    EXTRACTION,
    AGENT,
    ENTITY,
    RELATION,
    ARTICLE,
    TEXT,
    SPAN,
    MENTION,
    EVIDENCE,
    QUOTE,
    DECIDER,
    DECISION,
)
#: What names people, and is exported only when asked for.
OF_PEOPLE: tuple[Node, ...] = (DECIDER, DECISION)

#: Columns that are in no export, and why.
NOT_EXPORTED = {
    "given_start, given_end, moved": "Offsets that the text does not confirm point at the wrong words.",
    "appearances": "What each article calls an entity is exported as its names and as mentions.",
    "entity_counts, relation_counts, facet_counts, facet_rows": "Counts follow from what is exported.",
    "candidates": "Nobody has decided whether the two are one thing.",
    "folded_texts, folded_names, folded_quotes": "They are what is exported once more, for search.",
    "decided, as_given": "Exports show what was decided: what is the same or different, and"
    " former keys. They do not show what was there before.",
    "keep, batch": "They say how decisions are carried out and taken back.",
    "basis": "It says what a key comes from, and the key is in the IRI.",
    "sources, rejects, article_faults, record_hash": "They describe files and loads, not what articles"
    " say.",
}
