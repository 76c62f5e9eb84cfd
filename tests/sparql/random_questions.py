"""Questions that are made at random of a graph's own triples, so that most of them have answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from random import Random

import pyoxigraph as ox

Triple = tuple[ox.NamedNode, ox.NamedNode, "ox.NamedNode | ox.Literal"]
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_XSD = "http://www.w3.org/2001/XMLSchema#"
#: Patterns that more than so many triples could go on from are left.
_HUB = 5000


class Questions:
    """Makes questions about a graph, all of them from the seed of ``random``."""

    def __init__(self, triples: Sequence[Triple], random: Random) -> None:
        self.triples, self.random = triples, random
        self.by_subject: dict[object, list[Triple]] = defaultdict(list)
        self.by_object: dict[object, list[Triple]] = defaultdict(list)
        for triple in triples:
            self.by_subject[triple[0]].append(triple)
            self.by_object[triple[2]].append(triple)
        self.names: dict[object, str] = {}
        self.is_set = False

    def make(self) -> str:
        """Return a question."""
        self.names, self.is_set = {}, False
        found = self._walk(self.random.choice((1, 2, 2, 3, 3, 4)))
        patterns = [self._pattern(each) for each in found]
        if not self.names:
            return self.make()
        body = self._body(patterns, found)
        names = sorted(set(self.names.values()))
        if not names:
            return self.make()
        return self._select(body, names)

    # Triples that hang together.

    def _walk(self, length: int) -> list[Triple]:
        found = [self.random.choice(self.triples)]
        while len(found) < length:
            near = self.random.choice(found)
            term = self.random.choice((near[0], near[2]))
            ways = self.by_subject[term] if self.random.random() < 0.7 else self.by_object[term]
            ways = [each for each in ways if each not in found]
            if not ways or len(ways) > _HUB:
                break
            found.append(self.random.choice(ways))
        return found

    def _pattern(self, triple: Triple) -> str:
        subject, predicate, object_ = triple
        return f"{self._term(subject)} {self._path(triple)} {self._term(object_, predicate)}"

    def _term(self, term: object, predicate: object = None) -> str:
        if term in self.names:
            return self.names[term]
        stays = 0.12 if isinstance(term, ox.NamedNode) else 0.15
        if predicate is not None and getattr(predicate, "value", "") == _TYPE:
            stays = 0.7
        if self.random.random() < stays:
            return str(term)
        return self.names.setdefault(term, f"?v{len(self.names)}")

    def _path(self, triple: Triple) -> str:
        chance = self.random.random()
        predicate = str(triple[1])
        if chance < 0.84:
            return predicate
        if chance < 0.90:
            return self.names.setdefault(triple[1], f"?v{len(self.names)}")
        if chance < 0.93:
            other = self.random.choice(self.triples)[1]
            return predicate if str(other) == predicate else f"({predicate}|{other})"
        if chance < 0.96 and isinstance(triple[2], ox.NamedNode):
            further = self.by_subject.get(triple[2], ())
            if further and str(triple[2]) not in self.names.values():
                return f"{predicate}/^{predicate}"
        if chance < 0.98:
            # How often an answer of it comes, the judge tells one way or the other.
            self.is_set = True
            return f"!(<{_TYPE}>|{self.random.choice(self.triples)[1]})"
        return f"^(^{predicate})"

    # What stands around them.

    def _body(self, patterns: list[str], triples: list[Triple]) -> str:
        random = self.random
        joined = " . ".join(patterns)
        chance = random.random()
        if len(patterns) > 1 and chance < 0.25:
            cut = random.randrange(1, len(patterns))
            inside = " . ".join(patterns[cut:])
            condition = self._condition() if random.random() < 0.3 else ""
            joined = f"{' . '.join(patterns[:cut])} OPTIONAL {{ {inside} {condition} }}"
            if random.random() < 0.25:
                joined = f"{joined} {self._pattern(random.choice(triples))}"
        elif len(patterns) > 1 and chance < 0.35:
            joined = f"{{ {patterns[0]} }} UNION {{ {' . '.join(patterns[1:])} }}"
        elif len(patterns) > 1 and chance < 0.45:
            word = random.choice(("FILTER NOT EXISTS", "MINUS", "FILTER EXISTS"))
            joined = f"{' . '.join(patterns[:-1])} {word} {{ {patterns[-1]} }}"
        elif chance < 0.5:
            term, name = random.choice(list(self.names.items()))
            others = [random.choice(self.triples)[random.choice((0, 2))] for _ in range(2)]
            values = " ".join(map(str, (term, *others)))
            joined = f"{joined} VALUES {name} {{ {values} }}"
        elif len(patterns) > 1 and chance < 0.55:
            inner = sorted(set(self.names.values()))
            kept = random.sample(inner, max(1, len(inner) // 2)) if inner else ["*"]
            joined = f"{patterns[0]} {{ SELECT {' '.join(kept)} {{ {' . '.join(patterns[1:])} }} }}"
        for _ in range(random.choice((0, 0, 1, 1, 2))):
            joined += " " + self._condition()
        if random.random() < 0.1:
            joined += f" BIND({self._expression()} AS ?bound)"
        return joined

    def _condition(self) -> str:
        if not self.names:
            return ""
        words = self._truth()
        if self.random.random() < 0.2:
            words = f"{words} {self.random.choice(('&&', '||'))} {self._truth()}"
        if self.random.random() < 0.15:
            words = f"!({words})"
        return f"FILTER({words})"

    def _truth(self) -> str:
        random = self.random
        term, name = random.choice(list(self.names.items()))
        ways = [f"BOUND({name})", f"{name} = {self._any()}", f"{name} != {self._any()}"]
        if isinstance(term, ox.Literal):
            operator = random.choice(("<", "<=", ">", ">=", "=", "!="))
            part = term.value[: random.randrange(1, 6)].replace("\\", "").replace('"', "")
            part = part.replace("\n", "")
            ways += [f"{name} {operator} {self._literal_like(term)}"] * 2
            # The judge writes numbers anew, and so their texts.
            ways += (
                []
                if term.datatype.value == f"{_XSD}double"
                else [
                    f'LANG({name}) = "{term.language or ""}"',
                    f'LANGMATCHES(LANG({name}), "{random.choice(("en", "*", "de"))}")',
                    # Of integers the judge knows one type only.
                    f"DATATYPE({name}) = <{_XSD}{random.choice(('string', 'double', 'date'))}>",
                    f'CONTAINS(LCASE(STR({name})), "{part.lower()}")',
                    f'STRSTARTS(STR({name}), "{part}")',
                    f'REGEX(STR({name}), "^[A-H]", "i")',
                    f"STRLEN(STR({name})) > 5",
                    f"ISNUMERIC({name})",
                    f"SUBSTR(STR({name}), 1, 4) = SUBSTR({self._any()}, 1, 4)",
                    f"{name} IN ({self._any()}, {self._any()})",
                    name,
                ]
            )
        else:
            ways += [f"ISIRI({name})", f"ISLITERAL({name})", f"SAMETERM({name}, {self._any()})"]
        other = random.choice(list(self.names.values()))
        # Of a name with itself the judge knows what it is, whatever it is.
        operator = "=" if other == name else random.choice(("=", "!=", "<"))
        ways += [f"{name} {operator} {other}", f"STR({name}) {operator} STR({other})"]
        return random.choice(ways)

    def _any(self) -> str:
        if self.random.random() < 0.3:
            return self.random.choice(list(self.names.values()))
        return str(self.random.choice(self.triples)[self.random.choice((0, 2))])

    def _literal_like(self, term: ox.Literal) -> str:
        datatype = term.datatype.value
        alike = self.triples[:: max(1, len(self.triples) // 300)]
        literals = [each[2] for each in alike if isinstance(each[2], ox.Literal)]
        same = [each for each in literals if each.datatype.value == datatype]
        if datatype == _XSD + "double" and self.random.random() < 0.5:
            return self.random.choice(("0.5", "1", f'"0.9"^^<{_XSD}double>'))
        if datatype.endswith("nonNegativeInteger") and self.random.random() < 0.5:
            return str(self.random.randrange(2000))
        return str(self.random.choice(same or literals))

    def _expression(self) -> str:
        name = self.random.choice(list(self.names.values()))
        return self.random.choice(
            (
                f"STR({name})",
                f"UCASE(STR({name}))",
                f"STRLEN(STR({name}))",
                f'CONCAT(STR({name}), "-")',
                f"IF(BOUND({name}), 1, 2)",
                f'COALESCE({name}, "none")',
                f"LANG({name})",
                f"SUBSTR(STR({name}), 2, 3)",
                f"{name} = {self._any()}",
            )
        )

    def _select(self, body: str, names: list[str]) -> str:
        random = self.random
        chance = random.random()
        if self.is_set:
            return f"SELECT DISTINCT {' '.join(names)} {{ {body} }}"
        if chance < 0.12:
            return f"SELECT (COUNT(*) AS ?n) {{ {body} }}"
        if chance < 0.17:
            name = random.choice(names)
            return f"SELECT (COUNT(DISTINCT {name}) AS ?n) (COUNT({name}) AS ?m) {{ {body} }}"
        if chance < 0.25:
            key, other = random.choice(names), random.choice(names)
            having = " HAVING(COUNT(*) > 1)" if random.random() < 0.3 else ""
            wanted = random.choice(
                (
                    f"COUNT({other})",
                    f"COUNT(DISTINCT {other})",
                    f"MIN(STR({other}))",
                    f"MAX(STR({other}))",
                )
            )
            return f"SELECT {key} ({wanted} AS ?n) {{ {body} }} GROUP BY {key}{having}"
        if chance < 0.30:
            return f"ASK {{ {body} }}"
        listed = " ".join(names)
        if chance < 0.38:
            # In order of all that is selected, so that a slice is the same whoever makes it.
            order = " ".join(f"STR({name}) LANG({name})" for name in names)
            return f"SELECT {listed} {{ {body} }} ORDER BY {order} LIMIT 20 OFFSET 2"
        return f"SELECT {random.choice(('', 'DISTINCT '))}{listed} {{ {body} }}"
