"""Which packages the local Lambda takes and runs."""

import io
import zipfile

import pytest

from local.ministack_patches.checkout_code import CheckoutCode, CodeRefusedError
from local.workers.package import function_zip

SCRIPT = "#!/bin/sh\nexec python -m worker\n"


def package(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def test_the_checkouts_own_package_is_taken() -> None:
    code = CheckoutCode(SCRIPT)
    code.require(function_zip(SCRIPT))
    code.require(None)
    assert code.answered_by(lambda: function_zip(SCRIPT))() == function_zip(SCRIPT)
    assert code.given_to(len)(function_zip(SCRIPT))


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
def test_any_other_package_is_refused(found: bytes) -> None:
    code = CheckoutCode(SCRIPT)
    with pytest.raises(CodeRefusedError, match="of this checkout only"):
        code.require(found)
    with pytest.raises(CodeRefusedError):
        code.answered_by(lambda: found)()
    with pytest.raises(CodeRefusedError):
        code.given_to(len)(found)
