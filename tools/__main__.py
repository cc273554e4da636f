"""Runs the tools side by side, each by its own defaults; shows the output of those that fail."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
HERE = Path(__file__).resolve().parent.relative_to(CHECKOUT)
BUILD = Path(".build/tools")
SCHEMA, DOCUMENTS = "schema.client.graphql", BUILD / "documents"
PAGE = "docs/reference/graphql-api.md"
SECONDS = 120
BIN = "node_modules/.bin"
TOOLS = {  # each beside its own configuration, except the ones that want to run where graphql.config.yml is
    "graphql-eslint": f"{HERE}/{BIN}/eslint --max-warnings 0 --config {HERE}/eslint.config.mjs {SCHEMA} {DOCUMENTS}",
    "graphql-inspector": f"{HERE}/{BIN}/graphql-inspector validate '{DOCUMENTS}/*.graphql' {SCHEMA}",
    "GraphQL Code Generator": f"cd {HERE} && {BIN}/graphql-codegen --config codegen.ts && {BIN}/tsc -p .",
    "Relay's compiler": f"cd {HERE} && {BIN}/relay-compiler relay.config.js",
    "ariadne-codegen": f".venv-tools/bin/ariadne-codegen --config {HERE}/ariadne-codegen.toml",
}


def extract_documents() -> None:
    """Write each example of the documentation into a file of its own."""
    examples = re.findall(r"```graphql\n(.*?)```", (CHECKOUT / PAGE).read_text(encoding="utf-8"), re.DOTALL)
    for number, example in enumerate(examples, 1):
        (CHECKOUT / DOCUMENTS / f"{number:02}.graphql").write_text(example, encoding="utf-8")


def main() -> int:
    """Run all tools; the exit status is 1 if one fails."""
    shutil.rmtree(CHECKOUT / BUILD, ignore_errors=True)
    for folder in ("documents", "relay"):  # Relay's compiler makes none
        (CHECKOUT / BUILD / folder).mkdir(parents=True)
    extract_documents()
    running = {
        name: subprocess.Popen(
            command, shell=True, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for name, command in TOOLS.items()
    }
    failed = False
    for name, process in running.items():
        output, _ = process.communicate(timeout=SECONDS)
        if process.returncode:
            failed = True
            sys.stderr.write(f"{name} failed ({process.returncode}):\n{output}\n")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
