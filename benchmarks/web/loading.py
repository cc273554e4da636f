"""How soon a page shows something, and what it loads for that."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from benchmarks.web.browser import open_page, person

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Response

SLOWED = 4


def visits(browser: Browser, url: str, row: str, runs: int) -> dict[str, list[float]]:
    """Milliseconds to the first paint and to the first row: of first visits, and of later ones with all stored."""
    found: dict[str, list[float]] = {}
    for _ in range(runs):
        with person(browser) as context:
            _visit(context, url, row, "first visit", found)
    with person(browser) as context:
        page = context.new_page()
        page.goto(url, wait_until="networkidle")
        page.close()
        for _ in range(runs):
            _visit(context, url, row, "later visit", found)
    return found


def _visit(context: BrowserContext, url: str, row: str, name: str, found: dict[str, list[float]]) -> None:
    page = open_page(context, url, slowed=SLOWED)
    paint = page.evaluate("probe.firstContentfulPaint()")
    found.setdefault(f"{name}, first contentful paint", []).append(paint)
    found.setdefault(f"{name}, first task", []).append(page.evaluate("row => probe.shown(row)", row))
    page.close()


def first_load(browser: Browser, url: str) -> tuple[int, int]:
    """How many scripts a first visit loads, and their bytes compressed (gzip, level 9)."""
    with person(browser) as context:
        page = context.new_page()
        scripts: list[Response] = []
        page.on("response", lambda response: _keep(scripts, response))
        page.goto(url, wait_until="networkidle")
        return len(scripts), sum(len(zlib.compress(script.body(), 9)) for script in scripts)


def _keep(scripts: list[Response], response: Response) -> None:
    if response.request.resource_type == "script" and response.ok:
        scripts.append(response)
