"""Makes .venv, .venv-aws and node_modules from their lock files, each only when its lock file has changed.

Runs with nothing installed, on any Python 3 that the machine has (it looks for 3.11 or later itself); what the
installers say is in .build/setup/.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
SETUP = CHECKOUT / ".build" / "setup"
DISTRIBUTIONS = (".", "packages/appsync-local")
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20
EDITABLE = [
    "--quiet",
    "--offline",
    "--no-cache",
    "--no-build-isolation",
    "--no-deps",
]  # the build backend is in requirements/dev.txt
PIP = "-m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r"


class CannotPrepare(Exception):
    """Something that the set-up needs is not there, or a part of it failed; the message is for the user."""


class Part:
    """One folder, made from one lock file by a shell command in a process group of its own."""

    def __init__(self, folder: str, lock: str, command: str) -> None:
        self.folder = folder
        self._command = command
        self._stamp = CHECKOUT / folder / ".made-from"
        self._log = SETUP / f"{folder.strip('.')}.log"
        made_from = (CHECKOUT / lock).read_bytes() + f"{CHECKOUT} {sys.version} {command}".encode()
        self._fingerprint = hashlib.sha256(made_from).hexdigest()
        self._process: subprocess.Popen[bytes] | None = None

    def is_made(self) -> bool:
        return self._stamp.exists() and self._stamp.read_text() == self._fingerprint

    def start(self) -> None:
        environment = {**os.environ, "TMPDIR": str(SETUP / "tmp")}
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                ["/bin/sh", "-ec", self._command], cwd=CHECKOUT, env=environment, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def has_ended(self) -> bool:
        """Whether it is done; raises CannotPrepare when it failed."""
        status = self._process.poll() if self._process else None
        if status is None:
            return False
        if status != 0:
            tail = "\n".join(self._log.read_text(errors="replace").splitlines()[-15:])
            raise CannotPrepare(f"{self.folder} could not be made; {self._log} ends with:\n{tail}")
        self._stamp.write_text(self._fingerprint)
        return True

    def stop(self) -> None:
        if self._process and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def main() -> int:
    """Make what is missing or outdated; the exit status is 0 when everything is there."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))
    try:
        use_new_enough_python()
        check_node()
        (SETUP / "tmp").mkdir(parents=True, exist_ok=True)
        with (SETUP / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # another set-up of this checkout is waited for
            make([part for part in parts() if not part.is_made()])
            install_packages()
    except CannotPrepare as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def use_new_enough_python() -> None:
    """Go on in this interpreter or in a newer one of the machine."""
    if sys.version_info >= OLDEST_PYTHON:
        return
    for name in ("python3.13", "python3.12", "python3.11"):
        found = shutil.which(name)
        if found:
            os.execv(found, [found, *sys.argv])  # noqa: S606
    here = ".".join(map(str, sys.version_info[:3]))
    raise CannotPrepare(f"Taskbell needs Python 3.11 or later; python3 is {here}.")


def check_node() -> None:
    """Raise CannotPrepare unless node and npm are there and new enough."""
    if not shutil.which("node") or not shutil.which("npm"):
        raise CannotPrepare("Taskbell needs Node.js 20 or later with npm; node or npm is not on the PATH.")
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S607
    version = re.match(r"v(\d+)", said)
    if version is None or int(version.group(1)) < OLDEST_NODE:
        raise CannotPrepare(f"Taskbell needs Node.js {OLDEST_NODE} or later; node is {said.strip() or 'broken'}.")


def parts() -> list[Part]:
    def environment(folder: str, lock: str) -> Part:
        install = f"{shlex.quote(sys.executable)} -m venv {folder}; {folder}/bin/python {PIP} {lock}"
        return Part(folder, lock, install)

    return [
        environment(".venv", "requirements/dev.txt"),
        environment(".venv-aws", "requirements/aws.txt"),
        Part("node_modules", "package-lock.json", "npm ci --no-audit --no-fund --loglevel=error"),
    ]


def make(missing: list[Part]) -> None:
    """Make the parts side by side; whatever happens, no process and no temporary file is left."""
    began = time.monotonic()
    if missing:
        print(f"Setting up {', '.join(part.folder for part in missing)} (a minute or two, once)", flush=True)
    try:
        waiting = list(missing)
        for part in waiting:
            part.start()
        while waiting:
            time.sleep(0.1)  # the standard library waits for one process at a time, not for the first of some
            for part in [part for part in waiting if part.has_ended()]:
                waiting.remove(part)
                print(f"{time.monotonic() - began:6.1f} s  {part.folder} is ready", flush=True)
    finally:
        for part in missing:
            part.stop()
        shutil.rmtree(SETUP / "tmp", ignore_errors=True)


def install_packages() -> None:
    """Put the distributions and their commands into .venv, editable; again when a pyproject.toml has changed."""
    stamp = CHECKOUT / ".venv" / ".installed-from"
    projects = b"".join((CHECKOUT / folder / "pyproject.toml").read_bytes() for folder in DISTRIBUTIONS)
    made_from = hashlib.sha256(projects + str(CHECKOUT).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == made_from:
        return
    editable = [part for folder in DISTRIBUTIONS for part in ("--editable", folder)]
    install = [".venv/bin/uv", "pip", "install", "--python", ".venv", *EDITABLE, *editable]
    answer = subprocess.run(install, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise CannotPrepare(f"The distributions could not be installed into .venv:\n{answer.stderr}")
    stamp.write_text(made_from)


if __name__ == "__main__":
    sys.exit(main())
