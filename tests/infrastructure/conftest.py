"""The compiled template of each stage, compiled once for all workers."""

import fcntl
import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.infrastructure.compiled import CHECKOUT, Properties, Template, compile_template


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The folder that holds serverless.yml."""
    return CHECKOUT


@pytest.fixture(scope="session")
def compiled_file(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The compiled template of a stage, as a file that all workers share."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    @cache
    def compiled(stage: str) -> Path:
        with (shared / f"service-{stage}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            return compile_template(stage, shared / f"service-{stage}")

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
