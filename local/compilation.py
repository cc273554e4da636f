"""Compiles `serverless.yml` to CloudFormation, unless neither it nor what it includes has changed."""

import asyncio
import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from local.settings import CHECKOUT, Settings
from local.workers.package import function_zip

SOURCES = ("serverless.yml", "package-lock.json", "schema.graphql", "infrastructure")
COMPILED = CHECKOUT / ".build" / "templates"
OSLS = CHECKOUT / "node_modules/.bin/osls"


class CompilationError(Exception):
    """osls refused serverless.yml; the message is its output."""


async def compile_template(settings: Settings) -> tuple[dict[str, Any], bool]:
    """The compiled template, and whether it had to be compiled; needs the state folder's `tmp`."""
    compiled = COMPILED / f"{_fingerprint(settings)}.json"
    fresh = compiled.exists()
    if not fresh:
        COMPILED.mkdir(parents=True, exist_ok=True)
        with (COMPILED / "lock").open("w") as lock:
            await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)  # osls keeps files of its own in the checkout
            if not compiled.exists():
                await _compile(settings, compiled)
    template: dict[str, Any] = json.loads(compiled.read_text(encoding="utf-8"))
    return template, not fresh


async def _compile(settings: Settings, compiled: Path) -> None:
    folder = settings.state / "tmp" / "template"
    await _package(settings, folder)
    new = compiled.with_suffix(f".{os.getpid()}")
    shutil.copyfile(folder / "cloudformation-template-update-stack.json", new)
    new.replace(compiled)


def _fingerprint(settings: Settings) -> str:
    digest = hashlib.sha256(f"{settings.stage} {settings.region}".encode())
    for path in _sources():
        digest.update(f"{path.relative_to(CHECKOUT)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    for name in SOURCES:
        path = CHECKOUT / name
        found = [path] if path.is_file() else path.rglob("*")
        yield from sorted(file for file in found if file.is_file() and file.suffix != ".pyc")


async def _package(settings: Settings, folder: Path) -> None:
    artifact = settings.state / "tmp" / "functions.zip"
    artifact.write_bytes(function_zip("#!/bin/sh\n"))  # the local stack takes its code from elsewhere
    process = await asyncio.create_subprocess_exec(
        OSLS, "package", "--stage", settings.stage, "--region", settings.region, "--package", folder,
        cwd=CHECKOUT, env=_environment(settings, artifact), start_new_session=True,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        output, _ = await process.communicate()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    if process.returncode != 0:
        raise CompilationError(f"serverless.yml does not compile:\n{output.decode(errors='replace').strip()}")


def _environment(settings: Settings, artifact: Path) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.fspath(settings.state / "tmp"),
        "TMPDIR": os.fspath(settings.state / "tmp"),
        "CI": "true",
        "AWS_REGION": settings.region,
        "SLS_TELEMETRY_DISABLED": "1",
        "SLS_NOTIFICATIONS_MODE": "off",
        "TASKBELL_ARTIFACT": os.fspath(artifact),
    }
