"""Configuration of all tests."""

import gc

from hypothesis import HealthCheck, settings

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
