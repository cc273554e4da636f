"""Which code functions run: this checkout's, and no other.

A function of the local stack is a bootstrap that runs the working tree. Whoever could replace it by a package of their
own, over the Lambda API or by a template, would have it run as the developer; no package is taken, nor run if one is
found in the state of an earlier time.
"""

import io
import zipfile
from collections.abc import Callable
from typing import Any

REFUSED = "The local Lambda runs code of this checkout only; a package that was uploaded is refused."
CODE = "CodeVerificationFailedException"

Package = bytes | None


class CodeRefusedError(ValueError):
    """The local Lambda runs code of this checkout only; a package that was uploaded is refused."""

    def __init__(self) -> None:
        super().__init__(REFUSED)


class CheckoutCode:
    """Knows the one package by its script."""

    def __init__(self, script: str) -> None:
        self._script = script.encode()

    def require(self, package: Package) -> None:
        """Raise CodeRefusedError for any package but the checkout's; there may be none."""
        if package is not None and not self._is_ours(package):
            raise CodeRefusedError

    def _is_ours(self, package: bytes) -> bool:
        try:
            with zipfile.ZipFile(io.BytesIO(package)) as archive:
                return archive.namelist() == ["bootstrap"] and archive.read("bootstrap") == self._script
        except zipfile.BadZipFile:
            return False

    def given_to(self, function: Callable[[Any], Any]) -> Callable[[Package], Any]:
        """Answer the function, called only with the checkout's package (or none)."""

        def checked(package: Package) -> Any:
            self.require(package)
            return function(package)

        return checked

    def answered_by(self, function: Callable[..., Package]) -> Callable[..., Package]:
        """Answer the function, which answers only the checkout's package (or none)."""

        def checked(*arguments: Any, **named: Any) -> Package:
            package = function(*arguments, **named)
            self.require(package)
            return package

        return checked
