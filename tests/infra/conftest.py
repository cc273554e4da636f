"""What `osls package` makes of serverless.yml, compiled once for each stage, without credentials or a network."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
SOURCES = ("serverless.yml", "infrastructure", "schema.graphql")
NOBODY_LISTENS = "http://127.0.0.1:9"
EMPTY_ZIP = b"PK\5\6" + bytes(18)

Template = dict[str, Any]
Properties = dict[str, Any]


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The folder that holds serverless.yml."""
    return CHECKOUT


@pytest.fixture(scope="session")
def compiled_file(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The compiled template of a stage, as a file."""

    @cache
    def compiled(stage: str) -> Path:
        service = tmp_path_factory.mktemp(f"service-{stage}")
        for source in SOURCES:
            copy = shutil.copytree if (CHECKOUT / source).is_dir() else shutil.copyfile
            copy(CHECKOUT / source, service / source)
        (service / "node_modules").symlink_to(CHECKOUT / "node_modules")
        (service / "functions.zip").write_bytes(EMPTY_ZIP)
        osls = subprocess.run(
            ["node_modules/.bin/osls", "package", "--stage", stage],
            cwd=service,
            env=_environment_without_aws(service),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert osls.returncode == 0, osls.stdout + osls.stderr
        return service / ".serverless/cloudformation-template-update-stack.json"

    return compiled


@pytest.fixture(scope="session")
def compiled(compiled_file: Callable[[str], Path]) -> Callable[[str], Template]:
    """The compiled template of a stage."""

    @cache
    def load(stage: str) -> Template:
        template: Template = json.loads(compiled_file(stage).read_text())
        return template

    return load


@pytest.fixture(scope="session")
def template(compiled: Callable[[str], Template]) -> Template:
    """The template of a development stage, with everything that any stage has."""
    return compiled("dev")


@pytest.fixture(scope="session")
def of_type(template: Template) -> Callable[[str], dict[str, Properties]]:
    """The properties of all resources of a type, by logical id."""

    def properties(kind: str) -> dict[str, Properties]:
        found = {
            name: resource["Properties"] for name, resource in template["Resources"].items() if resource["Type"] == kind
        }
        assert found, f"The template has no {kind}."
        return found

    return properties


def _environment_without_aws(home: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "CI": "true",
        "AWS_EC2_METADATA_DISABLED": "true",
        "HTTP_PROXY": NOBODY_LISTENS,
        "HTTPS_PROXY": NOBODY_LISTENS,
        "TASKBELL_ARTIFACT": "functions.zip",
    }
