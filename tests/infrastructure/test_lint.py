"""The public linters accept what is deployed, and the lock files have no download addresses."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

CFN_LINT = Path(sys.executable).with_name("cfn-lint")


@pytest.mark.parametrize("stage", ["local", "production"])
def test_cfn_lint_accepts_the_compiled_template(compiled_file: Callable[[str], Path], stage: str) -> None:
    assert _run(CFN_LINT, compiled_file(stage)) == ""


@pytest.mark.parametrize("template", ["pipeline", "web"])
def test_cfn_lint_accepts_what_is_deployed_beside_a_stage(checkout: Path, template: str) -> None:
    assert _run(CFN_LINT, checkout / f"infrastructure/{template}.yml") == ""


def test_asl_validator_accepts_the_workflow(checkout: Path) -> None:
    validator = checkout / "node_modules/.bin/asl-validator"
    assert "is valid" in _run(validator, "--yaml-path", checkout / "infrastructure/task_lifecycle.asl.yml")


@pytest.mark.parametrize("folder", ["", "tests/e2e/clients", "tools"])
def test_the_node_lock_pins_every_package_by_checksum_and_names_no_registry(checkout: Path, folder: str) -> None:
    packages = json.loads((checkout / folder / "package-lock.json").read_text())["packages"]
    ours = {package["resolved"] for package in packages.values() if package.get("link")}  # workspaces
    installed = {
        name: package for name, package in packages.items() if name not in {"", *ours} and not package.get("link")
    }
    assert [name for name, package in installed.items() if "resolved" in package] == []
    bundled = {name for name, package in installed.items() if package.get("inBundle")}
    weak = [name for name, package in installed.items() if not package.get("integrity", "").startswith("sha512-")]
    assert set(weak) <= bundled


@pytest.mark.parametrize("folder", ["", "tools"])
def test_every_version_of_the_node_tools_is_exact(checkout: Path, folder: str) -> None:
    package = json.loads((checkout / folder / "package.json").read_text())
    assert [v for v in package["devDependencies"].values() if not re.fullmatch(r"\d+\.\d+\.\d+", v)] == []


def test_the_plugins_serverless_is_the_fork_that_is_installed(checkout: Path) -> None:
    package = json.loads((checkout / "package.json").read_text())
    assert package["overrides"] == {"serverless": f"npm:osls@{package['devDependencies']['osls']}"}


@pytest.mark.parametrize("lock", ["runtime", "dev", "aws", "tools"])
def test_the_python_locks_pin_every_package_by_checksum_and_name_no_index(checkout: Path, lock: str) -> None:
    text = (checkout / f"requirements/{lock}.txt").read_text()
    assert "://" not in text
    assert re.findall(r"^\s*(?:-i|--(?:extra-)?index-url|--find-links|--trusted-host)\b", text, re.MULTILINE) == []
    pins = re.findall(r"^[A-Za-z0-9]\S*==\S+(?: ; .+)? \\\n +--hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    assert len(pins) == len(re.findall(r"^[A-Za-z0-9]", text, re.MULTILINE))


def _run(*command: str | Path) -> str:
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout.strip()
