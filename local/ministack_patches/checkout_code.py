"""Which code functions run: this checkout's, and no other.

A function of the local stack is a bootstrap that runs the working tree. Whoever could replace it by a package of their
own, over the Lambda API or by a template, would have it run as the developer; no package is taken, nor run if one is
found in the state of an earlier time.
"""

import importlib
import io
import zipfile
from collections.abc import Callable
from typing import Any

from local.ministack_patches.concurrency import Function, Result
from local.ministack_patches.runtime_api import for_own_programs

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


def run_own_code(code: CheckoutCode) -> None:
    """Take and run no function's code but the checkout's, and let only the functions speak to the Runtime API."""
    functions: Any = importlib.import_module("ministack.services.lambda_svc")
    runtime: Any = importlib.import_module("ministack.core.lambda_runtime")
    templates: Any = importlib.import_module("ministack.services.cloudformation.provisioners")
    responses: Any = importlib.import_module("ministack.core.responses")
    start, run = runtime.Worker.__init__, functions._execute_function_dispatch  # noqa: SLF001
    serve = runtime.ProvidedWorker._build_handler_class  # noqa: SLF001

    def as_response(handle: Callable[..., Any]) -> Callable[..., Any]:
        def handle_refusal(*arguments: Any) -> Any:
            try:
                return handle(*arguments)
            except CodeRefusedError as error:
                return responses.error_response_json(CODE, str(error), 400)

        return handle_refusal

    def run_if_ours(function: Function, *arguments: Any) -> Result:
        try:
            code.require(function.get("code_zip"))
        except CodeRefusedError as error:
            return {"body": {"errorType": CODE, "errorMessage": str(error)}, "error": True, "log": ""}
        result: Result = run(function, *arguments)
        return result

    def start_if_ours(worker: Any, name: str, config: Any, package: bytes) -> None:
        code.require(package)
        start(worker, name, config, package)

    for name in ("_create_function", "_update_code", "_publish_layer_version"):
        setattr(functions, name, as_response(getattr(functions, name)))
    for name in ("_reject_unreadable_zip", "_validate_unzipped_size"):  # of functions, of layers
        setattr(functions, name, code.given_to(getattr(functions, name)))
    functions._fetch_code_from_s3 = code.answered_by(functions._fetch_code_from_s3)  # noqa: SLF001
    templates._zip_inline = code.answered_by(templates._zip_inline)  # noqa: SLF001
    functions._execute_function_dispatch = run_if_ours  # noqa: SLF001
    runtime.Worker.__init__ = start_if_ours
    runtime.ProvidedWorker._build_handler_class = lambda *about: for_own_programs(serve(*about))  # noqa: SLF001
