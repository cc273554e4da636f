"""Which functions the local Lambda accepts and runs."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from local.ministack_patches.checkout_code import CheckoutCode, CodeRefusedError
from local.workers.package import function_zip

SCRIPT = "#!/bin/sh\nexec python -m worker\n"
GOOD: dict[str, Any] = {
    "Runtime": "provided.al2023",
    "Handler": "resolvers.read_tasks.handler",
    "PackageType": "Zip",
    "Environment": {"Variables": {"TABLE_NAME": "tasks"}},
    "Layers": [],
}


@pytest.fixture
def code(tmp_path: Path) -> CheckoutCode:
    template = tmp_path / "functions.json"
    template.write_text(json.dumps({"handlers": [GOOD["Handler"]], "variables": ["TABLE_NAME", "STAGE"]}))
    return CheckoutCode(SCRIPT, template)


def package(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def test_a_function_of_the_template_with_the_checkouts_package_runs(code: CheckoutCode) -> None:
    code.require(GOOD, function_zip(SCRIPT))
    code.require(GOOD, None)
    assert code.check_result(lambda: function_zip(SCRIPT))() == function_zip(SCRIPT)
    assert code.check_argument(len)(function_zip(SCRIPT))


@pytest.mark.parametrize(
    "found",
    [
        package(bootstrap="#!/bin/sh\nid\n"),
        package(bootstrap=SCRIPT, handler="import os"),
        package(handler="import os"),
        package(),
        b"no zip",
        b"",
    ],
)
def test_any_other_package_is_refused(code: CheckoutCode, found: bytes) -> None:
    with pytest.raises(CodeRefusedError, match="of this checkout only"):
        code.require(GOOD, found)
    with pytest.raises(CodeRefusedError):
        code.check_result(lambda: found)()
    with pytest.raises(CodeRefusedError):
        code.check_argument(len)(found)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"Handler": "cProfile.run"}, "handler"),
        ({"Handler": None}, "handler"),
        ({"Runtime": "python3.13"}, "runtime"),
        ({"PackageType": "Image", "ImageUri": "x"}, "runtime"),
        ({"Environment": {"Variables": {"TABLE_NAME": "tasks", "LD_PRELOAD": "/x.so"}}}, "variable of the environment"),
        ({"Environment": {"Variables": {"PYTHONSTARTUP": "/x.py"}}}, "variable of the environment"),
        ({"Environment": {"Variables": {"AWS_LAMBDA_RUNTIME_API": "x"}}}, "variable of the environment"),
        ({"Layers": [{"Arn": "x"}]}, "layer"),
    ],
)
def test_a_function_that_differs_from_the_template_is_refused(
    code: CheckoutCode, changed: dict[str, Any], named: str
) -> None:
    with pytest.raises(CodeRefusedError, match=f"another {named} is refused"):
        code.require({**GOOD, **changed}, function_zip(SCRIPT))


def test_before_the_first_deployment_nothing_runs(tmp_path: Path) -> None:
    with pytest.raises(CodeRefusedError):
        CheckoutCode(SCRIPT, tmp_path / "functions.json").require(GOOD, function_zip(SCRIPT))
