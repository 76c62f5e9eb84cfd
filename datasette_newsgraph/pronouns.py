"""Closed lists of pronouns: "he" is somebody else in every article.

Personal, reflexive, demonstrative and relative pronouns that extraction tools give as names, each
language in its own list, case-folded.
"""

from __future__ import annotations

from functools import lru_cache

_LISTS = {
    "en": "i me my mine myself we us our ours ourselves you your yours yourself yourselves he him"
    " his himself she her hers herself it its itself they them their theirs themselves themself one"
    " oneself who whom whose which that this these those someone somebody anyone anybody everyone"
    " everybody nobody others another both",
    "de": "ich mich mir mein meine wir uns unser unsere du dich dir dein deine ihr euch euer er ihn"
    " ihm sein seine sie ihre ihrer ihnen es sich selbst man wer wen wem dessen deren dieser diese"
    " dieses jener jene jenes jemand niemand",
    "fr": "je me moi mon ma mes nous notre nos tu te toi ton ta tes vous votre vos il lui son sa ses"
    " elle elles ils eux leur leurs se soi on qui que dont celui celle ceux celles ceci cela ça"
    " lui-même elle-même eux-mêmes",
    "es": "yo me mí mi mis nosotros nosotras nos nuestro nuestra tú te ti tu tus vosotros os usted"
    " ustedes él ella ello ellos ellas le les lo la los las su sus se sí quien quienes que este esta"
    " esto estos estas ese esa eso aquel aquella",
    "it": "io me mi mio mia noi ci nostro nostra tu te ti tuo tua voi vi vostro egli lui lei ella"
    " esso essa loro essi esse gli le lo la si sé suo sua suoi sue chi che cui questo questa questi"
    " quello quella quelli",
    "pt": "eu me mim meu minha nós nos nosso nossa tu te ti teu tua você vocês ele ela eles elas lhe"
    " lhes o a os as se si seu sua seus suas quem que este esta isto esse essa isso aquele aquela",
    "nl": "ik me mij mijn wij we ons onze jij je jou jouw u uw hij hem zijn zij ze haar het hun hen"
    " zich zichzelf men wie die dat deze dit iemand niemand",
    "ru": "я меня мне мной мы нас нам нами ты тебя тебе тобой вы вас вам вами он его ему им нём она её"
    " ее ей ею оно они их ими них себя себе собой свой кто кого кому который которая которые это этот"
    " эта эти тот та те",
    "uk": "я мене мені мною ми нас нам нами ти тебе тобі ви вас вам вами він його йому ним вона її їй"
    " нею воно вони їх їм ними себе собі свій хто кого який яка які це цей ця ці той та ті",
    "ar": "أنا نحن أنت أنتم هو هي هما هم هن إياه هذا هذه ذلك تلك هؤلاء الذي التي الذين",
    "fa": "من ما تو شما او وی ایشان آنها آن‌ها آنان خود خودش این آن اینها کسی",
    "zh": "我 我们 我們 你 妳 您 你们 你們 他 她 它 他们 他們 她们 她們 它们 自己"
    " 这 這 那 这个 那个 谁 誰",
    "ja": "私 私たち 僕 俺 あなた 彼 彼女 彼ら 自分 これ それ あれ この人 その人 誰",
    "ko": "나 저 우리 저희 너 당신 그 그녀 그들 자신 이것 그것 저것 누구",
    "tr": "ben beni bana biz bizi bize sen seni sana siz sizi size o onu ona onun onlar onları"
    " onların kendi kendisi bu şu kim",
}
PRONOUNS: dict[str, frozenset[str]] = {
    language: frozenset(words.casefold().split()) for language, words in _LISTS.items()
}
_ANY_LANGUAGE = frozenset().union(*PRONOUNS.values())


@lru_cache(maxsize=256)
def pronouns_of(language: str | None) -> frozenset[str]:
    """Return the pronouns of a language (a BCP 47 tag), case-folded.

    Without a language, or in one that has no list here, all of them: a name that stays local to its
    article does less harm than two people who become one.
    """
    subtag = (language or "").lower().replace("_", "-").partition("-")[0]
    return PRONOUNS.get(subtag, _ANY_LANGUAGE)
