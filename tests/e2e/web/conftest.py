"""A browser, people who sign in at the pages as anybody does, and what must hold on every page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.clients.chromium import find_chromium
from tests.e2e.web.people import People
from tests.support.local_system import LocalSystem


@pytest.fixture(scope="package")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium, started once for these tests."""
    program = find_chromium(tmp_path_factory.mktemp("chromium")).program
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        yield browser
        browser.close()


@pytest.fixture
def people(system: LocalSystem, browser: Browser) -> Iterator[People]:
    """Makes people with pages; at the end no page may have failed, or have asked for anything elsewhere."""
    with ExitStack() as contexts:
        people = People(system, browser, contexts)
        yield people
        assert people.problems == []
        origin = re.compile(rf"(http|ws)://127\.0\.0\.1:{system.settings.port}/|blob:|data:")
        assert [url for url in people.requested if not origin.match(url)] == []
