"""Words in names that say little of who is meant, and words that say who is not.

All are in the folded form of ``names.folded``: lower case, without marks and full stops.
"""

from __future__ import annotations


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: Articles before a name.
ARTICLES = _words("the a an un une le les ein eine der die das den dem il lo gli het een")
#: Those that say "one of them": "a World Cup" is any, "the World Cup" one that is known.
INDEFINITE = _words("a an un une ein eine een")
#: Words by which names are not compared, and which have no letter in an acronym.
SMALL = _words(
    "of the and for in on at to a an de la le les du des del della der die das den und et y e i van"
    " von og och by"
)
#: Forms of address of a man, and of a woman.
MEN = _words(
    "mr sir lord king prince herr monsieur m senor sr emperor father baron herra duke count"
)
WOMEN = _words(
    "mrs ms miss dame lady queen princess frau mme mlle madame senora fru froken rouva duchess"
    " empress"
)
#: Titles and offices before a name.
TITLES = (MEN | WOMEN) | _words(
    "dr prof professor president vice premier prime minister chancellor secretary senator sen rep"
    " representative congressman congresswoman governor gov mayor judge justice general gen colonel"
    " col major maj captain capt lieutenant lt sergeant sgt admiral adm commander cardinal pope"
    " bishop archbishop rev reverend sheikh sheik shaykh ayatollah mullah maulvi mawlawi imam haji"
    " hajj chief ceo chairman chairwoman director coach ambassador mgr don dona konsul ministre"
    " ministeri kenraali"
)
#: Forms of companies behind a name.
COMPANIES = _words(
    "inc corp corporation co company ltd limited plc llc gmbh ag sa spa nv ab oy oyj asa as group"
    " holdings holding"
)
#: Of two names that differ by a word of one of these sets, each is another thing.
OPPOSITES = tuple(
    map(
        _words,
        (
            "north south east west northern southern eastern western central upper lower",
            "new old",
            "male female men mens women womens boys girls",
            "senate house",
            "first second third fourth fifth",
            "pro anti",
        ),
    )
)
#: Of two people of one name, the younger and the elder.
YOUNGER, ELDER = _words("jr junior ii iii iv"), _words("sr senior i")
