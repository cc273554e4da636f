"""Fixtures of the gateway's tests."""

from __future__ import annotations

import pytest

from support.gateway import Gateway


@pytest.fixture
def gateway() -> Gateway:
    """Answer a gateway whose `task` and `save` are a plain task."""
    fake = Gateway()
    fake.functions.answers["task"] = {"id": "1", "title": "Read", "status": "OPEN", "labels": ["a"]}
    fake.functions.answers["save"] = lambda event: {"title": "Saved", **event["arguments"]["input"]}
    return fake
