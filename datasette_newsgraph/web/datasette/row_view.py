"""The page of a row in Datasette 0.65, made to show no more than 1.0's, and no less: numbers of rows in
tables that the visitor may see, and for the numbers of other rows their labels, as links.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from datasette.utils import tilde_encode
from datasette.views.row import RowView
from markupsafe import Markup

from datasette_newsgraph.web.datasette.lines import may_view

_LABELLED = Markup('<a href="{address}">{label}</a>&nbsp;<em>{number}</em>')


def row_view(datasette: Any, has_graph: Callable[[str], bool]) -> Any:
    """Return the view of a row. In a database that ``has_graph`` says nothing of, it labels nothing."""

    class KeptRowView(RowView):  # type: ignore[misc]  # datasette has no annotations
        async def data(self, request: Any, default_labels: bool = False) -> Any:
            self.actor = request.actor
            data, template_data, templates = await super().data(request, default_labels)
            database, table = data["database"], data["table"]
            if not has_graph(database):
                return data, template_data, templates

            async def labelled() -> Any:
                context = await template_data()
                for row in context["display_rows"]:
                    await _label(self.ds, database, table, row.cells)
                return context

            return data, labelled, templates

        async def foreign_key_tables(self, database: str, table: str, pk_values: Any) -> Any:
            # SQLite knows a table by its name in any case, and Datasette its foreign keys by one.
            names = await self.ds.databases[database].table_names()
            named = next((each for each in names if each.lower() == table.lower()), table)
            return [
                each
                for each in await super().foreign_key_tables(database, named, pk_values)
                if await may_view(self.ds, self.actor, database, each["other_table"])
            ]

    return KeptRowView.as_view(datasette)


async def _label(datasette: Any, database: str, table: str, cells: list[dict[str, Any]]) -> None:
    """Put a label and a link into the cells that hold the number of another row."""
    keys = await datasette.databases[database].foreign_keys_for_table(table)
    others = {key["column"]: key["other_table"] for key in keys}
    for cell in cells:
        column, number = cell["column"], cell["raw"]
        # What a plugin has made of a cell is left.
        if column not in others or number is None or cell["value"] != str(number):
            continue
        # None where the other table is hidden.
        labels = await datasette.expand_foreign_keys(database, table, column, [number])
        if (column, number) in labels:
            address = datasette.urls.row(database, others[column], tilde_encode(str(number)))
            label = labels[column, number] or "-"
            cell["value"] = _LABELLED.format(address=address, label=label, number=number)
