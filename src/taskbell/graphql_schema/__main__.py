"""Prints the contract, and holds it against what was released.

`python -m taskbell.graphql_schema` writes schema.graphql; `--check` fails if that file is stale, or if the contract
breaks the last release and released/declared.txt does not say so; `--release` makes the contract the last release.
"""

import argparse
import sys
from pathlib import Path

from taskbell.graphql_schema.breaking_changes import release, undeclared_breaking_changes
from taskbell.graphql_schema.schema import printed_schema

SCHEMA = Path(__file__).parents[3] / "schema.graphql"


def main() -> int:
    """Write, check or release; 1 when a check fails."""
    parser = argparse.ArgumentParser(
        prog="python -m taskbell.graphql_schema",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true")
    what.add_argument("--release", action="store_true")
    asked = parser.parse_args()
    text = printed_schema()
    if asked.check:
        return _check(text)
    SCHEMA.write_text(text)
    if asked.release:
        release(text)
    return 0


def _check(text: str) -> int:
    faults = [f"Breaks the last release: {change}" for change in undeclared_breaking_changes(text)]
    if not SCHEMA.exists() or SCHEMA.read_text() != text:
        faults.append("schema.graphql is not what the types in src/taskbell/graphql_schema/ print. Run: make schema")
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
