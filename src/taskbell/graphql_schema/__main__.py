"""Prints the schema, and compares it with the last release.

`python -m taskbell.graphql_schema` writes schema.graphql; `--check` fails if that file is out of date, or if the schema
breaks the last release without a line in released/declared.txt; `--release` makes the schema the last release.
"""

import argparse
import sys
from pathlib import Path

from taskbell.graphql_schema.breaking_changes import release, undeclared_breaking_changes
from taskbell.graphql_schema.schema import printed_schema

SCHEMA = Path(__file__).parents[3] / "schema.graphql"


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
    text = printed_schema()
    if args.check:
        return _check(text)
    SCHEMA.write_text(text)
    if args.release:
        release(text)
    return 0


def _check(text: str) -> int:
    errors = [f"Breaks the last release: {change}" for change in undeclared_breaking_changes(text)]
    if not SCHEMA.exists() or SCHEMA.read_text() != text:
        errors.append("schema.graphql is out of date with src/taskbell/graphql_schema/. Run: make schema")
    for error in errors:
        sys.stderr.write(f"{error}\n")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
