"""Chromium, and pages with the probe in them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

PROBE = (Path(__file__).parent / "probe.js").read_text(encoding="utf-8")
PROGRAMS = ("chromium", "google-chrome")


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's Chromium."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if not program:
        raise SystemExit("There is no Chromium on the PATH.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        yield browser
        browser.close()


@contextmanager
def person(browser: Browser) -> Iterator[BrowserContext]:
    """A browser without any history."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    context.add_init_script(PROBE)
    context.set_default_timeout(120_000)
    yield context
    context.close()


def open_page(context: BrowserContext, url: str, *, slowed: int = 1) -> Page:
    """Open an address, on a processor that is so many times slower; returns before the page has loaded."""
    page = context.new_page()
    if slowed > 1:
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slowed})
    page.goto(url, wait_until="commit")
    return page
