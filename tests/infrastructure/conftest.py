"""The compiled template of each stage."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.infrastructure.compiled import CHECKOUT, Properties, Template


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The folder that holds serverless.yml."""
    return CHECKOUT


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
