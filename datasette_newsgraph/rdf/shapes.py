"""SHACL shapes, derived from the mapping: what each node of an export looks like.

Nodes of several kinds can have a class in common, as mentions and evidence have, and shapes find nodes
by their class. So there is one shape for all kinds that share classes, and of these it asks only what
holds of each. See SHACL (W3C Recommendation 2017), sections 2 to 4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from datasette_newsgraph import mapping
from datasette_newsgraph.mapping import Node, Property, Ref, Value
from datasette_newsgraph.mapping.constraints import CONSTRAINTS, INVERSES
from datasette_newsgraph.mapping.profiles import FULL, Profile, led_to
from datasette_newsgraph.rdf.ntriples import TYPED
from datasette_newsgraph.vocabulary import ANY_TYPE, PREFIXES, TYPES

_NAMESPACE = "urn:datasette-newsgraph:shapes#"
_SHACL = "http://www.w3.org/ns/shacl#"
_COLUMN = re.compile(r"\{(\w+)\}")
#: Classes that follow from the rows, by the kind of node.
_CLASSES = {
    mapping.ENTITY.kind: tuple(dict.fromkeys((ANY_TYPE, *(names[0] for names in TYPES.values())))),
    mapping.AUTHOR.kind: mapping.AUTHOR_CLASSES,
    mapping.ZONE.kind: mapping.SPAN.classes,
}
_STRING = "sh:datatype xsd:string"
#: What an object of each kind of value is.
_OBJECTS = {
    **{value: f"sh:datatype {datatype}" for value, (_, datatype) in TYPED.items()},
    Value.STRING: _STRING,
    Value.CODE: _STRING,
    Value.TEXT: f"sh:or ( [ {_STRING} ] [ sh:datatype rdf:langString ] )",
    Value.DATE: "sh:nodeKind sh:Literal",
    Value.IRI: "sh:nodeKind sh:IRI",
    Value.TERM: "sh:nodeKind sh:IRI",
    Value.IRI_OR_STRING: "sh:nodeKind sh:IRIOrLiteral",
    Value.OBJECT: "sh:nodeKind sh:IRIOrLiteral",
}


def shapes_document(profile: Profile = FULL) -> str:
    """Return the shapes of a profile as a Turtle document."""
    prefixes = {"sh": _SHACL, **PREFIXES, "": _NAMESPACE}
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in prefixes.items())
    title = (
        f"# SHACL shapes of datasette-newsgraph, profile {profile.name}: every export conforms.\n"
    )
    return title + head + "".join(_shape(nodes, profile) for nodes in _with_common_classes(profile))


def _classes_of(node: Node, profile: Profile) -> tuple[str, ...]:
    """Return the classes of which each node of a kind has at least one, by their prefixed names."""
    return tuple(filter(profile.has_term, node.classes or _CLASSES[node.kind]))


def _with_common_classes(profile: Profile) -> list[list[Node]]:
    """Return the nodes of a profile, those together that share classes with one another."""
    groups: list[tuple[set[str], list[Node]]] = []
    for node in profile.nodes.values():
        classes, nodes, apart = {*_classes_of(node, profile)}, [node], []
        if node.kind == mapping.ENTITY.kind:
            classes.update(each for names in TYPES.values() for each in names)
        for group in groups:
            if classes & group[0]:
                classes, nodes = classes | group[0], [*group[1], *nodes]
            else:
                apart.append(group)
        groups = [*apart, (classes, nodes)]
    return [nodes for _, nodes in groups]


def _shape(nodes: list[Node], profile: Profile) -> str:
    """Return the shape of all nodes of some kinds."""
    name = "".join(each.kind.capitalize() for each in nodes)
    classes = dict.fromkeys(each for node in nodes for each in _classes_of(node, profile))
    lines = [
        f"sh:targetClass {', '.join(classes)}",
        "sh:nodeKind sh:IRI",
        f'sh:pattern "{_pattern(nodes)}"',
        *(f"sh:property [ {' ; '.join(each)} ]" for each in _properties(nodes, profile)),
    ]
    return f"\n:{name} a sh:NodeShape ;\n  " + " ;\n  ".join(lines) + " .\n"


def _pattern(nodes: list[Node]) -> str:
    """Return the regular expression of the IRIs of nodes."""
    paths = dict.fromkeys(
        _COLUMN.sub(lambda column: "[0-9]+" if column[1] in ("start", "end") else "[^/#]+", path)
        for path in (each.iri.path for each in nodes)
    )
    return f"/id/({'|'.join(paths)})$"


def _properties(nodes: list[Node], profile: Profile) -> Iterator[list[str]]:
    """Yield the constraints of each property that any of the nodes has."""
    kinds = {each.kind for each in nodes}
    of_term: dict[str, list[Property]] = {}
    for node in nodes:
        for each in node.properties:
            if each.term not in ("", "rdf:type") and not each.is_turned:
                of_term.setdefault(each.term, []).append(each)
    for term, found in of_term.items():
        lines = [f"sh:path {term}"]
        if len(found) == len(nodes) and all(each.required for each in found):
            lines.append("sh:minCount 1")
        if not any(each.many for each in found):
            lines.append("sh:maxCount 1")
        lines += _of_objects(found, profile)
        lines += [
            f"sh:{each.parameter} {each.value}"
            for each in CONSTRAINTS
            if each.term == term and each.kinds & kinds
        ]
        yield lines
    for inverse in INVERSES:
        if inverse.kind in kinds and inverse.subject_kind in profile.nodes:
            (class_,) = profile.nodes[inverse.subject_kind].classes
            path = f"sh:path [ sh:inversePath {inverse.term} ]"
            yield [path, "sh:minCount 1", f"sh:class {class_}"]


def _of_objects(found: list[Property], profile: Profile) -> Iterator[str]:
    """Yield what is asked of the objects of a property, as the nodes that have it declare it."""
    refs = [each.value for each in found if isinstance(each.value, Ref)]
    if len(refs) < len(found):
        (constraint,) = {_OBJECTS[each.value] for each in found if isinstance(each.value, Value)}
        yield constraint
        return
    yield "sh:nodeKind sh:IRI"
    kinds = {led_to(each) for each in refs}
    if None in kinds:
        return
    nodes = [profile.nodes[kind] for kind in sorted(filter(None, kinds))]
    if any(each.path.endswith("{_fragment}") for each in refs):
        nodes += [each for each in profile.nodes.values() if each.kind == mapping.SPAN.kind]
    classes = dict.fromkeys(each for node in nodes for each in _classes_of(node, profile)[:1])
    for node in nodes:
        if not node.classes:
            classes |= dict.fromkeys(_classes_of(node, profile))
    listed = [f"sh:class {each}" for each in classes]
    yield (
        listed[0] if len(listed) == 1 else f"sh:or ( {' '.join(f'[ {each} ]' for each in listed)} )"
    )
