"""People who decide in a browser: they read pages, and send the forms that stand on them."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from datasette_newsgraph.web.settings import PLUGIN
from tests.permissions.visitors import Server, Visitor, serving

HOME = "/news/-/newsgraph"
ANA = {"id": "ana"}
#: Ana may decide, and nobody else but root.
ANA_DECIDES: dict[str, Any] = {"plugins": {PLUGIN: {"decide": {"id": "ana"}}}}


@dataclass
class Field:
    """A field of a form: all values that it can have, and those that it has."""

    kind: str
    values: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)


@dataclass
class SentForm:
    """A form on a page: where it is sent, and its fields by name; ``text`` is all that stands in it."""

    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)
    text: str = ""

    @property
    def does(self) -> str:
        return (self.fields.get("do") or Field("", [""], [""])).chosen[0]


class _Forms(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[SentForm] = []
        self._open: SentForm | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            assert self._open is None, "no form may stand in another"
            self._open = SentForm(given.get("action", ""), given.get("method", "get"))
            self.forms.append(self._open)
        if self._open is None or not given.get("name"):
            return
        kind, value = given.get("type", tag), given.get("value", "")
        found = self._open.fields.setdefault(given["name"], Field(kind))
        found.values.append(value)
        if kind not in ("radio", "checkbox", "button") or "checked" in given:
            found.chosen.append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._open.text += data


def forms(html: str, does: str | None = None) -> list[SentForm]:
    """The forms of a page by which something is decided; those that do one thing."""
    found = [each for each in _Forms(html).forms if each.method == "post"]
    # Datasette has one to log out.
    found = [each for each in found if each.action.endswith("/decide")]
    return [each for each in found if does is None or each.does == does]


class Browser:
    """Somebody's browser: it keeps cookies, and sends forms as they stand on a page."""

    def __init__(self, server: Server, actor: dict[str, Any] | None = ANA) -> None:
        self._visitor: Visitor = server.visitor(actor)
        self._client = server.datasette.client
        self._cookies: dict[str, str] = {}
        if cookie := self._visitor.headers.get("cookie"):
            name, _, value = cookie.partition("=")
            self._cookies[name] = value
        #: How often a page was loaded or a form sent.
        self.clicks = 0

    @property
    def _headers(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        return {"cookie": cookies} if cookies else {}

    async def get(self, address: str, status: int = 200) -> Any:
        """A page, which has to be there, or answered with another status."""
        self.clicks += 1
        answer = await self._client.get(address, headers=self._headers)
        self._cookies |= dict(answer.cookies)
        assert answer.status_code == status, (address, answer.status_code, answer.text[-500:])
        return answer.text

    async def send(self, form: SentForm, **changed: str | list[str]) -> Any:
        """The answer to a form in which some fields were changed; where it leads is not followed."""
        self.clicks += 1
        values = {name: each.chosen for name, each in form.fields.items()}
        for name, value in changed.items():
            assert name in form.fields, (name, list(form.fields))
            values[name] = [value] if isinstance(value, str) else value
            if form.fields[name].kind in ("radio", "checkbox"):
                assert {*values[name]} <= {*form.fields[name].values}, name
        return await self.post(form.action, values)

    async def post(self, address: str, values: Any, **headers: str) -> Any:
        """The answer to a form, as it was made by whom ever."""
        return await self._client.post(
            address,
            content=urlencode(values, doseq=True),
            headers=self._headers
            | {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}
            | {name.replace("_", "-"): value for name, value in headers.items()},
        )

    async def decide(self, form: SentForm, **changed: str | list[str]) -> str:
        """The page to which a form leads that was sent."""
        answer = await self.send(form, **changed)
        assert answer.status_code == 303, (answer.status_code, answer.text[-800:])
        await settled(self._client.ds)
        address: str = answer.headers["location"]
        answer = await self._client.get(address, headers=self._headers)
        self._cookies |= dict(answer.cookies)
        return str(answer.text)


async def settled(datasette: Any) -> None:
    """Wait until what is written behind the pages of a server has been written."""
    for database in datasette.databases.values():
        if database.is_mutable and database.path:
            await database.execute_write_fn(lambda connection: None)


@asynccontextmanager
async def deciding(path: Path, **options: Any) -> AsyncIterator[tuple[Server, Browser]]:
    """A server of a graph, and Ana's browser."""
    config = options.pop("config", ANA_DECIDES)
    async with serving(path, config, **options) as server:
        try:
            yield server, Browser(server)
        finally:
            # Its connections are about to be closed.
            await settled(server.datasette)


def copied(path: Path, folder: Path) -> Path:
    """A copy of a graph, called news, that may be written to."""
    copy = folder / "news.db"
    shutil.copy(path, copy)
    return copy


def rows(path: Path, sql: str, *parameters: Any) -> list[Any]:
    """Rows of a database."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql, parameters).fetchall()


def value(path: Path, sql: str, *parameters: Any) -> Any:
    """The only value of the only row."""
    ((found,),) = rows(path, sql, *parameters)
    return found


def log(path: Path) -> list[dict[str, Any]]:
    """What is in the log of decisions, as far as it is given."""
    names = ("verdict", "kind", "left_key", "right_key", "keep", "articles", "value")
    names += ("decided_by", "how", "why")
    return [
        {name: each for name, each in zip(names, row, strict=True) if each is not None}
        for row in rows(path, f"SELECT {', '.join(names)} FROM decisions ORDER BY id")
    ]


def articles_in(entry: dict[str, Any]) -> list[str]:
    """The articles of a split."""
    found: list[str] = json.loads(entry["articles"])
    return found
