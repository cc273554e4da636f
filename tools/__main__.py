"""Runs code generators and linters side by side; shows the output of those that fail.

Each generator has an app of its own in `.build/tools`: what `tools/apps` holds, with the configuration of
docs/how-to/use-schema-tools.md, the schema, and the examples of docs/reference/graphql-api.md as documents.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
TOOLS = CHECKOUT / "tools"
BUILD = CHECKOUT / ".build/tools"
SCHEMA = "schema.client.graphql"
EXAMPLES, RECIPE = "docs/reference/graphql-api.md", "docs/how-to/use-schema-tools.md"
BIN = "node_modules/.bin"
DOCUMENTS = ".build/tools/documents"
SECONDS = 120
APPS = {"codegen": ("codegen.ts", "ts"), "relay": ("relay.config.js", "js"), "python": ("pyproject.toml", "toml")}
COMMANDS = {  # where, and what
    "graphql-eslint": (
        ".", f"tools/{BIN}/eslint --max-warnings 0 --config tools/eslint.config.mjs {SCHEMA} {DOCUMENTS}"
    ),
    "graphql-inspector": (".", f"tools/{BIN}/graphql-inspector validate '{DOCUMENTS}/*.graphql' {SCHEMA}"),
    "GraphQL Code Generator": (".build/tools/codegen", f"{BIN}/graphql-codegen && {BIN}/tsc"),
    "Relay's compiler": (".build/tools/relay", f"{BIN}/relay-compiler relay.config.js"),
    "ariadne-codegen": (".build/tools/python", "../../../.venv-tools/bin/ariadne-codegen"),
}  # fmt: skip


def main() -> int:
    """Run all tools; the exit status is 1 if one fails."""
    examples = _blocks(EXAMPLES, "graphql")
    shutil.rmtree(BUILD, ignore_errors=True)
    _write_documents(CHECKOUT / DOCUMENTS, examples)
    for app in APPS:
        _make_app(app)
    _write_documents(BUILD / "python/queries", examples)
    tagged = [f"graphql(`{example}`);\n" for example in examples]
    (BUILD / "codegen/src/examples.ts").write_text(f"import {{ graphql }} from './gql';\n{''.join(tagged)}")
    return _run()


def _blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (CHECKOUT / page).read_text(encoding="utf-8"), re.DOTALL)


def _write_documents(folder: Path, documents: list[str]) -> None:
    folder.mkdir(parents=True)
    for number, document in enumerate(documents, 1):
        (folder / f"{number:02}.graphql").write_text(document, encoding="utf-8")


def _make_app(app: str) -> None:
    folder = BUILD / app
    sources = TOOLS / "apps" / app
    if sources.is_dir():
        shutil.copytree(sources, folder)
    folder.mkdir(exist_ok=True)
    file, language = APPS[app]
    (configuration,) = _blocks(RECIPE, language)
    (folder / file).write_text(configuration, encoding="utf-8")
    for name in (SCHEMA, "schema.scalars.json"):
        shutil.copy(CHECKOUT / name, folder)
    (folder / "node_modules").symlink_to(TOOLS / "node_modules")


def _run() -> int:
    running = {
        name: subprocess.Popen(
            command, shell=True, cwd=CHECKOUT / folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for name, (folder, command) in COMMANDS.items()
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
