"""``python -m datasette_newsgraph``: the command line."""

from datasette_newsgraph.cli import cli

if __name__ == "__main__":
    cli(prog_name="newsgraph")
