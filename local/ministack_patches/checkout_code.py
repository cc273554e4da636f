"""Functions run this checkout's code, and no other.

A function of the local stack is a bootstrap that runs the working tree. A client that replaced its package, handler or
environment, or had another service run a script, would run code as the developer. So a function runs only with the
checkout's package and the template's settings, and no other part of ministack starts a process.
"""

import importlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from local.ministack_patches.concurrency import Function, Result
from local.ministack_patches.runtime_api import restrict_to_own_user

CODE = "CodeVerificationFailedException"
RUNTIME = "provided.al2023"
_PACKAGE = "The local Lambda runs code of this checkout only; a package that was uploaded is refused."
_SETTINGS = "The local Lambda runs functions as serverless.yml has them; another {} is refused."
_INTEGRATIONS = ("arn:aws:states:::lambda:invoke", "arn:aws:states:::sqs:sendMessage", "arn:aws:lambda:")
_PROCESS = "Only functions run in the local system; no other service starts a process."

Package = bytes | None


class CodeRefusedError(ValueError):
    """The request would run code that is not the checkout's."""


class CheckoutCode:
    """The allowed package (by its script), handlers and variables (by a file that `deployment.py` writes)."""

    def __init__(self, script: str, template: Path) -> None:
        self._script = script.encode()
        self._template = template

    def require_package(self, package: Package) -> None:
        """Raise CodeRefusedError for any package but the checkout's; there may be none."""
        if package is not None and not self._is_ours(package):
            raise CodeRefusedError(_PACKAGE)

    def require(self, config: Mapping[str, Any], package: Package) -> None:
        """Raise CodeRefusedError unless a function has the checkout's package, and its settings are the template's."""
        self.require_package(package)
        known = json.loads(self._template.read_text()) if self._template.exists() else {"handlers": [], "variables": []}
        variables = ((config.get("Environment") or {}).get("Variables") or {}).keys()
        for what, good in (
            ("runtime", config.get("Runtime") == RUNTIME and config.get("PackageType", "Zip") == "Zip"),
            ("handler", config.get("Handler") in known["handlers"]),
            ("variable of the environment", variables <= set(known["variables"])),
            ("layer", not config.get("Layers")),
        ):
            if not good:
                raise CodeRefusedError(_SETTINGS.format(what))

    def check_argument(self, function: Callable[[Any], Any]) -> Callable[[Package], Any]:
        """Wrap the function so that its argument must be the checkout's package (or none)."""

        def checked(package: Package) -> Any:
            self.require_package(package)
            return function(package)

        return checked

    def check_result(self, function: Callable[..., Package]) -> Callable[..., Package]:
        """Wrap the function so that its result must be the checkout's package (or none)."""

        def checked(*arguments: Any, **named: Any) -> Package:
            package = function(*arguments, **named)
            self.require_package(package)
            return package

        return checked

    def _is_ours(self, package: bytes) -> bool:
        try:
            with zipfile.ZipFile(io.BytesIO(package)) as archive:
                return archive.namelist() == ["bootstrap"] and archive.read("bootstrap") == self._script
        except zipfile.BadZipFile:
            return False


def run_own_code(code: CheckoutCode) -> None:
    """Accept and run only the checkout's code, and serve the Runtime API only to programs of this user."""
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

    def run_if_ours(function: Function, config: Any, *arguments: Any) -> Result:
        try:
            code.require(config, function.get("code_zip"))
        except CodeRefusedError as error:
            return {"body": {"errorType": CODE, "errorMessage": str(error)}, "error": True, "log": ""}
        result: Result = run(function, config, *arguments)
        return result

    def start_if_ours(worker: Any, name: str, config: Any, package: bytes) -> None:
        code.require(config, package)
        start(worker, name, config, package)

    for name in ("_create_function", "_update_code", "_publish_layer_version"):
        setattr(functions, name, as_response(getattr(functions, name)))
    for name in ("_reject_unreadable_zip", "_validate_unzipped_size"):  # of functions, of layers
        setattr(functions, name, code.check_argument(getattr(functions, name)))
    functions._fetch_code_from_s3 = code.check_result(functions._fetch_code_from_s3)  # noqa: SLF001
    templates._zip_inline = code.check_result(templates._zip_inline)  # noqa: SLF001
    functions._execute_function_dispatch = run_if_ours  # noqa: SLF001
    runtime.Worker.__init__ = start_if_ours
    runtime.ProvidedWorker._build_handler_class = lambda *about: restrict_to_own_user(serve(*about))  # noqa: SLF001


def start_no_other_process() -> None:
    """Keep Glue from running a job's script, and AppSync and CloudFront from running JavaScript.

    State machines call functions and send messages, as the template's does: ministack asks no role what they may call.
    """
    glue: Any = importlib.import_module("ministack.services.glue")
    node: Any = importlib.import_module("ministack.core.node_pool")
    states: Any = importlib.import_module("ministack.services.stepfunctions")

    def refuse(*_arguments: Any, **_named: Any) -> None:
        raise CodeRefusedError(_PROCESS)

    def as_the_template_does(invoke: Callable[..., Any]) -> Callable[..., Any]:
        def checked(resource: str, *arguments: Any) -> Any:
            if not resource.startswith(_INTEGRATIONS):
                raise states._ExecutionError("States.Runtime", f"{resource} is not part of the local system.")  # noqa: SLF001
            return invoke(resource, *arguments)

        return checked

    for name in ("_invoke_resource", "_invoke_with_callback"):
        setattr(states, name, as_the_template_does(getattr(states, name)))
    glue._execute_subprocess = refuse  # noqa: SLF001
    node._Worker.__init__ = refuse  # noqa: SLF001
