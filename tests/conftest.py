"""Configuration of all tests."""

import fcntl
import gc
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.infrastructure.compiled import compile_template

# How long an example takes says more of the machine than of the code.
settings.register_profile("taskbell", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("taskbell")


# What is imported and collected lives to the end, and tests make many objects that do not: collecting garbage at the
# pace of Python's defaults takes a fifth of the time of tests on moto.
gc.disable()
gc.set_threshold(50_000, 20, 50)


def pytest_collection_finish() -> None:
    """Spare the garbage collector what lives to the end anyway."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def compiled_file(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The compiled template of a stage, as a file that all workers share: each is compiled once, in five seconds."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    @cache
    def compiled(stage: str) -> Path:
        with (shared / f"service-{stage}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            return compile_template(stage, shared / f"service-{stage}")

    return compiled
