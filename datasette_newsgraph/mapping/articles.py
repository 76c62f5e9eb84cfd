"""Articles with what lies in them: texts, spans, and what is annotated."""

from __future__ import annotations

from dataclasses import replace

from datasette_newsgraph.mapping.model import Node, Property, Ref, Value


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
        "offset_status": f"nullif({table}.offset_status, 'exact')",
    }


#: What all rows of one article have in common is given once.
OF_ARTICLE = ("article_key", "extraction_key")
_HAS_TARGET = Property(
    "oa:hasTarget",
    Ref("article/{article_key}/text{_fragment}"),
    None,
    "The span. If it has no place: the whole text.",
    required=True,
)
_CONFIDENCE = Property(
    "itsrdf:taConfidence", Value.DOUBLE, "confidence", "How sure the extractor was, from 0 to 1."
)
_OFFSET_STATUS = Property(
    "ng:offsetStatus",
    Value.CODE,
    "offset_status",
    "How the span was found in the text, if it is not just where the record said.",
)
_ARTICLE = Property(
    "schema:isPartOf",
    Ref("article/{article_key}"),
    None,
    "The article that has it.",
    required=True,
)
_GIVEN_SURFACE = Property(
    "ng:givenSurface",
    Value.STRING,
    "given_surface",
    "The words that were given, if the text has others.",
)
#: Those of a piece of evidence or a quote are a passage of the text.
_GIVEN_WORDS = replace(_GIVEN_SURFACE, with_text=True)


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
        "publisher_key": None,
        "author_keys": None,
        "entity_keys": None,
    },
    (
        Property("schema:headline", Value.TEXT, "title", "The title."),
        Property(
            "rdfs:label", Value.TEXT, "title", "The same title, where every tool looks for one."
        ),
        Property(
            "schema:identifier",
            Value.STRING,
            "given_id",
            "The id that the article record gave.",
            required=True,
        ),
        Property("schema:url", Value.IRI_OR_STRING, "url", "The web address of the article."),
        Property(
            "schema:publisher",
            Ref("publisher/{publisher_key}"),
            "publisher_key",
            "The publisher.",
        ),
        Property("schema:author", Ref("author/{_item}"), "author_keys", "The authors.", many=True),
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
        Property(
            "ng:extractedBy",
            Ref("extraction/{extraction_key}"),
            "extraction_key",
            "The extraction that found what is annotated in it.",
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
        "source_url": None,
    },
    (
        Property("nif:beginIndex", Value.COUNT, "start", "Always 0.", required=True),
        Property("nif:endIndex", Value.COUNT, "length", "The length in code points."),
        Property("schema:sha256", Value.CODE, "sha256", "SHA-256 of the text in UTF-8."),
        Property("nif:isString", Value.STRING, "text", "The text.", with_text=True),
        Property("nif:sourceUrl", Value.IRI, "source_url", "The web address of the article."),
    ),
    "articles LEFT JOIN article_texts ON article_texts.article_id = articles.id",
)
_PLACE = (
    Property(
        "nif:beginIndex",
        Value.COUNT,
        "start",
        "Where the span starts, in code points.",
        required=True,
    ),
    Property("nif:endIndex", Value.COUNT, "end", "Where the span ends (exclusive).", required=True),
    Property("nif:anchorOf", Value.STRING, "surface", "The words, if the span is a mention."),
    Property(
        "nif:referenceContext",
        Ref("article/{article_key}/text"),
        None,
        "The text that the span is part of.",
        required=True,
    ),
)
SPAN = Node(
    "span",
    Ref("article/{article_key}/text#char={start},{end}"),
    ("nif:RFC5147String",),
    {"start": None, "end": None, "surface": None},
    _PLACE,
)
ZONE = Node(
    "zone",
    SPAN.iri,
    (),
    {"start": None, "end": None, "surface": None, "classes": None},
    (
        Property(
            "rdf:type", Value.TERM, "classes", "That of a span, and that of the zone.", many=True
        ),
        *_PLACE,
    ),
)
PHRASE = Node(
    "phrase",
    SPAN.iri,
    ("nif:RFC5147String", "nif:Phrase"),
    {
        "key": "mentions.key",
        "article_id": "mentions.article_id",
        "start": "mentions.start_char",
        "end": "mentions.end_char",
        "surface": "mentions.surface",
        "confidence": "mentions.confidence",
        "entity_key": "entities.key",
        "type": "entities.type",
        "classes": None,
        "entity_keys": None,
    },
    (
        *_PLACE,
        Property(
            "itsrdf:taIdentRef",
            Ref("entity/{_item}"),
            "entity_keys",
            "The entity that is named; several where the same words name several.",
            many=True,
        ),
        Property(
            "itsrdf:taClassRef", Value.TERM, "classes", "The classes of the entity.", many=True
        ),
        replace(
            _CONFIDENCE,
            comment=f"{_CONFIDENCE.comment} Not where the same words name several entities.",
        ),
    ),
    "mentions CROSS JOIN entities ON entities.id = mentions.entity_id",
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
            "oa:hasBody",
            Ref("entity/{entity_key}"),
            "entity_key",
            "The entity that is named.",
            required=True,
        ),
        _HAS_TARGET,
        _ARTICLE,
        _CONFIDENCE,
        _OFFSET_STATUS,
        _GIVEN_SURFACE,
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
            "oa:hasBody",
            Ref("relation/{relation_key}"),
            "relation_key",
            "The relation that is stated.",
            required=True,
        ),
        _HAS_TARGET,
        _ARTICLE,
        _CONFIDENCE,
        Property(
            "ng:patternName",
            Value.STRING,
            "pattern",
            "The rule or pattern that found the statement.",
        ),
        Property("ng:validFrom", Value.DATE, "start_date", "Date since which it holds."),
        Property("ng:validUntil", Value.DATE, "end_date", "Date until which it holds."),
        _OFFSET_STATUS,
        _GIVEN_WORDS,
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
        _ARTICLE,
        Property(
            "schema:spokenByCharacter", Ref("entity/{speaker_key}"), "speaker_key", "Who said it."
        ),
        replace(_HAS_TARGET, term="prov:wasDerivedFrom"),
        Property("schema:text", Value.STRING, "surface", "The words of the quote.", with_text=True),
        Property("ng:quoteVerb", Value.STRING, "verb", "The verb that introduces it."),
        Property("ng:directSpeech", Value.BOOLEAN, "direct", "True for the speaker's own words."),
        _CONFIDENCE,
        _OFFSET_STATUS,
        _GIVEN_WORDS,
    ),
    "quotes LEFT JOIN entities ON entities.id = quotes.speaker_id",
)
