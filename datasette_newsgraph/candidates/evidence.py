"""What is known of a pair: how its names are alike, where they are named, and what contradicts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Evidence:
    """What is known of two entities. The ``short`` one has fewer words in its name than the ``long``
    one, or as many. Fields that are no entity are 0 where they do not apply; the score is a sum of
    them, with the weights of ``weights.json``.
    """

    short: int
    long: int
    # How the names are alike.
    same_letters: bool = False
    same_words: bool = False
    same_country: bool = False
    people_of_country: bool = False
    #: One of the names means something else than the country, too.
    shared_country_name: bool = False
    acronym: bool = False
    last_word: bool = False
    first_word: bool = False
    other_part: bool = False
    same_consonants: bool = False
    slip: bool = False
    initial_fits: bool = False
    other_name: bool = False
    shared_identifier: bool = False
    # How much so.
    letters_alike: float = 0
    beginnings_alike: float = 0
    words_alike: float = 0
    further_words: int = 0
    length: float = 0
    #: Letters of the shorter name.
    letters: int = 0
    one_word_each: bool = False
    #: How many names end with the short one, or with the surname; and the logarithm of that or, where
    #: it is another part, of how many names have it.
    endings: int = 0
    ambiguity: float = 0
    # What they are.
    same_type: bool = False
    types_differ: bool = False
    type_unknown: bool = False
    #: Both are people, or places.
    people: bool = False
    places: bool = False
    has_title: bool = False
    other_title: bool = False
    title_only: bool = False
    #: One of the names is that of any, as "a World Cup".
    indefinite: bool = False
    lower_case: bool = False
    behind_comma: bool = False
    part_of_place: bool = False
    part_of_organisation: bool = False
    part_of_person: bool = False
    same_end: bool = False
    # What contradicts.
    opposite_words: bool = False
    other_numbers: bool = False
    other_middle: bool = False
    man_and_woman: bool = False
    #: The long name is one of several people: "Ana Lee and Bo Chan".
    several: bool = False
    #: The authority that gives them two identifiers, or "".
    two_identifiers: str = ""
    # Who else is named with them.
    articles_of_short: int = 0
    fewer_articles: int = 0
    together: int = 0
    #: The share of articles of the shorter or rarer that name both: of a short name, or of two full.
    short_together: float = 0
    full_together: float = 0
    shared_company: float = 0
    any_company: bool = False
    #: Of the articles of a short name that name a longer one, the share with this one.
    own_articles: float = 0
    rarer: float = 0
    commoner: float = 0

    @property
    def is_part(self) -> bool:
        """Tell whether all words of the short name stand in the long one."""
        return self.last_word or self.first_word or self.other_part

    @property
    def is_alike(self) -> bool:
        """Tell whether the names have something in common that can be said in words."""
        return (
            self.is_part
            or self.same_letters
            or self.same_words
            or self.same_consonants
            or self.slip
            or self.initial_fits
            or self.acronym
            or self.same_country
            or self.people_of_country
            or self.other_name
            or self.shared_identifier
        )
