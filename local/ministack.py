"""The local AWS: ministack as a child process, on loopback, with everything that it writes in the state folder.

It runs with AUTH=true, so it evaluates the policies of the caller, and behind a guard that verifies every signature and
rejects web pages (`ministack_patches/request_guard.py`). The root of the local account has a secret
of this checkout (`credentials.py`). It saves its state all the time, in commits a fraction of a second apart
(`ministack_patches/durability`): a kill or a power cut loses at most the last second, and nothing else.

It holds the lock `aws.lock` until it ends. When the program around it is killed outright, it saves for the last time
and ends by itself.
"""

import asyncio
import contextlib
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp

from local.credentials import SECRETS, load_or_create_secrets
from local.locks import aws_lock
from local.ministack_patches.aws_protocols import SERVICES
from local.ministack_patches.shutdown import NOT_SAVED
from local.settings import CHECKOUT, LOOPBACK, Settings

PYTHON = CHECKOUT / ".venv-aws/bin/python"


class AwsStartError(Exception):
    """The local AWS ended, or was not ready in time; the message ends with its last log lines."""


class AwsEndedError(Exception):
    """The local AWS ended by itself after it was ready."""


class LocalAws:
    """Starts and stops ministack. Use as an async context manager; `say` prints the progress of the stop."""

    def __init__(
        self,
        settings: Settings,
        say: Callable[[str], None] = lambda _: None,
        *,
        ready_within: float = 30,
        stop_within: float = 10,
    ) -> None:
        self._settings = settings
        self._say = say
        self._ready_within = ready_within
        self._stop_within = stop_within
        self.log = settings.logs / "aws.log"
        self._temporary = settings.state / "tmp" / "aws"
        self._process: asyncio.subprocess.Process | None = None
        self._was_ready = False

    async def __aenter__(self) -> "LocalAws":
        self._temporary.mkdir(parents=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        load_or_create_secrets(self._settings.state)
        try:
            await self._start()
            await self._wait_until_ready()
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def ended(self) -> int:
        """Wait until the process ends by itself, and return its exit status."""
        assert self._process is not None
        return await self._process.wait()

    async def _start(self) -> None:
        with self.log.open("wb") as log, aws_lock(self._settings.state) as lock:
            self._process = await asyncio.create_subprocess_exec(
                PYTHON, "-P", "-m", "local.ministack_process",
                cwd=self._temporary, env=self._environment(), pass_fds=(lock,),
                stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def _environment(self) -> dict[str, str]:
        settings = self._settings
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": os.fspath(self._temporary),
            "TMPDIR": os.fspath(self._temporary),
            "LANG": "C.UTF-8",
            "PYTHONPATH": os.fspath(CHECKOUT),
            "TASKBELL_LOGS": os.fspath(settings.logs),
            "TASKBELL_SECRETS": os.fspath(settings.state / SECRETS),
            "AUTH": "true",
            "SERVICES": ",".join(sorted(SERVICES)),
            "BIND_HOST": LOOPBACK,
            "MINISTACK_HOST": LOOPBACK,
            "GATEWAY_PORT": str(settings.aws_port),
            "MINISTACK_REGION": settings.region,
            "MINISTACK_ACCOUNT_ID": settings.account,
            "PERSIST_STATE": "1",
            "STATE_DIR": os.fspath(settings.state / "aws"),
            "AWS_ENDPOINT_URL": settings.functions_aws_endpoint,
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "DOCKER_HOST": "unix:///nowhere",
            "LOG_LEVEL": "WARNING",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    async def _wait_until_ready(self) -> None:
        assert self._process is not None
        deadline = asyncio.get_running_loop().time() + self._ready_within
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as http:
            while self._process.returncode is None and asyncio.get_running_loop().time() < deadline:
                with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                    async with http.get(f"{self._settings.aws_endpoint}/_ministack/ready") as answer:
                        if answer.status == 200:
                            self._was_ready = True
                            return
                await asyncio.sleep(0.05)
        ended = self._process.returncode is not None
        reason = (
            f"ended with status {self._process.returncode}" if ended else f"did not answer in {self._ready_within} s"
        )
        raise AwsStartError(f"The local AWS {reason}. {self.log} ends with:\n{_tail(self.log)}")

    def begin(self) -> None:
        """Let it poll queues and streams, continue executions and save; a start that is killed before did nothing."""
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGUSR1)

    async def stop(self) -> None:
        """Have it save for the last time, and end it and its functions; cancelling this kills them."""
        process, self._process = self._process, None
        if process is not None:
            try:
                await self._save_and_end(process)
            finally:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, signal.SIGKILL)  # the functions, and ministack if it did not end
                await process.wait()
        shutil.rmtree(self._temporary, ignore_errors=True)

    async def _save_and_end(self, process: asyncio.subprocess.Process) -> None:
        if process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            status = await asyncio.wait_for(process.wait(), self._stop_within)
        except TimeoutError:
            self._say(f"The local AWS did not end in {self._stop_within:.0f} s and was killed. {_LOST}")
        else:
            if self._was_ready and status != 0:
                self._say(f"The local AWS {_reason(status)}. {_LOST} See {self.log}.")


_LOST = "What was done in its last second may be missing."


def _reason(status: int) -> str:
    return "could not save" if status == NOT_SAVED else f"ended with status {status}"


def _tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def boto3_arguments(settings: Settings) -> dict[str, Any]:
    """Return the arguments that make `boto3.client` the root of the local account."""
    return {
        "endpoint_url": settings.aws_endpoint,
        "region_name": settings.region,
        "aws_access_key_id": settings.account,
        "aws_secret_access_key": load_or_create_secrets(settings.state).aws_secret_key,
    }
