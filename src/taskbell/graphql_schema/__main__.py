"""Prints the schema, and compares it with the last release.

`python -m taskbell.graphql_schema` writes schema.graphql and schema.client.graphql; `--check` fails if one of them is
out of date, or if the schema breaks the last release without a line in released/declared.txt; `--release` makes the
schema the last release.
"""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from taskbell.graphql_schema.breaking_changes import release, undeclared_breaking_changes
from taskbell.graphql_schema.schema import printed_client_schema, printed_schema

CHECKOUT = Path(__file__).parents[3]
SCHEMA, CLIENT_SCHEMA = "schema.graphql", "schema.client.graphql"


def main() -> int:
    """Write, check or release; the exit status is 1 if a check fails."""
    parser = argparse.ArgumentParser(
        prog="python -m taskbell.graphql_schema",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true")
    mode.add_argument("--release", action="store_true")
    args = parser.parse_args()
    texts = {SCHEMA: printed_schema(), CLIENT_SCHEMA: printed_client_schema()}
    if args.check:
        return _check(texts)
    for name, text in texts.items():
        _replace(CHECKOUT / name, text)
    if args.release:
        release(texts[SCHEMA])
    return 0


def _replace(path: Path, text: str) -> None:
    """Write a file at once: a local system that is running serves schema.graphql when it changes."""
    new = path.with_suffix(".new")
    new.write_text(text)
    new.replace(path)


def _check(texts: Mapping[str, str]) -> int:
    errors = [f"Breaks the last release: {change}" for change in undeclared_breaking_changes(texts[SCHEMA])]
    for name, text in texts.items():
        path = CHECKOUT / name
        if not path.exists() or path.read_text() != text:
            errors.append(f"{name} is out of date with src/taskbell/graphql_schema/. Run: make schema")
    for error in errors:
        sys.stderr.write(f"{error}\n")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
