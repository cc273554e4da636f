"""The pytest plugin: the fixture `appsync_api`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from appsync_local.testing import LocalApi


@pytest.fixture
def appsync_api() -> type[LocalApi]:
    """Start an AppSync API in this process: `appsync_api(template, functions)` returns a `LocalApi`."""
    from appsync_local.testing import LocalApi  # noqa: PLC0415 - only for tests that use it

    return LocalApi
