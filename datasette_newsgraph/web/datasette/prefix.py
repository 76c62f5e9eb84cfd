"""Served under a prefix (``base_url``): every address has it once, whether the proxy keeps it in the
paths that it hands on or takes it away.

Where it is kept Datasette finds its way, but makes links of the path asked for and puts the prefix
before them once more: in facets, sorting, next pages and other formats. So it is taken away before
Datasette sees it.
"""

from __future__ import annotations

from typing import Any

from datasette.utils import path_with_replaced_args


def without_prefix(datasette: Any, app: Any) -> Any:
    """Wrap Datasette's application so that it is asked for paths without its prefix."""
    prefix = datasette.setting("base_url")
    if prefix == "/":
        return app
    encoded = prefix.encode("utf-8")

    async def unprefixed(scope: Any, receive: Any, send: Any) -> None:
        path, raw_path = scope.get("path") or "", scope.get("raw_path")
        # Datasette goes by the path as it came, where the server has it.
        if path.startswith(prefix) and (raw_path is None or raw_path.startswith(encoded)):
            scope = scope | {"path": "/" + path.removeprefix(prefix)}
            if raw_path is not None:
                scope["raw_path"] = b"/" + raw_path.removeprefix(encoded)
        await app(scope, receive, send)

    return unprefixed


def template_vars(datasette: Any) -> dict[str, Any]:
    """Return what makes addresses in Datasette's templates: the one of all values of a facet lacks the
    prefix.
    """
    if datasette.setting("base_url") == "/":
        return {}

    def with_prefix(request: Any, arguments: Any, path: str | None = None) -> Any:
        # Where the template puts the prefix before it, too, Datasette sees that it is there already.
        return datasette.urls.path(path_with_replaced_args(request, arguments, path))

    return {"path_with_replaced_args": with_prefix}
