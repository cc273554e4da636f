"""Chromium, with a home of its own whose list of authorities a test decides."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

NAMES = ("chromium", "google-chrome")


@dataclass(frozen=True)
class Chromium:
    """The browser's program, the program that keeps lists of authorities, and a folder for homes."""

    program: str
    certutil: str
    homes: Path

    def home(self, authority: str | None) -> Path:
        """Return a home that trusts the authority (a PEM file) besides the browser's own."""
        home = self.homes / (str(len(list(self.homes.iterdir()))))
        database = home / ".pki" / "nssdb"
        database.mkdir(parents=True)
        self._keep(database, "-N", "--empty-password")
        if authority:
            self._keep(database, "-A", "-n", "the checkout's authority", "-t", "C,,", "-i", authority)
        return home

    def _keep(self, database: Path, *arguments: str) -> None:
        subprocess.run([self.certutil, *arguments, "-d", f"sql:{database}"], check=True, timeout=60)


def program() -> str | None:
    """Return the machine's Chromium, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def find_chromium(homes: Path) -> Chromium:
    """Return the machine's Chromium; without one the test is skipped, or fails where CI=true."""
    found, certutil = program(), shutil.which("certutil")
    if found and certutil:
        return Chromium(found, certutil, homes)
    lacking = "no Chromium on the PATH" if certutil else "no certutil (libnss3-tools) on the PATH"
    if os.environ.get("CI") == "true":
        pytest.fail(f"There is {lacking}; .ci/run installs it.")
    pytest.skip(f"There is {lacking}.")
