"""Prints the contract: `python -m graph` writes schema.graphql, `python -m graph --check` fails if it is stale."""

import argparse
import sys
from pathlib import Path

from graph.schema import printed_schema

SCHEMA = Path(__file__).parent.parent / "schema.graphql"


def main() -> int:
    """Write or check schema.graphql; 1 when the check finds it stale."""
    parser = argparse.ArgumentParser(prog="python -m graph", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    text = printed_schema()
    if not parser.parse_args().check:
        SCHEMA.write_text(text)
    elif not SCHEMA.exists() or SCHEMA.read_text() != text:
        sys.stderr.write("schema.graphql is not what graph/ prints. Run: make schema\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
