"""Questions that newsrooms, libraries and investigators ask, as examples of SPARQL for a graph.

Each is declared with ``$names`` for what differs from graph to graph: ``found_things`` finds that in
the graph. Where a graph has nothing for a name, or where it may not be seen, the example is left out.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Container, Mapping
from dataclasses import dataclass
from string import Template

from datasette_newsgraph.rdf.selection import EVERY_TABLE
from datasette_newsgraph.sparql.found_things import find_things
from datasette_newsgraph.sparql.prologue import namespaces

_PREFIX = re.compile(r"\b([a-z]+):(?=\w)")
_NAME = re.compile(r"\$([a-z_]+)")


@dataclass(frozen=True)
class Example:
    """A question as it can be asked of one graph. ``slug`` is its name in addresses, ``tells`` a
    sentence of what the answer is.
    """

    slug: str
    title: str
    tells: str
    text: str


@dataclass(frozen=True)
class _Question:
    """An example before it is filled. ``needs`` are things that the graph has to have besides those
    that title and text name.
    """

    title: str
    tells: str
    text: str
    needs: tuple[str, ...] = ()

    @property
    def names(self) -> set[str]:
        """Return the names of all that has to be found in the graph."""
        return {*self.needs, *_NAME.findall(self.title + self.text)}

    def filled(self, slug: str, base: str, found: Mapping[str, str]) -> Example:
        """Return the example with what was found, behind the prefixes that it uses."""
        title = Template(self.title).substitute(found)
        text = Template(self.text.strip("\n")).substitute(found)
        prefixes = declared_prefixes(base, used=set(_PREFIX.findall(text)))
        return Example(slug, title, self.tells, f"# {title}\n{prefixes}\n{text}\n")


def declared_prefixes(base: str, used: Container[str] | None = None) -> str:
    """Return the lines that declare the prefixes of a graph: all, or those that are ``used``."""
    return "".join(
        f"PREFIX {prefix}: <{namespace}>\n"
        for prefix, namespace in namespaces(base).items()
        if used is None or prefix in used
    )


def examples(
    connection: sqlite3.Connection, base: str, tables: Container[str] = EVERY_TABLE
) -> list[Example]:
    """Return the questions that can be asked of a graph, of which only ``tables`` may be read."""
    found = find_things(connection, base, tables)
    return [
        question.filled(slug, base, found)
        for slug, question in QUESTIONS.items()
        if question.names <= found.keys()
    ]


QUESTIONS: dict[str, _Question] = {
    "articles-naming-both": _Question(
        "Articles that name both $one_name and $other_name",
        "Which articles bring two names together, the newest first.",
        """
SELECT ?article ?title ?published WHERE {
  ?article schema:mentions $one, $other .
  OPTIONAL { ?article schema:headline ?title }
  OPTIONAL { ?article schema:datePublished ?published }
}
ORDER BY DESC(?published) LIMIT 100
""",
    ),
    "statements-about": _Question(
        "What articles state of $subject_name",
        "Each statement about one entity, with the place in the text that makes it, the article, and"
        " how sure the extractor was.",
        """
SELECT ?statement ?place ?article ?confidence WHERE {
  { ?relation rdf:subject $subject }
  UNION
  { ?relation rdf:object $subject }
  ?relation rdfs:label ?statement .
  ?evidence oa:hasBody ?relation ;
    oa:hasTarget ?place ;
    schema:isPartOf ?article .
  OPTIONAL { ?evidence itsrdf:taConfidence ?confidence }
}
ORDER BY ?statement LIMIT 100
""",
    ),
    "people-by-articles": _Question(
        "People in the news",
        "Which persons most articles name.",
        """
SELECT ?person ?name (COUNT(?article) AS ?articles) WHERE {
  ?article schema:mentions ?person .
  ?person a schema:Person ; schema:name ?name .
}
GROUP BY ?person ?name
ORDER BY DESC(?articles) ?name LIMIT 50
""",
        ("person",),
    ),
    "named-with": _Question(
        "Who is named together with $one_name",
        "Persons in the same articles as one entity, and in how many.",
        """
SELECT ?person ?name (COUNT(?article) AS ?articles) WHERE {
  ?article schema:mentions $one, ?person .
  ?person a schema:Person ; schema:name ?name .
  FILTER(?person != $one)
}
GROUP BY ?person ?name
ORDER BY DESC(?articles) ?name LIMIT 50
""",
        ("person",),
    ),
    "quotes-of": _Question(
        "What $speaker_name is quoted as saying",
        "Where each quote of a speaker stands, the verb that introduces it, and whether these are the"
        " speaker's own words. The place leads to the words, which stand in the article.",
        """
SELECT ?place ?verb ?direct ?article WHERE {
  ?quote schema:spokenByCharacter $speaker ;
    prov:wasDerivedFrom ?place ;
    schema:isPartOf ?article .
  OPTIONAL { ?quote ng:quoteVerb ?verb }
  OPTIONAL { ?quote ng:directSpeech ?direct }
}
ORDER BY ?article ?place LIMIT 100
""",
    ),
    "two-publishers": _Question(
        "Statements that two publishers or more make",
        "What does not rest on one source: each statement with the number of publishers whose articles"
        " make it.",
        """
SELECT ?relation ?statement (COUNT(DISTINCT ?publisher) AS ?publishers) WHERE {
  ?relation rdfs:label ?statement ; rdf:subject ?subject .
  ?evidence oa:hasBody ?relation ; schema:isPartOf ?article .
  ?article schema:publisher ?publisher .
}
GROUP BY ?relation ?statement
HAVING (COUNT(DISTINCT ?publisher) >= 2)
ORDER BY DESC(?publishers) ?statement LIMIT 100
""",
        ("two_publishers", "subject"),
    ),
    "is-it-stated": _Question(
        "Does any article state something of $subject_name and $object_name?",
        "True or false: whether there is a statement from one entity to the other.",
        """
ASK {
  ?relation rdf:subject $subject ;
    rdf:object $object .
  ?evidence oa:hasBody ?relation .
}
""",
    ),
    "steps-from": _Question(
        "What statements lead to from $subject_name",
        "Everything that is reached from one entity by statements, in any number of steps.",
        """
SELECT DISTINCT ?entity ?name WHERE {
  $subject (^rdf:subject/rdf:object)+ ?entity .
  ?entity schema:name ?name .
}
ORDER BY ?name LIMIT 100
""",
    ),
    "names-containing": _Question(
        "Names that contain “$word”",
        "Entities by any of their names, in whatever script these are.",
        """
SELECT DISTINCT ?entity ?name WHERE {
  ?entity schema:name|skos:altLabel ?name .
  FILTER(CONTAINS(LCASE(?name), "$word"))
}
ORDER BY ?name LIMIT 100
""",
    ),
    "articles-by-month": _Question(
        "Articles by month",
        "How many articles were published in each month.",
        """
SELECT ?month (COUNT(?article) AS ?articles) WHERE {
  ?article a schema:NewsArticle ; schema:datePublished ?published .
  BIND(SUBSTR(STR(?published), 1, 7) AS ?month)
}
GROUP BY ?month
ORDER BY ?month
""",
        ("dated",),
    ),
    "mentions-of": _Question(
        "Every mention of $one_name",
        "The words of each mention of an entity, with their place in the text, in code points.",
        """
SELECT ?article ?words ?begin ?end WHERE {
  ?mention oa:hasBody $one ;
    oa:hasTarget ?span ;
    schema:isPartOf ?article .
  ?span nif:beginIndex ?begin ; nif:endIndex ?end .
  OPTIONAL { ?span nif:anchorOf ?words }
}
ORDER BY ?article ?begin LIMIT 200
""",
    ),
    "publishers-by-articles": _Question(
        "Publishers by articles",
        "How many articles each publisher has, and from when.",
        """
SELECT ?publisher ?name (COUNT(?article) AS ?articles) (MIN(STR(?published)) AS ?first) WHERE {
  ?article schema:publisher ?publisher .
  ?publisher schema:name ?name .
  OPTIONAL { ?article schema:datePublished ?published }
}
GROUP BY ?publisher ?name
ORDER BY DESC(?articles) ?name LIMIT 100
""",
        ("publisher",),
    ),
    "authors-by-articles": _Question(
        "Authors by articles",
        "How many articles carry the name of each author, and for how many publishers.",
        """
SELECT ?author ?name (COUNT(DISTINCT ?article) AS ?articles)
  (COUNT(DISTINCT ?publisher) AS ?publishers) WHERE {
  ?article schema:author ?author .
  ?author schema:name ?name .
  OPTIONAL { ?article schema:publisher ?publisher }
}
GROUP BY ?author ?name
ORDER BY DESC(?articles) ?name LIMIT 100
""",
        ("author",),
    ),
    "valid-at": _Question(
        "What held at a date: $day",
        "Statements whose evidence says since when they hold, of those that had begun by a date and had"
        " not ended.",
        """
SELECT DISTINCT ?relation ?statement ?from ?until WHERE {
  ?evidence ng:validFrom ?from ; oa:hasBody ?relation .
  ?relation rdfs:label ?statement .
  OPTIONAL { ?evidence ng:validUntil ?until }
  # Years, months and days are compared as text: 1983 is before 2005-07.
  FILTER(STR(?from) <= "$day")
  FILTER(!BOUND(?until) || STR(?until) >= "$day")
}
ORDER BY ?from ?statement LIMIT 100
""",
    ),
    "in-wikidata": _Question(
        "Entities and their items in Wikidata",
        "What can be looked up in Wikidata, to join this graph with others.",
        """
SELECT ?entity ?name ?item WHERE {
  ?entity schema:sameAs ?item ; schema:name ?name .
  FILTER(STRSTARTS(STR(?item), "http://www.wikidata.org/entity/"))
}
ORDER BY ?name LIMIT 200
""",
        ("wikidata",),
    ),
    "birth-dates-that-differ": _Question(
        "Persons with two birth dates",
        "Where articles contradict each other, or two persons were taken for one.",
        """
SELECT ?person ?name ?one ?other WHERE {
  ?first rdf:subject ?person ; rdf:predicate schema:birthDate ; rdf:object ?one .
  ?second rdf:subject ?person ; rdf:predicate schema:birthDate ; rdf:object ?other .
  ?person schema:name ?name .
  FILTER(STR(?one) < STR(?other))
}
ORDER BY ?name LIMIT 100
""",
        ("birth_date",),
    ),
    "in-titles": _Question(
        "Titles that name $titled_name",
        "Mentions that stand in the title of an article: the span of the mention is inside that of the"
        " zone.",
        """
SELECT ?article ?title ?words WHERE {
  ?mention oa:hasBody $titled ;
    oa:hasTarget ?span ;
    schema:isPartOf ?article .
  ?span nif:referenceContext ?text ;
    nif:beginIndex ?begin ;
    nif:endIndex ?end ;
    nif:anchorOf ?words .
  ?zone nif:referenceContext ?text ;
    a ng:TitleZone ;
    nif:beginIndex ?from ;
    nif:endIndex ?to .
  ?article schema:headline ?title .
  FILTER(?begin >= ?from && ?end <= ?to)
}
ORDER BY ?title LIMIT 100
""",
    ),
    "places-on-a-map": _Question(
        "Places with coordinates",
        "Name, latitude and longitude of what can be put on a map.",
        """
SELECT ?place ?name ?latitude ?longitude WHERE {
  ?place schema:latitude ?latitude ;
    schema:longitude ?longitude ;
    schema:name ?name .
}
ORDER BY ?name LIMIT 1000
""",
        ("coordinates",),
    ),
    "neighbourhood": _Question(
        "The neighbourhood of $subject_name, as a graph",
        "The plain triples between an entity and others, with their names: a small graph to draw or to"
        " load elsewhere.",
        """
CONSTRUCT {
  $subject ?predicate ?other .
  $subject schema:name ?name .
  ?other schema:name ?other_name .
} WHERE {
  ?relation rdf:subject $subject ; rdf:predicate ?predicate ; rdf:object ?other .
  $subject ?predicate ?other ; schema:name ?name .
  ?other schema:name ?other_name .
}
""",
    ),
    "all-of": _Question(
        "All about $one_name",
        "Every triple that begins with one entity.",
        """
DESCRIBE $one
""",
    ),
}
