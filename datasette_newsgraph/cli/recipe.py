"""How to get from texts to something that can be loaded: the shortest way, with spaCy."""

from __future__ import annotations

#: Reads the texts of a folder, and writes a file in the format ``spacy``.
RECIPE = """\
import json, pathlib, spacy

nlp = spacy.load("en_core_web_sm")
with open("articles.jsonl", "w") as out:
    for path in sorted(pathlib.Path("articles").glob("*.txt")):
        document = nlp(path.read_text("utf-8"))
        print(json.dumps(document.to_json()), file=out)
"""
