"""Seeded generator of parsed news articles, for benchmarks and tests.

`python benchmarks/generate.py COUNT [--seed N] [--first N] [--varied] [-o FILE]` writes COUNT article
records as JSON Lines, in constant memory. An article depends on its number and the seed alone. On
average it has 398 words, 9 entities, 14.6 mentions, 6.07 relations with one evidence span each, and 1
quote. With `--varied` nothing has an identifier, and a third of the names are not as they are
elsewhere: a surname alone, initials, an article before it, capitals, a letter left out.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from random import Random
from typing import Any

# By rank, not by chance: the first dozen, which are nearly everywhere, are never dates.
_TYPES = (
    "Date Person Organization Person Place Organization Person Event Person Organization "
    "Place Person Place Organization Person Place Person Event Organization Vehicle"
)
TYPES = _TYPES.split()
SYLLABLES = {
    "Latin": "al an be ca da el fi ga ha jo ka le ma no pe ra si to va zé ñi öl ša čo łu ås çe ğa",
    "Cyrillic": "ва ге до же за ки лу ма но пе ро со ту фи хо ча ши ев ин ко щу эй ля їв",
    "Arabic": "عبد محم كر سال حس نور لي فا را با قا مر دين هاش يو جم طا غز ضي أح",
    "Persian": "پر چش ژا گل می شاه نام زاد هر کی فر دخت سپه خان بهر مهر",
    "Han": "王 李 張 劉 陳 楊 黃 趙 吳 周 北 京 上 海 山 東 河 南 明 華 國 文 林 江 安 平 德 永",
}
# By the object's type, so that facts read like facts.
PREDICATES = {
    "Person": ("met", "married to", "child of", "criticised", "works with", "succeeded"),
    "Organization": ("member of", "leader of", "works for", "founded", "funded by", "sued"),
    "Place": ("located in", "born in", "travelled to", "based in"),
}
OTHER_PREDICATES = ("part of", "took part in", "organised", "prevented", "dated", "owner of")
# Each holds something that Turtle, JSON, HTML, SQL, a template or a line-based tool must escape.
_SPECIALS = (
    '"so-called"|back\\slash|C:\\new|line\nbreak|tab\tstop|carriage\rreturn|back\bspace|form\ffeed'
    "|unit\x1fmark|del\x7fete|<b>bold</b>|</script>|a>b|R&D|&amp;|o'clock|'''|\"\"\"|para\u2029graph"
    "|line\u2028separator|next\x85line|launch🚀|👩\u200d🚀|𝒜stral|left\u200eright|right\u200fleft"
    "|over\u202eride\u202c|byte\ufefforder|cafe\u0301|{brace}|{{ x }}|{% x %}|%s|100%|$1|`tick`|_:b"
)
SPECIALS = _SPECIALS.split("|")
_COMMON = "the of and to in a is that for it was on with as by at from be has are this not"
COMMON = _COMMON.split()
CITIES = ("Kabul", "Zürich", "São Paulo", "L'Aquila", "Київ", "القاهرة", "تهران", "北京")
PUBLISHERS = [f"{c} {p}" for c in CITIES for p in ("Times", "Post & Mail", "Herald", "24", "Press")]
AUTHORS = ("Ana O'Neil", "Jörg Śliwa", "Оля Кай", "王小明", "نرگس کیا", "Kim Ng", "Roe & Poe")
LANGUAGES = ("en", "en", "en", "en", "de", "fr", "pt-BR", "ru", "uk", "ar", "fa", "zh-Hant")
SECTIONS = ("News", "World", "Politics", "Business", "Arts & Books", "Sport", "Kultur", "Мир")


def _word(rng: Random, script: str) -> str:
    """A capitalised word: of two or three syllables if Latin, else of one or two."""
    count = rng.randint(2, 3) if script == "Latin" else rng.randint(1, 2)
    return "".join(rng.choices(SYLLABLES[script].split(), k=count)).capitalize()


_known = COMMON + [_word(rng, "Latin").lower() for rng in [Random(0)] * 6000]
# To draw from evenly: a word stands in it as often as Zipf's law has it in a text.
VOCABULARY = [_known[int(len(_known) ** (i / 20_000)) - 1] for i in range(20_000)] + SPECIALS * 6


def _date(rng: Random) -> str:
    """A day of 1990 to 2025, `YYYY-MM-DD`, now and then only its month or year."""
    day = f"{rng.randint(1990, 2025)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    return day[: rng.choice((7, 4, *[10] * 12))]


@lru_cache(maxsize=8192)  # three draws of four hit; the others derive their entity again
def _entity(seed: int, rank: int) -> str:
    """What every article with the entity of this rank (1 is the most frequent) says of it."""
    rng, kind = Random(f"{seed}/entity/{rank}"), TYPES[rank % len(TYPES)]
    if kind == "Date":
        return json.dumps({"type": kind, "name": f"{rng.randint(1, 28)} July {2025 - rank % 90}"})
    script = rng.choices(list(SYLLABLES), (55, 13, 11, 10, 11))[0]
    words = [_word(rng, script), _word(rng, script)]
    if script == "Persian":
        words[-1] += "\u200c" + _word(rng, script)  # a zero-width non-joiner
    elif script == "Latin":
        words[-1] = rng.choice(("", "", "", "", "", "O'", "D’", "al-")) + words[-1]
    if rng.random() < 0.04:  # not at an end: white space there would be an extractor's fault
        words.insert(1, rng.choice(SPECIALS))
    entity: dict[str, Any] = {"type": kind, "name": ("" if script == "Han" else " ").join(words)}
    if rng.random() < 0.22:
        entity["aliases"] = [words[-1] if kind == "Person" else f"New {words[0]}"]
    if rng.random() < 0.315:
        entity["same_as"] = [f"http://www.wikidata.org/entity/Q{rank}"]
    entity |= {"description": f"a {kind} of {_word(rng, 'Latin')}"} if rng.random() < 0.15 else {}
    if kind == "Place" and rng.random() < 0.4:
        entity |= {"latitude": rng.randint(-90, 89) + 0.5, "longitude": rng.randint(0, 179) + 0.5}
    return json.dumps(entity)  # as text, so that every article gets a copy


def _varied(rng: Random, entity: dict[str, Any]) -> dict[str, Any]:
    """Return the entity as an article may have it that knows no identifiers."""
    varied = {name: value for name, value in entity.items() if name != "same_as"}
    if rng.random() < 0.5:
        varied.pop("aliases", None)
    if varied["type"] != "Date" and rng.random() < 0.35:
        varied["name"] = _another_name(rng, varied["name"], varied["type"])
    return varied


def _another_name(rng: Random, name: str, kind: str) -> str:
    """Return a name as articles vary it."""
    chance, words = rng.random(), name.split()
    if kind == "Person" and len(words) > 1 and chance < 0.24:
        if chance < 0.15:
            return words[-1]
        first = f"{words[0][0]}." if chance < 0.2 else f"{words[-1]},"
        return f"{first} {words[-1] if chance < 0.2 else ' '.join(words[:-1])}"
    if kind in ("Organization", "Place", "Event") and chance < 0.15:
        return f"the {name}"
    if kind == "Organization" and len(words) > 1 and chance < 0.2:
        return "".join(word[0].upper() for word in words)
    if chance > 0.96 and len(name) > 6:
        left_out = rng.randrange(1, len(name) - 1)
        return name[:left_out] + name[left_out + 1 :]
    return name.upper() if chance > 0.93 else name


def _confidence(rng: Random) -> float | None:
    """Mostly a number from 0.35 to 1 of two or three decimals."""
    return round(1 - 0.65 * rng.random() ** 3, rng.choice((2, 3))) if rng.random() < 0.9 else None


class _Writer:
    """A text that grows piece by piece, and notes in its entities where they are mentioned."""

    def __init__(self, rng: Random, cast: list[dict[str, Any]]) -> None:
        self.rng, self.cast, self.at, self.parts = rng, cast, 0, list[str]()
        for entity in cast:
            entity["mentions"] = []

    def write(self, *pieces: str | int) -> dict[str, Any]:
        """Append the pieces, for a number a name of that entity; return their span."""
        first, start = len(self.parts), self.at
        for piece in pieces:
            if isinstance(piece, int):
                entity = self.cast[piece]
                short = "aliases" in entity and self.rng.random() < 0.4
                piece = str(entity["aliases"][0] if short else entity["name"])
                mention = {"start": self.at, "end": self.at + len(piece), "text": piece}
                entity["mentions"].append(mention | {"confidence": _confidence(self.rng)})
            self.parts.append(piece)
            self.at += len(piece)
        return {"start": start, "end": self.at, "text": "".join(self.parts[first:])}

    def words(self, least: int, most: int) -> str:
        """Words of no meaning."""
        return " ".join(self.rng.choices(VOCABULARY, k=self.rng.randint(least, most)))

    def plain(self, *about: int | str) -> dict[str, Any]:
        """Append a sentence, with the pieces in its midst if there are any; return its span."""
        if about:
            return self.write(f"{self.words(1, 5).capitalize()} ", *about, f" {self.words(2, 7)}.")
        return self.write(self.words(7, 28).capitalize(), ".")

    def fact(self, who: int, target: int | str) -> dict[str, Any]:
        """Append a sentence that relates the entity to another or a value; return the relation."""
        if isinstance(target, int):
            verb = self.rng.choice(PREDICATES.get(self.cast[target]["type"], OTHER_PREDICATES))
            claim: dict[str, Any] = {"predicate": verb, "object": f"e{target}"}
        else:
            verb, datatype = ("start date", "date") if len(target) > 3 else ("age", "number")
            claim = {"predicate": verb, "value": target, "datatype": datatype}
        claim |= {"start_date": _date(self.rng)} if self.rng.random() < 0.1 else {}
        claim["evidence"] = [self.plain(who, f" {verb} ", target)]
        return {"subject": f"e{who}", **claim, "confidence": _confidence(self.rng)}

    def quote(self, who: int) -> dict[str, Any]:
        """Append what the entity said, in quotation marks or without; return the quote."""
        rng, verb = self.rng, self.rng.choice(("said", "wrote", "asked"))
        before, after = rng.choice(((": “", "”"), (': "', '"'), (": «", "»"), (" that ", "")))
        self.write(who, f" {verb}{before}")
        quote = {"speaker": f"e{who}", **self.write(self.words(4, 18)), "verb": verb}
        self.write(f"{after}.")
        return quote | {"direct": after != "", "confidence": _confidence(rng)}


def _article(seed: int, number: int, *, varied: bool = False) -> dict[str, Any]:
    """The article record of a number: nothing else of the file enters into it."""
    rng, ranks = Random(f"{seed}/article/{number}"), dict[int, None]()
    size = rng.randint(6, 12)
    while len(ranks) < size:
        ranks[int(200_001 ** rng.random())] = None  # Zipf's law, exponent 1
    cast = [{"id": f"e{i}", **json.loads(_entity(seed, rank))} for i, rank in enumerate(ranks)]
    if varied:
        names = Random(f"{seed}/names/{number}")
        cast = [_varied(names, entity) for entity in cast]
    plan: list[tuple[str, tuple[int | str, ...]]] = [("plain", ())] * rng.randint(7, 25)
    for who in range(rng.randint(3, 9) + (rng.random() < 0.07)):
        # Never the subject, and rather from the other half: so few are left unmentioned.
        target: int | str = (who + rng.randrange(size // 2, size)) % size
        if rng.random() < 0.08:
            target = rng.choice((_date(rng), str(rng.randint(18, 90))))
        plan.append(("fact", (who % size, target)))
    plan += [("quote", (rng.randrange(size),)) for _ in range(rng.choice((0, 1, 1, 2)))]
    mentioned = {who for _, about in plan for who in about}
    plan += [("plain", (who,)) for who in range(size) if who not in mentioned]
    caption = plan.pop()  # often what nothing else is said about
    rng.shuffle(plan)
    writer = _Writer(rng, cast)
    title = writer.write(0, f" {writer.words(4, 8)}")["text"]
    if zoned := rng.random() < 0.34:
        plan.insert(0, ("plain", ()))
    else:
        writer = _Writer(rng, cast)  # the title is not part of the text
    spans: list[tuple[int, int]] = []
    done: dict[str, list[dict[str, Any]]] = {"plain": [], "fact": [], "quote": []}
    for kind, about in [*plan, caption]:
        if writer.at:
            writer.write("\n\n" if zoned or rng.random() < 0.25 else " ")
        start = writer.at
        done[kind].append(getattr(writer, kind)(*about))
        spans.append((start, writer.at))
    zones = [("title", 0, len(title)), ("standfirst", *spans[0])]
    zones += [("body", spans[1][0], spans[-2][1]), ("caption", *spans[-1])]
    published, house = _date(rng), rng.randrange(len(PUBLISHERS))
    return {
        "id": f"g{seed}-{number}",
        "url": f"https://news{house}.example/{published[:4]}/{number}",
        "title": title,
        "publisher": PUBLISHERS[house],
        "authors": rng.sample(AUTHORS, house % 3),
        "sections": rng.choices(SECTIONS, k=house % 4),
        "published": published + "T09:30:00Z" * (len(published) == 10 and house % 4 == 0),
        "language": rng.choice(LANGUAGES),
        "licence": f"https://creativecommons.org/licenses/{('by', 'by-sa')[house % 2]}/4.0/",
        "text": "".join(writer.parts),
        "zones": [{"zone": z, "start": s, "end": e} for z, s, e in zones if zoned],
        "entities": cast,
        "relations": done["fact"],
        "quotes": done["quote"],
        "extractor": {"name": "generator", "version": "1", "model": "m1"},
    }


def generate(
    count: int, seed: int = 1, first: int = 0, *, varied: bool = False
) -> Iterator[dict[str, Any]]:
    """Yield `count` article records from number `first` on; each is the same for any count."""
    return (_article(seed, number, varied=varied) for number in range(first, first + count))


def main() -> None:
    """Write the articles that the command line asks for."""
    parser = argparse.ArgumentParser(description="Write parsed news articles as JSON Lines.")
    parser.add_argument("count", metavar="COUNT", type=int, help="number of articles")
    parser.add_argument("--seed", metavar="N", type=int, default=1, help="default 1")
    parser.add_argument("--first", metavar="N", type=int, default=0, help="number to begin with")
    parser.add_argument("--varied", action="store_true", help="names vary, nothing is identified")
    parser.add_argument("-o", "--output", metavar="FILE", help="default: standard output")
    options = parser.parse_args()
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    # Standard output is closed too, so that a closed pipe shows here and not at exit.
    with suppress(BrokenPipeError), open(options.output or 1, "wb") as out:  # `| head` is quiet
        for article in generate(options.count, options.seed, options.first, varied=options.varied):
            out.write(encode(article).encode() + b"\n")


if __name__ == "__main__":
    main()
