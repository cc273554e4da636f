"""Configuration of all tests."""

import gc

from hypothesis import HealthCheck, settings

# How long an example takes says more of the machine than of the code.
settings.register_profile("taskbell", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("taskbell")


def pytest_collection_finish() -> None:
    """Spare the garbage collector what lives to the end anyway: a seventh of the unit tests' time."""
    gc.collect()
    gc.freeze()
