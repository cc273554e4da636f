"""The CloudFormation templates of all stages: production whole, the others by what differs from it.

Normalised is what may move without anybody outside seeing it: the module that a function's handler stands in, and the
artifact's name, which has the instant of the build in it. The instant at which an API key expires becomes relative, as
in all golden files. The schema has a golden file of its own. A name with the stage in it is no difference.
"""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.characterization import subjects
from tests.characterization.golden import agree

Template = dict[str, Any]

WHOLE = "production"
OTHERS = ("staging", "dev", "local")


@pytest.fixture(scope="module")
def templates(compiled_file: Callable[[str], Path]) -> Iterator[Callable[[str], Template]]:
    """The template of a stage; two are compiled at a time."""
    with ThreadPoolExecutor(2) as pool:
        names = (WHOLE, *OTHERS)
        made = {name: pool.submit(compiled_file, name) for name in names}
        yield lambda name: _normalised(json.loads(made[name].result().read_text(encoding="utf-8")))


def test_production_deploys_what_it_deployed(templates: Callable[[str], Template]) -> None:
    agree("templates/production.json", templates(WHOLE))


@pytest.mark.parametrize("stage", OTHERS)
def test_a_stage_differs_from_production_as_it_did(templates: Callable[[str], Template], stage: str) -> None:
    differences = dict(_differences(templates(WHOLE), templates(stage), "", stage))
    agree(f"templates/{stage}.differences.json", differences)


def _normalised(template: Template) -> Template:
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Function":
            module, _, name = resource["Properties"]["Handler"].rpartition(".")
            assert module
            resource["Properties"]["Handler"] = f"<module>.{name}"
            resource["Properties"]["Code"]["S3Key"] = "<artifact>"
        if resource["Type"] == "AWS::AppSync::GraphQLSchema":
            assert resource["Properties"].pop("Definition") == subjects.SCHEMA.read_text(encoding="utf-8")
    return template


def _differences(one: Any, other: Any, path: str, stage: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each place at which the two differ, with both values; a list is compared whole unless it has as many parts."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in sorted({*one, *other}):
            yield from _differences(one.get(name), other.get(name), f"{path}/{name}", stage)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for place, parts in enumerate(zip(one, other, strict=True)):
            yield from _differences(*parts, f"{path}/{place}", stage)
    elif other != (one.replace(WHOLE, stage) if isinstance(one, str) else one):
        yield path, {WHOLE: one, stage: other}
