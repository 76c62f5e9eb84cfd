"""Captions of pictures, by what plain text keeps of them: the credit, the place of people, a mark."""

from __future__ import annotations

import re

#: Code points of the longest caption.
_LONGEST = 700
_AGENCIES = (
    "AFP|AP|Reuters|EPA|ANSA|dpa|DPA|PA|PA Media|PA Wire|UPI|TASS|Xinhua|Kyodo"
    "|Anadolu(?: Agency)?|AA|IRNA"
    "|ISNA|Fars|Tasnim|Mehr|SANA|WAFA|Bloomberg|Getty(?: Images)?|Shutterstock|Alamy|Zuma|NurPhoto"
    "|Sipa|Rex(?: Features)?|Corbis|Redux|Polaris|Keystone|ANP|Belga|TT|NTB|Ritzau"
    "|Lehtikuva|CTK|MTI"
    "|PAP|Yonhap|CNS|VCG|PTI|ANI|AAP|Canadian Press|CP|Sputnik|RIA Novosti|Imago|Picture Alliance"
    "|WikiCommons|Wikimedia(?: Commons)?|Flickr|Unsplash|Pixabay|NASA|UN Photo|EFE|LUSA"
    "|Agerpres|iStock"
)
_CREDIT = (
    r"(?:photo(?:s|graph|graphs|graphy)?|image(?:s|ry)?|picture(?:s)?|pic|illustration"
    r"|graphic|credit(?:s)?|courtesy|screengrab|screenshot|handout|still|map)"
)
#: What stands before a credit: nothing, the end of a sentence, a bracket or a dash.
_BEFORE = r"(?:^|[.!?)\]\"'”’—|-])\s*"
#: A credit at the end: in brackets with a word for pictures, or with an agency; behind a word for
#: pictures and a colon; an agency behind a name; a sign of copyright.
_AT_END = re.compile(
    rf"[(\[][^()\[\]]{{0,80}}\b{_CREDIT}\b[^()\[\]]{{0,80}}[)\]][.]?$"
    r"|[(\[](?:(?:via|by|from|source)[: ]+)?(?:[\w .'&-]{0,40}[/|,] ?)?"
    rf"(?:{_AGENCIES})(?: ?[/|,][\w .'&/-]{{0,60}})?[)\]][.]?$"
    rf"|\b{_CREDIT}(?: credits?| courtesy| source)?(?::| ?©) ?[^.!?]{{1,80}}[.]?$"
    rf"|{_BEFORE}{_CREDIT}(?: courtesy| credit)? (?:by|of|/) ?[^.!?]{{1,80}}[.]?$"
    rf"|{_BEFORE}(?:©\s*)?[\w .'’&-]{{1,60}}(?:/| via | ?\| ?)(?:{_AGENCIES})"
    r"(?:[/ |][\w .'&/-]{0,40})?[.]?$"
    r"|©\s*[^.!?©]{1,60}[.]?$",
    re.IGNORECASE,
)
_AGENCY_IN_CASE = re.compile(rf"[(\[/|]\s*(?:{_AGENCIES})\b|\b{_CREDIT}\b|©", re.IGNORECASE)
#: A mark before the words.
_AT_START = re.compile(
    r"(?i:file\s*(?:photo|image|picture|pic)?\s*[:–—-]\s|(?:photo|image|picture|pictured"
    r"|caption|photograph|graphic"
    r"|illustration|video|watch)(?:\s+(?:caption|credit|by|courtesy))?\s*:\s*"
    r"|in this (?:file |undated |handout )?"
    r"(?:photo|image|picture|photograph|frame|video grab|screengrab)\b)"
    r"|FILE\b|\[?(?i:image|photo|picture|video)\]?[:.]\s"
)
#: Where somebody stands in the picture.
_PLACE_IN_PICTURE = re.compile(
    r"\((?:\d(?:st|nd|rd|th)[ -])?(?:L|R|C|left|right|cent(?:er|re)|top|bottom|front"
    r"|back)(?:[ -]\d)?\)"
    r"|,\s(?:(?:second|third|fourth|far|top|bottom) )?(?:(?:from )?(?:left|right)|cent(?:er|re)),\s"
    r"|\b(?:pictured|seen|shown)\s(?:here|above|below|left|right|in this)\b"
)


def is_caption(words: str, *, ends_sentence: bool) -> bool:
    """Tell whether a block of a text is a caption, as it says whose picture it is of or who stands
    where in it.

    >>> is_caption("A street in Lima in May. (Photo by AFP)", ends_sentence=True)
    True
    """
    if len(words) > _LONGEST:
        return False
    if _AT_START.match(words):
        return True
    # Only blocks that speak of pictures or agencies are worth the costly look at their end.
    if _AGENCY_IN_CASE.search(words, max(0, len(words) - 160)) and _AT_END.search(
        words, max(0, len(words) - 160)
    ):
        return True
    return (
        len(words) < 300
        and _PLACE_IN_PICTURE.search(words) is not None
        and (not ends_sentence or words.count(". ") <= 2)
    )


def is_unfinished(words: str) -> bool:
    """Tell whether a block above the story begins with a small letter: the words with a picture."""
    return words[:1].islower() and len(words) <= 200
