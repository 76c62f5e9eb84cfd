"""What a page shows around an article: the path of sections, promotions, the footer."""

from __future__ import annotations

import re

_SEPARATOR = re.compile(r"\s*(?:[/>»›→❯⟩]|::|\|)\s*")
#: Names of sections, as sites have them; a line of one of them above a title is its path.
_SECTIONS = frozenset(
    [
        "home",
        "homepage",
        "news",
        "world",
        "politics",
        "business",
        "sport",
        "sports",
        "culture",
        "opinion",
        "opinions",
        "analysis",
        "economy",
        "science",
        "technology",
        "tech",
        "health",
        "environment",
        "entertainment",
        "lifestyle",
        "life",
        "travel",
        "education",
        "video",
        "videos",
        "features",
        "explainers",
        "editorial",
        "editorials",
        "europe",
        "asia",
        "africa",
        "americas",
        "america",
        "oceania",
        "middle_east",
        "latin_america",
        "us",
        "uk",
        "international",
        "national",
        "local",
        "society",
        "arts",
        "music",
        "books",
        "film",
        "tv",
        "football",
        "climate",
        "finance",
        "markets",
        "money",
        "weather",
        "crime",
        "law",
        "defense",
        "defence",
        "energy",
        "religion",
        "latest",
        "top_stories",
        "breaking",
        "breaking_news",
        "world_news",
        "us_news",
        "uk_news",
        "headlines",
        "magazine",
        "investigations",
        "elections",
        "obituaries",
        "media",
        "press_releases",
        "communiques",
        "reports",
        "interviews",
        "live",
        "blogs",
        "blog",
        "more",
    ]
)
_HOME = frozenset(["home", "homepage", "front_page", "start", "main_page"])

#: What names of newspapers and broadcasters end with.
_MASTHEAD = re.compile(
    r"(?:[A-Z][\w.&'’-]*\s){0,4}(?:News|Times|Post|Guardian|Press|TV|Television|Radio"
    r"|Herald|Tribune|Journal"
    r"|Gazette|Observer|Telegraph|Mail|Independent|Chronicle|Courier|Star|Mirror|Monitor"
    r"|Review|Today|Daily"
    r"|Standard|Globe|Dispatch|Examiner|Inquirer|Register|Sentinel|Bulletin|Reuters"
    r"|Bloomberg|Wikinews)"
    r"(?:\.com|\sOnline|\sAgency)?"
)

_FOOTER = re.compile(
    r"all rights reserved|\bcopyright\b|©|\(c\) ?\d{4}|terms (?:of|and) (?:use|service|conditions)"
    r"|privacy (?:policy|notice|statement)|cookie (?:policy|settings)|can also be accessed"
    r"|alternate addresses|(?:this|the) (?:article|material|story|content|report) (?:was"
    r"|is|has been|may not|first|originally)"
    r"\b.{0,40}\b(?:published|appeared|licensed|republished|reproduced|syndicated|broadcast)"
    r"|licensed under|creative commons|republish|do not necessarily (?:reflect|represent)"
    r"|views expressed|follow (?:us|me|him|her|\S+) on (?:twitter|facebook|instagram|x\b"
    r"|telegram)|\bfollow us\b"
    r"|(?:find|like|join) us on|contact us|about us|advertise with|share (?:this|on)\b"
    r"|leave a (?:comment|reply)"
    r"|(?:^|\W)\d+ comments?$|^comments?$|^tags?:|^topics?:|^filed under|^keywords?:"
    r"|^source:|^sources:?$|^related (?:news|links|stories|articles|topics)"
    r"|^more (?:on this story|from|stories|news|about)|^most (?:read|popular|viewed)"
    r"|^see also$|^editor'?s'? (?:note|picks)"
    r"|^have an opinion on this story|^external links$|^sister links$"
    r"|send (?:us )?(?:your )?(?:tips|feedback)"
    r"|^back to top$|^print$|^e-?mail$|^sitemap$|^https?://\S+$|^www\.\S+$",
    re.IGNORECASE,
)
_PROMOTION = re.compile(
    r"(?:also )?read (?:more|also|next|on)\b\s*(?:[:>|»–—-]|$)|read:|also read\b"
    r"|related(?: (?:story|article|coverage|stories|articles))?\s*[:|]"
    r"|(?:see|watch|listen|don'?t miss|recommended|more|further reading|in pictures"
    r"|in depth|explainer|live updates?|special report|opinion|analysis"
    r"|podcast)\s*(?: also| more)?\s*[:|]"
    r"|(?:sign up|subscribe|register|log in|download|click here|tap here|donate|support us"
    r"|support our|get our|get the (?:latest|best)|join our|become a)\b"
    r"|advertisement$|sponsored(?: content)?$|continue reading|story continues"
    r"|article continues|skip (?:to|past)|scroll (?:down|to)|this (?:video"
    r"|content) (?:is not|cannot)"
    r"|(?:you may also like|you might also|recommended for you|trending(?: now)?|must read)$",
    re.IGNORECASE,
)
_PUBLISHER = (
    re.compile(
        r"(?:©|\(c\)|copyright)\s*(?:©\s*)?(?:by\s+)?(?:(?:19|20)\d\d(?:\s*[-–]\s*(?:(?:19"
        r"|20)\d\d|present))?[,.]?\s+)?(?:by\s+)?"
        r"(?P<name>[^\W\d_][^.,;|©\n(]{1,60}?)(?:\s+(?:19|20)\d\d)?\s*(?:[.,;|(]|all rights|$)",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?P<name>[A-Z][\w .&'-]{1,50}?)[’']s? (?:website|web ?site) can (?:also )?be accessed"
    ),
    re.compile(
        r"^(?:source|publisher|published by|publication)\s*:\s*(?P<name>[A-Z][\w .&'’-]{1,60})$",
        re.I,
    ),
)
#: Code points of the longest line of navigation.
_LONGEST_PATH, _LONGEST_LINE = 120, 240


def path_in(words: str) -> list[str]:
    """Return the sections that a line of them names, without the front page; nothing if it is none.

    >>> path_in("Home / News / Asia"), path_in("He came and/or went.")
    (['News', 'Asia'], [])
    """
    if len(words) > _LONGEST_PATH:
        return []
    steps = [step for step in _SEPARATOR.split(words) if step]
    known = [_folded(step) in _SECTIONS for step in steps]
    if len(steps) == 1:
        return steps if known[0] and "." not in words else []
    if (not any(known) and len(steps) < 3) or any(not _is_step(step) for step in steps):
        return []
    return [step for step in steps if _folded(step) not in _HOME] or steps


def is_masthead(words: str) -> bool:
    """Tell whether a line may be the name of a newspaper or broadcaster."""
    return len(words.split()) <= 5 and _MASTHEAD.fullmatch(words) is not None


def _is_step(step: str) -> bool:
    return (
        len(step.split()) <= 4
        and (step[0].isupper() or step[0].isdigit())
        and step[-1] not in ".?!"
    )


def _folded(words: str) -> str:
    return "_".join(words.lower().split())


def is_promotion(words: str) -> bool:
    """Tell whether a block leads to something else than the article."""
    return len(words) <= _LONGEST_LINE and _PROMOTION.match(words) is not None


def begins_footer(words: str) -> bool:
    """Tell whether a block says what stands below articles: rights, ways to follow, comments."""
    return len(words) <= 2 * _LONGEST_LINE and _FOOTER.search(words) is not None


def publisher_in(words: str) -> str | None:
    """Return the publisher that a line of a footer names, None if it names none.

    >>> publisher_in("© 2021 The Lima Courier. All rights reserved.")
    'The Lima Courier'
    """
    for form in _PUBLISHER:
        if found := form.search(words):
            name = found["name"].strip(" .,-–")
            if name and name[0].isupper() and len(name.split()) <= 8:
                return name
    return None
