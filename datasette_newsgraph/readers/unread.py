"""Formats that are known and not read, by what they are recognised, and what to do instead."""

from __future__ import annotations

from dataclasses import dataclass

from datasette_newsgraph.readers.format_signs import Files, Keys, Pattern, Sign, Typed, iri_pattern
from datasette_newsgraph.readers.tag_list_signs import TagLists


@dataclass(frozen=True)
class Unread:
    """A format that is known and not read: ``remedy`` says what to do instead. ``is_raw`` tells that
    it holds articles in which nothing has been found yet.
    """

    title: str
    signs: tuple[Sign, ...]
    remedy: str
    is_raw: bool = False

    @property
    def words(self) -> str:
        """Say what a file of the format is, and what to do with it."""
        lacks = "in which nothing is annotated" if self.is_raw else "which newsgraph does not read"
        return f"{self.title}, {lacks}; {self.remedy}"


#: The weight of a sign that nothing else has, so that no more of the file has to be read.
SURE = 8
_CONVERT_TABLES = "save each table in it as CSV (UTF-8) and load those"
_AS_SPANS = (
    'write it as lines of {"text": …, "entities": [{"start": …, "end": …, "label": …}]}, the end'
    " exclusive"
)
#: What to do about a text in which nothing is annotated.
RUN_A_TOOL = "load it with --extract, or make records of it with newsgraph extract"
_SAVED_AS_TEXT = "load that with --extract"
#: The signs of raw articles, which the extraction of them looks for, too.
FROM_NEWS_TOOLS = (
    Keys(("date_publish", "date_download", "source_domain")),
    Keys(("fingerprint", "source-hostname", "excerpt", "text")),
)
HTML = Pattern(
    rb"(?i)\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->)[\s\S]){0,9999}-->\s*)?"
    rb"<(?:!doctype\s+html|html)\b",
    "HTML",
)
PROSE = Pattern(
    rb"\A(?!\s*(?:[\[{<@#%\x00-\x08]|PREFIX|BASE))(?:[^\n]*\n)*?"
    rb"(?:[^\s,{}\[\]<>|=]+,? ){7}[^\n]*[.!?][^\w\n]{0,9}$",
    "lines of prose",
    weight=1,
)

#: The first that fits is told, unless the signs of a format that is read ask for as much.
UNREAD: tuple[Unread, ...] = (
    Unread(
        "an article record whose entities have no id",
        (
            Keys(
                ("id", "text", "entities[].name", "entities[].type", "entities[].mentions[].start"),
                without=("entities[].id",),
            ),
        ),
        'give each entity an "id", such as "e1", by which relations and quotes name it',
    ),
    Unread(
        "a dataset of Hugging Face with a tag number for each token",
        (TagLists(of=int),),
        "write the names of the tags for their numbers, or CoNLL columns (a token and its tag a line, a"
        " blank line between sentences)",
    ),
    Unread(
        "the answer of a language model in the pieces in which it was streamed",
        (
            Keys(("choices[].delta", "object")),
            Pattern(rb"\A(?:event: [a-z_.]+\r?\n)?data: ?\{", "lines that begin with `data: {`"),
        ),
        "put its pieces together, or ask for the answer without streaming",
    ),
    Unread(
        "output of Azure's language service",
        (
            Keys(("documents[].entities[].category", "documents[].entities[].offset")),
            Keys(("results.documents[].entities[].category",)),
            Keys(("entities[].category", "entities[].offset", "entities[].confidenceScore")),
            Keys(("entities[].category", "entities[].offset", "entities[].confidence_score")),
        ),
        f"{_AS_SPANS} (offset plus length)",
    ),
    Unread(
        "output of DBpedia Spotlight",
        (Keys(("Resources[].@URI", "Resources[].@offset")), Keys(("@text", "@confidence"))),
        "ask the service for text/turtle, which is NIF, or write article records (newsgraph schema)"
        " with the URIs as same_as",
    ),
    Unread(
        "output of Watson Natural Language Understanding",
        (
            Keys(
                ("entities[].type", "entities[].text", "entities[].relevance", "entities[].count")
            ),
            Keys(
                ("entities[].type", "entities[].text", "entities[].relevance", "usage.text_units")
            ),
        ),
        "write article records (newsgraph schema) of its entities and their mentions' location",
    ),
    Unread(
        "records of Argilla",
        (
            Keys(("annotation_agent", "prediction_agent", "status")),
            Keys(("fields", "responses", "suggestions")),
        ),
        _AS_SPANS,
    ),
    Unread(
        "statements of FollowTheMoney",
        (
            Keys(("canonical_id", "prop", "schema", "value")),
            Pattern(
                rb"\A(?=[^\n{]*\bcanonical_id\b)(?=[^\n{]*\bprop\b)(?=[^\n{]*\bschema\b)",
                "a first line with `canonical_id`, `prop` and `schema`",
                weight=4,
            ),
        ),
        "make entities of them (ftm aggregate-statements) and load those",
    ),
    Unread(
        "one of the stores of LightRAG",
        (
            Pattern(
                rb'\A\s*\{\s*"[^"]{1,200}"\s*:\s*\{'
                rb'(?=[\s\S]*"full_doc_id"\s*:)[\s\S]*?"chunk_order_index"\s*:',
                "JSON with `full_doc_id` and `chunk_order_index` of each chunk",
                weight=4,
            ),
        ),
        "give the folder that has it together with graph_chunk_entity_relation.graphml",
    ),
    Unread(
        "a table of GraphRAG",
        (
            Pattern(
                rb"\A(?=[^\n{]*\bhuman_readable_id\b)",
                "a first line with `human_readable_id`",
                weight=4,
            ),
        ),
        "if its folder has entities and text_units, give the folder; without text_units nothing says"
        " where names stand: write the relationships as columns subject, predicate, object",
    ),
    Unread(
        "a listing of the fields of Diffbot's Natural Language API (its mentions have no endOffset)",
        (
            Keys(
                ("entities[].diffbotUri", "entities[].mentions[].beginOffset"),
                without=("entities[].mentions[].endOffset",),
            ),
        ),
        "load the API's whole response, which has endOffset and the passages of facts",
    ),
    Unread(
        "an RDF export of newsgraph",
        (
            Pattern(rb"^@prefix ng: <[^>\n]*/ns#>", "Turtle with our own prefix", weight=8),
            Pattern(
                rb"^<[^>\s]*/id/(?:article|entity|relation|extraction|mention)/[a-z0-9-]*[a-z2-7]{13}"
                rb"[^>\s]*> <",
                "N-Triples with IRIs of ours",
                weight=8,
            ),
            Pattern(
                rb'\A\s*\{\s*"@context"\s*:\s*\{\s*"@base"\s*:\s*"[^"\n]*/id/"',
                "JSON-LD whose `@context` begins with a `@base` of ours",
                weight=SURE,
            ),
            Keys(("@context.@base", "@context.anchorOf", "@graph")),
        ),
        "load the files that its database was made from",
    ),
    Unread(
        "newsgraph's own export for Gephi, of who is named together",
        (
            Pattern(
                rb"<creator>newsgraph export -f gexf</creator>",
                "GEXF that newsgraph wrote",
                weight=8,
            ),
        ),
        "load the files that its database was made from, or its export as GraphML",
    ),
    Unread(
        "newsgraph's export to Parquet",
        (Files(("entities.parquet", "statements.parquet", "appearances.parquet"), weight=8),),
        "load the files that its database was made from, or its export as GraphML",
    ),
    Unread(
        "NIF in JSON-LD",
        (Pattern(iri_pattern("nif", b'"'), "JSON with the namespace of NIF"),),
        "convert it to Turtle first",
    ),
    Unread(
        "FollowTheMoney as RDF",
        (
            Pattern(
                rb"<https://schema\.followthemoney\.tech/#|<https?://w3id\.org/ftm#",
                "RDF with the namespace of FollowTheMoney",
                weight=3,
            ),
        ),
        "load the FtM JSON entities that it was made from instead",
    ),
    Unread(
        "NewsReader output (SEM and GAF in TriG)",
        (
            Pattern(
                rb"<http://groundedannotationframework\.org/|"
                rb"<http://semanticweb\.cs\.vu\.nl/2009/11/sem/",
                "RDF with the namespace of GAF or SEM",
                weight=3,
            ),
        ),
        "write its entities and events as article records (newsgraph schema)",
    ),
    Unread(
        "a piece of NAF XML",
        (
            Pattern(
                rb"\A\s*<(?:nafHeader|raw|text|wf|terms?|deps?|entities|entity|coreferences|srl)\b"
                rb"[\s\S]*?<(?:wf|target|externalRef)\b",
                "elements of NAF without its root",
                weight=3,
            ),
        ),
        "give the whole file, from <NAF> to </NAF>",
    ),
    Unread(
        "a table of the GDELT Global Knowledge Graph 2.1",
        (
            Pattern(
                rb"\A\d{14}-T?\d+\t\d{14}\t[1-6]\t(?:[^\t\n]*\t){23}",
                "27 columns, the first with the record's number",
                weight=8,
            ),
        ),
        "its names have no texts and only approximate offsets: run an extraction tool over the"
        " articles themselves",
    ),
    Unread(
        "an article with its metadata, from news-please or trafilatura",
        FROM_NEWS_TOOLS,
        f"{RUN_A_TOOL}, or give it with --articles, beside the output of a tool that names entities",
        is_raw=True,
    ),
    Unread(
        "a single table of re3d",
        (
            Keys(("_id", "sourceName", "wordCount", "sentenceCount")),
            Keys(("_id", "documentId", "begin", "end", "value", "type")),
            Keys(("_id", "documentId", "sourceBegin", "targetBegin")),
        ),
        "join its three files (documents, entities, relations) into article records"
        " (newsgraph schema)",
    ),
    Unread(
        "a web page (HTML)",
        (HTML,),
        RUN_A_TOOL,
        is_raw=True,
    ),
    Unread(
        "a PDF file",
        (Pattern(rb"\A\s*%PDF-", "PDF", weight=9),),
        f"save its text as plain text (pdftotext does that), and {_SAVED_AS_TEXT}",
    ),
    Unread(
        "a text document (Word, OpenDocument or RTF)",
        (
            Pattern(rb"\APK\x03\x04[\s\S]*?\bword/", "a zip archive with `word/`", weight=9),
            Pattern(
                rb"\APK\x03\x04[\s\S]{0,99}mimetypeapplication/vnd\.oasis\.opendocument\.text",
                "a zip archive that says it is an OpenDocument text",
                weight=9,
            ),
            Pattern(
                rb"\A\xd0\xcf\x11\xe0[\s\S]*?W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0",
                "an OLE file with `WordDocument`",
                weight=9,
            ),
            Pattern(rb"\A\{\\rtf", "RTF", weight=9),
        ),
        f"save it as plain text, and {_SAVED_AS_TEXT}",
    ),
    Unread(
        "a CAS of UIMA in its older JSON",
        (Keys(("_context._types", "_views")),),
        "export it again as UIMA CAS JSON 0.4.0, or as UIMA CAS XMI",
    ),
    Unread(
        "a type system of UIMA, without annotations",
        (Pattern(rb"<typeSystemDescription\b", "XML with a type system", weight=3),),
        "load the XMI that it stands beside",
    ),
    Unread(
        "XML",
        (
            Pattern(
                rb"\A\s*(?:<\?xml\b|<!--|<!DOCTYPE\b|"
                rb"<[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?(?:\s+[\w:.-]+\s*=)|"
                rb"<[A-Za-z_][\w.-]*\s*/?>)",
                "XML",
                weight=1,
            ),
        ),
        "convert it to a format that newsgraph formats lists",
    ),
    Unread(
        "a zip archive, or a workbook that is one (XLSX, ODS)",
        (Pattern(rb"\APK(?:\x03\x04|\x05\x06)", "a zip archive", weight=9),),
        f"unpack it and load the files in it, or {_CONVERT_TABLES}",
    ),
    Unread(
        "an old Excel workbook or another document of Microsoft Office",
        (Pattern(rb"\A\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an OLE file", weight=9),),
        _CONVERT_TABLES,
    ),
    Unread(
        "a SQLite database",
        (Pattern(rb"\ASQLite format 3\x00", "SQLite", weight=9),),
        "give it first, as the database to load into, or open it with Datasette",
    ),
    Unread(
        "a table of nodes from Gephi, without their edges",
        (
            Pattern(
                rb'\A"?Id"?[,;\t]"?Label"?(?:[,;\t]|\r?$)',
                "a first line that begins with `Id` and `Label`",
                weight=2,
            ),
        ),
        "give the folder that has both tables, of nodes and of edges",
    ),
    Unread(
        "a table without the columns subject, predicate and object",
        (
            Pattern(
                rb'\A"?[A-Za-z_][\w -]{0,60}"?(?:[,;]"?[A-Za-z_][\w -]{0,60}"?){1,60}[ \t]*\r?$',
                "a first line of names with commas between them",
                weight=1,
            ),
            # Words with tabs between them are as well a token with its tag.
            Pattern(
                rb"\A(?=[^\n]*\t)(?=(?:[^\n]*\t)?(?i:id|text|title|url|date|content)[\t\r\n])"
                rb"[A-Za-z_][\w -]{0,60}(?:\t[A-Za-z_][\w -]{0,60}){1,60}\r?$",
                "a first line of names with tabs between them, such as `id` and `text`",
                weight=1,
            ),
        ),
        "name its columns subject, predicate and object (newsgraph formats tells the others); if one of"
        " its columns holds texts of articles, load it with --extract",
    ),
    Unread(
        "plain text",
        (PROSE,),
        RUN_A_TOOL,
        is_raw=True,
    ),
    Unread(
        "JSON that has an id and a title, and nothing else of an article record",
        (Typed({"id": str, "title": str}, weight=1), Typed({"id": int, "title": str}, weight=1)),
        "if it is one, say --format record; its text is called text, and its names entities",
    ),
)
