"""What is built from, and what is inside: pinned, listed, and checked."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from infrastructure.sbom import write_sbom
from tests.infrastructure.compiled import CHECKOUT

RUFF = Path(sys.executable).with_name("ruff")
PRODUCT = (
    "src/taskbell", "resolvers", "processors", "infrastructure", "local", "benchmarks", "examples",
    "packages/appsync-local/src/appsync_local",
)  # fmt: skip
# One finding for each family of the rules: code from text, shell, deserialization, weak digest, temporary file, SQL.
INSECURE = '''"""Insecure."""
import hashlib, os, pickle, tempfile
eval(input())
os.system(input())
pickle.loads(input().encode())
hashlib.md5(b"")
tempfile.mktemp()
QUERY = "SELECT * FROM tasks WHERE id = '%s'" % input()
'''
WORKFLOWS = sorted((CHECKOUT / ".github/workflows").glob("*.yml"))


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with two distributions, one of which has a file of that name deeper down, and Swagger UI."""
    path = tmp_path / "functions.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("b-2.0.dist-info/METADATA", "Name: b\nVersion: 2.0\nLicense-Expression: MIT OR Apache-2.0\n")
        archive.writestr("a_a-1.0.dist-info/METADATA", "Name: a_a\nVersion: 1.0\nLicense: All of it:\n line\n")
        archive.writestr("b/vendored/c-3.0.dist-info/METADATA", "Name: c\nVersion: 3.0\n")
        archive.writestr("taskbell/rest/swagger_ui_dist/swagger-ui.css", "")
    return path


def test_the_bill_of_materials_lists_what_is_in_the_package_and_names_its_hash(package: Path, tmp_path: Path) -> None:
    document = _bill_of(package, tmp_path / "sbom.json")
    locked = json.loads((CHECKOUT / "package-lock.json").read_text())["packages"]["node_modules/swagger-ui-dist"]
    assert [component["purl"] for component in document["components"]] == [
        "pkg:pypi/a-a@1.0",
        "pkg:pypi/b@2.0",
        "pkg:pypi/c@3.0",
        f"pkg:npm/swagger-ui-dist@{locked['version']}",
    ]
    (digest,) = document["metadata"]["component"]["hashes"]
    assert digest["alg"] == "SHA-256"
    assert document["dependencies"][-1] == {
        "ref": "taskbell",
        "dependsOn": sorted(component["purl"] for component in document["components"]),
    }


def test_equal_packages_have_equal_bills_of_materials(package: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    write_sbom(package, first, CHECKOUT)
    write_sbom(package, second, CHECKOUT)
    assert first.read_bytes() == second.read_bytes()
    assert "timestamp" not in first.read_text()
    with zipfile.ZipFile(package, "a") as archive:
        archive.writestr("more.py", "")
    write_sbom(package, second, CHECKOUT)
    serials = [json.loads(path.read_text())["serialNumber"] for path in (first, second)]
    assert serials[0] != serials[1]


def test_make_package_and_make_audit_do_what_the_documentation_says() -> None:
    makefile = (CHECKOUT / "Makefile").read_text()
    assert "-m infrastructure.build_package" in _recipe(makefile, "package")
    audit = _recipe(makefile, "audit")
    assert "pip-audit --disable-pip --require-hashes --strict" in audit  # what could not be looked up is no success
    assert [f"requirements/{name}.txt" in audit for name in ("runtime", "dev", "aws")] == [True] * 3
    assert audit.count("npm audit") == 3  # ours, that of the clients in the end-to-end tests, that of the schema tools


def test_every_installation_takes_what_is_locked() -> None:
    for path in [CHECKOUT / "Makefile", CHECKOUT / "buildspec.yml", CHECKOUT / ".ci/run", *WORKFLOWS]:
        text = path.read_text().replace("\\\n", " ")
        for line in re.findall(r"^.*pip (?:install|sync).*$", text, re.MULTILINE):
            assert re.search(r"--require-hashes|--offline|--constraint requirements/dev\.txt", line), line
        assert not re.search(r"\bnpm (install|i|update)\b|\bnpx (?!--no-install)", text), path


@pytest.mark.parametrize("folder", PRODUCT)
def test_the_security_rules_are_on_for_all_product_code(folder: str) -> None:
    checked = subprocess.run(
        [RUFF, "check", "--output-format", "json", "--stdin-filename", f"{folder}/new.py", "-"],
        cwd=CHECKOUT, input=INSECURE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = {finding["code"] for finding in json.loads(checked.stdout)}
    assert {"S301", "S306", "S307", "S324", "S605", "S608"} <= found


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_runs_pinned_actions_with_no_right_but_to_read(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text())
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        assert "permissions" not in job
        for step in job["steps"]:
            if action := step.get("uses"):
                assert re.fullmatch(r"[\w-]+/[\w/-]+@[0-9a-f]{40}", action), action
            if "checkout" in step.get("uses", ""):
                assert step["with"]["persist-credentials"] is False
            assert "${{" not in step.get("run", ""), "what an event says is no part of a script"
    assert "pull_request_target" not in path.read_text()


def _bill_of(package: Path, output: Path) -> dict[str, Any]:
    write_sbom(package, output, CHECKOUT)
    document: dict[str, Any] = json.loads(output.read_text())
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    return document


def _recipe(makefile: str, target: str) -> str:
    (recipe,) = re.findall(rf"^{target}:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    return str(recipe)
