"""Runs code generators and linters side by side; shows the output of those that fail.

Each generator has an app of its own in `.build/tools`: the files and commands of its section in
docs/how-to/generate-code.md, what `tools/apps` has besides, the schema, and as operations the examples of
docs/reference/graphql-api.md.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
TOOLS = CHECKOUT / "tools"
BUILD = CHECKOUT / ".build/tools"
SCHEMA = "schema.client.graphql"
EXAMPLES, RECIPES = "docs/reference/graphql-api.md", "docs/how-to/generate-code.md"
DOCUMENTS = ".build/tools/documents"
SECONDS = 120
PROGRAMS = os.pathsep.join([str(TOOLS / "node_modules/.bin"), str(CHECKOUT / ".venv-tools/bin"), os.environ["PATH"]])
APPS = {"GraphQL Code Generator": "codegen", "gql.tada": "gql.tada", "Relay": "relay", "Python": "python"}
TAGS = {"codegen": "./gql", "gql.tada": "./graphql"}  # the modules that tag operations
LINTERS = {
    "graphql-eslint": f"eslint --max-warnings 0 --config tools/eslint.config.mjs {SCHEMA} {DOCUMENTS}",
    "graphql-inspector": f"graphql-inspector validate '{DOCUMENTS}/*.graphql' {SCHEMA}",
}
_FILE = re.compile(r"```\w+\n(?://|#) (\S+)\n(.*?)```", re.DOTALL)

Commands = dict[str, tuple[Path, str]]  # where, and what, by name


def main() -> int:
    """Run all tools; the exit status is 1 if one fails."""
    examples = _blocks(_text(EXAMPLES), "graphql")
    shutil.rmtree(BUILD, ignore_errors=True)
    _write_documents(CHECKOUT / DOCUMENTS, examples)
    recipes = dict(section.split("\n", 1) for section in _text(RECIPES).split("\n## ")[1:])
    commands: Commands = {name: (CHECKOUT, command) for name, command in LINTERS.items()}
    for title, name in APPS.items():
        commands[title] = _make_app(BUILD / name, recipes[title], examples), _command(recipes[title])
    return _run(commands)


def _text(page: str) -> str:
    return (CHECKOUT / page).read_text(encoding="utf-8")


def _blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def _write_documents(folder: Path, documents: list[str]) -> None:
    folder.mkdir(parents=True)
    for number, document in enumerate(documents, 1):
        (folder / f"{number:02}.graphql").write_text(document, encoding="utf-8")


def _make_app(folder: Path, recipe: str, examples: list[str]) -> Path:
    sources = TOOLS / "apps" / folder.name
    if sources.is_dir():
        shutil.copytree(sources, folder)
    for name, content in _FILE.findall(recipe):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    for name in (SCHEMA, "schema.scalars.json"):
        shutil.copy(CHECKOUT / name, folder)
    (folder / "node_modules").symlink_to(TOOLS / "node_modules")
    _write_documents(folder / "queries", examples)
    if folder.name in TAGS:
        tagged = [f"graphql(`{example}`);\n" for example in examples]
        text = f"import {{ graphql }} from '{TAGS[folder.name]}';\n{''.join(tagged)}"
        (folder / "src/examples.ts").write_text(text, encoding="utf-8")
    return folder


def _command(recipe: str) -> str:
    (block,) = _blocks(recipe, "sh")
    lines = [line.removeprefix("npx ") for line in block.splitlines() if " install " not in line]
    return " && ".join(lines)


def _run(commands: Commands) -> int:
    running = {
        name: subprocess.Popen(
            command, shell=True, cwd=folder, env={**os.environ, "PATH": PROGRAMS},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        for name, (folder, command) in commands.items()
    }  # fmt: skip
    failed = False
    for name, process in running.items():
        output, _ = process.communicate(timeout=SECONDS)
        if process.returncode:
            failed = True
            sys.stderr.write(f"{name} failed ({process.returncode}):\n{output}\n")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
