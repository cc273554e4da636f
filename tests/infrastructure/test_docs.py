"""The documentation builds without a warning and without a network, names what exists, and its tutorial works."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TUTORIAL = "docs/tutorials/first-field.md"
PAGES = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "docs")
ROOTS = r"(?:src|resolvers|processors|local|packages|infrastructure|benchmarks|examples|docs|tests|tools|requirements)"
PATH = re.compile(rf"`({ROOTS}/[\w./-]*)`")
NAMED = re.compile(r"\b(test_\w+)")
OUTSIDE = re.compile(r"<(?:link|script|img|iframe)\b[^>]*(?:href|src)=\"(?:https?:)?//")
STEP = re.compile(r"```diff\n# (\S+)\n(.*?)```", re.DOTALL)
NEW_FILE = re.compile(r"Create `(\S+)`:\n\n```python\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def site(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    build = [
        sys.executable,
        "-m",
        "mkdocs",
        "build",
        "--strict",
        "--site-dir",
        str(folder),
    ]  # with --quiet nothing counts
    done = subprocess.run(build, cwd=checkout, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def test_the_site_loads_nothing_from_elsewhere(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 20
    assert [page for page in pages if OUTSIDE.search(page.read_text(encoding="utf-8"))] == []


def test_every_file_that_a_page_names_is_there(checkout: Path) -> None:
    created = {name for name, _ in NEW_FILE.findall((checkout / TUTORIAL).read_text(encoding="utf-8"))}
    named = {(page, name) for page in _pages(checkout) for name in PATH.findall(page.read_text(encoding="utf-8"))}
    missing = [(page.name, name) for page, name in named if name not in created and not (checkout / name).exists()]
    assert missing == []


def test_every_test_that_a_page_names_is_there(checkout: Path) -> None:
    tests = [path for root in ("tests", "packages") for path in (checkout / root).rglob("test_*.py")]
    known = {path.stem for path in tests} | {
        name for path in tests for name in re.findall(r"^(?:async )?def (test_\w+)", path.read_text(), re.MULTILINE)
    }
    pages = [page for page in _pages(checkout) if page != checkout / TUTORIAL]
    named = {(page, name) for page in pages for name in NAMED.findall(page.read_text(encoding="utf-8"))}
    assert [(page.name, name) for page, name in named if name not in known] == []


def test_the_tutorials_steps_fit_the_code_and_its_test_passes(checkout: Path, tmp_path: Path) -> None:
    for folder in ("src", "resolvers", "tests", "docs"):
        shutil.copytree(checkout / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "golden"))
    for name in ("schema.graphql", "pyproject.toml"):
        shutil.copy(checkout / name, tmp_path)
    text = (checkout / TUTORIAL).read_text(encoding="utf-8")
    for name, content in NEW_FILE.findall(text):
        (tmp_path / name).write_text(content, encoding="utf-8")
    for name, step in STEP.findall(text):
        _apply(step, tmp_path / name)
    _python(tmp_path, "-m", "taskbell.graphql_schema")
    assert (tmp_path / "schema.graphql").read_text().count("estimatedMinutes: Int") == 4
    for command in (["check"], ["format", "--check"]):
        _python(tmp_path, "-m", "ruff", *command, "src", "resolvers", "tests/unit/test_estimates.py")
    for chosen in ("tests/unit/test_estimates.py", _file_of(tmp_path, "test_the_push_selects_every_field")):
        _python(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", chosen)


def _apply(step: str, file: Path) -> None:
    """Replace the step's old lines (without `+`), which must stand in the file once, by its new ones (without `-`)."""
    lines = step.splitlines()
    before, after = ("".join(f"{line[1:]}\n" for line in lines if not line.startswith(mark)) for mark in "+-")
    text = file.read_text(encoding="utf-8")
    assert f"\n{text}".count(f"\n{before}") == 1, (file.name, before)
    file.write_text(f"\n{text}".replace(f"\n{before}", f"\n{after}")[1:], encoding="utf-8")


def _python(folder: Path, *arguments: str) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder / "src"), str(folder)])}
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _file_of(folder: Path, test: str) -> str:
    (found,) = [path for path in (folder / "tests").rglob("test_*.py") if f"def {test}" in path.read_text()]
    return str(found.relative_to(folder))


def _pages(checkout: Path) -> list[Path]:
    roots = [checkout / name for name in PAGES]
    return [page for root in roots for page in ([root] if root.is_file() else sorted(root.rglob("*.md")))]
