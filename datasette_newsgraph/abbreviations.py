"""Closed lists of abbreviations: what their full stop says of the end of a sentence.

Words with full stops in them, single letters and words without a vowel are known without a list.
"""

from __future__ import annotations

_LISTS = {
    # Never the last word of a sentence: a name follows.
    "before names": "Adm Brig Capt Cmdr Col Cpl Dr Dra Fr Gen Gov Hon Insp Lt Maj Messrs Mme Mr Mrs"
    " Ms Mt Pres Prof Rep Rev Sen Sgt Sra St Ste Supt Hr Frau Sig Dott Avv Dhr Mevr Exmo"
    " др проф акад ген им ул тов гр обл κ κα αγ",
    # So before a number. Before other words, some of them are words themselves.
    "before numbers": "Abs Art Bd Fig Kap No Nos Nr Núm Op Pág Sec Vol art ca cap ch circa fig no nos"
    " nr núm p pág pp sec vol стр п ст тел",
    # In the middle of a sentence, or at its end.
    "anywhere": "Jan Feb Apr Aug Sept Sep Oct Okt Nov Dec Dez Ave Blvd Bros Co Corp Dept Est Inc Jr"
    " Ltd Mio Mrd Sr Univ Rd approx bzw cf dgl ed eds etc evtl inkl incl max min resp usw vs zzgl"
    " млн млрд тыс руб напр т г гг",
    # Words that begin sentences and hardly ever names: before them an abbreviation was the last word.
    "beginning": "After All Also An And As At Before But By During For From He Her His How However If"
    " In It Its Many More Most Nobody Not Now On Once One Our Police She Since So Some Such That The"
    " Their Then There These They This Those Though Three Two Under Until We What When Where While Who"
    " Why With You Yet"
    " Aber Am Auch Auf Bei Das Der Die Doch Ein Eine Er Es Für Im Nach Sie Und Wir"
    " Cette Ces Dans Elle Elles En Il Ils Les Mais Nous On Pour Selon Sur Un Une"
    " El Los Las Pero Según Su Gli Lo Ma Nel Per Os Na Não Het Dat Een"
    " В На Но Он Она Они По Это Как Ο Η Το Οι Τα Στο Στην",
    # Languages in which a number with a full stop is an ordinal: "3. Oktober".
    "with ordinals": "bs cs da de et fi fo gsw hr hu is lb lv nb nds nn no pl sk sl sr sv tr",
}
_SETS = {name: frozenset(words.split()) for name, words in _LISTS.items()}

BEFORE_NAMES = _SETS["before names"]
BEFORE_NUMBERS = _SETS["before numbers"]
ANYWHERE = _SETS["anywhere"]
BEGINNING = _SETS["beginning"]
WITH_ORDINALS = _SETS["with ordinals"]
#: The last three letters of all: a word that ends otherwise is none of them.
TAILS = frozenset(each[-3:] for each in BEFORE_NAMES | BEFORE_NUMBERS | ANYWHERE)
