"""Profiles: what each leaves out of the full graph and adds to it is what the documentation lists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from datasette_newsgraph.errors import UsageError
from datasette_newsgraph.mapping import ENTITY, GEOMETRY, NODES, PHRASE, SPAN, ZONE
from datasette_newsgraph.mapping.profiles import FULL, PROFILES, Profile, profile_named
from datasette_newsgraph.rdf import FORMATS, Format
from datasette_newsgraph.vocabulary import PREFIXES
from tests.rdf.rdf_tools import (
    BASE,
    Graph,
    Triple,
    check_all_read,
    explain,
    export,
    graph_of,
    iri,
    read_with_pyoxigraph,
)

TYPE = iri("rdf:type")
others = pytest.mark.parametrize(
    "profile", [each for each in PROFILES if each is not FULL], ids=lambda each: each.name
)
every_profile = pytest.mark.parametrize("profile", PROFILES, ids=lambda each: each.name)
_COLUMN = re.compile(r"\{\w+\}")
#: The kind of a node by its IRI; those of spans are of several.
_IRIS = [
    (
        node.kind,
        re.compile(re.escape(f"<{BASE}id/") + re.sub(r"\{\w+\}", "[^/#]+", node.iri.path) + ">"),
    )
    for node in NODES
    if node not in (ZONE, PHRASE)
]


def kind_of(node: str) -> str:
    """The kind of a node; that of a term is ``term``."""
    if node.startswith(iri("term:")[:-1]):
        return "term"
    (kind,) = [kind for kind, pattern in _IRIS if pattern.fullmatch(node)]
    return kind


def name_of(term: str) -> str:
    """The prefixed name of a term, or its IRI where we have no prefix."""
    for prefix, namespace in {**PREFIXES, "term": f"{BASE}ns#"}.items():
        if term.startswith(f"<{namespace}"):
            return f"{prefix}:{term[1:-1].removeprefix(namespace)}"
    return term[1:-1]


def is_kept(triple: Triple, profile: Profile, graph: Graph, spans: set[str]) -> bool:
    """Whether a profile keeps a triple of the full graph, by what its documentation says.

    ``spans`` are those of which the profile says something.
    """
    subject, predicate, object_ = triple
    kind = kind_of(subject)
    allowed = profile.prefixes
    if kind == "term":
        is_property = (subject, TYPE, iri("rdf:Property")) in graph
        return allowed is None and (profile.has_statements or not is_property)
    if kind == SPAN.kind and kind not in profile.nodes:
        return subject in spans
    if kind not in profile.nodes:
        return False
    name = _told(predicate, object_)
    if name in profile.left_out.get(kind, ()):
        return False
    if kind == ENTITY.kind:
        if allowed is not None and name.partition(":")[0] not in allowed:
            return False
        is_statement = predicate != TYPE and name not in {
            each.term for each in FULL.nodes[kind].properties
        }
        return profile.has_statements or not is_statement
    return True


def is_added(triple: Triple, profile: Profile) -> bool:
    """Whether a triple is one of those that a profile has besides."""
    subject, predicate, object_ = triple
    kind = kind_of(subject)
    if kind == SPAN.kind and PHRASE.kind in profile.added:
        kind = PHRASE.kind
        of_spans = {*SPAN.classes, *(each.term for each in SPAN.properties)}
        name = _told(predicate, object_)
        return name not in of_spans and not name.endswith("Zone")
    return _told(predicate, object_) in profile.added.get(kind, ())


@others
def test_a_profile_is_the_full_graph_but_for_what_is_listed(
    examples: Path, graph: Graph, profile: Profile
) -> None:
    found = graph_of(examples, profile=profile)
    added = {each for each in found if is_added(each, profile)}
    spans = {subject for subject, _, _ in found if kind_of(subject) == SPAN.kind}
    expected = {each for each in graph if is_kept(each, profile, graph, spans)}
    assert found - added == expected, explain(found - added, expected)
    assert bool(added) == bool(profile.added)


@others
def test_what_is_listed_of_a_profile_is_there_to_be_left_out_or_added(
    examples: Path, profile: Profile
) -> None:
    """A list that names what no graph has would be of no use."""
    graph = graph_of(examples, with_text=True)
    found = graph_of(examples, profile=profile, with_text=True)
    for differences, there, gone in (
        (profile.left_out, graph, found),
        (profile.added, found, graph),
    ):
        told = {(kind_of(subject), _told(p, o)) for subject, p, o in there}
        not_told = {(kind_of(subject), _told(p, o)) for subject, p, o in gone}
        for kind, terms in differences.items():
            assert not {(kind, each) for each in terms} & not_told
            # Not all of it: the examples have no decisions, for one.
            assert not terms or {(kind, each) for each in terms} & told, kind


def _told(predicate: str, object_: str) -> str:
    """The class or property of which a triple is one."""
    return name_of(object_ if predicate == TYPE else predicate)


def test_how_large_a_profile_is(examples: Path, graph: Graph) -> None:
    sizes = {each.name: len(graph_of(examples, profile=each)) for each in PROFILES}
    assert sizes["full"] == len(graph)
    assert sizes["core"] < 0.5 * sizes["full"]
    assert all(size < sizes["full"] for name, size in sizes.items() if name != "full")


def test_the_profile_of_schema_org_has_no_other_term(examples: Path) -> None:
    graph = graph_of(examples, profile=profile_named("schema"))
    terms = {p for _, p, _ in graph} | {o for _, p, o in graph if p == TYPE}
    assert {name_of(each).partition(":")[0] for each in terms - {TYPE}} == {"schema"}


@pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)
@every_profile
def test_every_syntax_holds_the_same(examples: Path, profile: Profile, format_: Format) -> None:
    document = export(examples, format_, profile=profile, with_text=True)
    check_all_read(document, format_, graph_of(examples, profile=profile, with_text=True))


@every_profile
def test_nothing_is_said_twice_or_of_nothing(examples: Path, profile: Profile) -> None:
    triples = read_with_pyoxigraph(export(examples, FORMATS[0], profile=profile), FORMATS[0])
    assert len(triples) == len(set(triples))
    described = {subject for subject, _, _ in triples}
    assert {o for _, _, o in triples if o.startswith(iri("id:")[:-1])} <= described


def test_a_profile_is_named_by_its_name_or_its_iri() -> None:
    for each in PROFILES:
        assert profile_named(each.name) is profile_named(each.iri) is each
    with pytest.raises(UsageError, match="no profile 'cor'; choose full, core, nif or schema"):
        profile_named("cor")


def test_a_geometry_is_wherever_its_entity_leads_to_it() -> None:
    for each in PROFILES:
        leads = {p.term for p in each.nodes[ENTITY.kind].properties}
        assert (GEOMETRY.kind in each.nodes) == ("geo:hasGeometry" in leads)
