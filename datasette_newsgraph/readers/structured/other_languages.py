"""The keys that prompts in German, French, Spanish and Italian ask for."""

from __future__ import annotations

from collections.abc import Mapping

#: What lists of things and of links are called.
THING_LISTS = ("entitäten", "entitaeten", "entités", "entites", "entidades", "entità", "entita")
LINK_LISTS = ("beziehungen", "relationen", "relaciones", "relazioni")
QUOTE_LISTS = ("zitate", "citas", "citazioni")
#: What lists are called that hold the names of one type, with that type.
TYPE_LISTS: Mapping[str, str] = {
    **dict.fromkeys(("personen", "personnes", "personas", "persone"), "Person"),
    **dict.fromkeys(("organisationen", "organizaciones", "organizzazioni"), "Organization"),
    **dict.fromkeys(("orte", "lieux", "lugares", "luoghi"), "Place"),
}
#: By role the keys of things and links.
THINGS: Mapping[str, tuple[str, ...]] = {
    "name": ("nom", "nombre", "nome"),
    "type": ("typ", "tipo"),
    "description": ("beschreibung", "descripción", "descripcion", "descrizione"),
}
LINKS: Mapping[str, tuple[str, ...]] = {
    "subject": ("subjekt", "sujet", "sujeto", "soggetto", "quelle", "origen"),
    "object": ("objekt", "objet", "objeto", "oggetto", "ziel", "destino"),
    "predicate": (
        *("prädikat", "praedikat", "prédicat", "predicat", "predicado", "predicato"),
        *("beziehung", "relación", "relacion", "relazione"),
    ),
}
TEXTS = ("texte", "texto", "testo")
