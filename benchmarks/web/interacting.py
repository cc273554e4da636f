"""How long the browser takes from an input to the next paint (Event Timing, as in "interaction to next paint")."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from benchmarks.web.browser import person

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Locator, Page

VIEWS = ("Upcoming", "Board", "Lists", "Calendar", "Statistics", "Today")
PAUSE = 150  # milliseconds between two inputs, as of a quick person
BETWEEN_KEYS = 80


def on_the_board(browser: Browser, url: str, times: int) -> dict[str, list[float]]:
    """Milliseconds of interactions by kind, with all tasks there."""
    with person(browser) as context:
        page = context.new_page()
        page.goto(url, wait_until="networkidle")
        boxes, titles = page.locator(".task-row [type=checkbox]"), page.locator(".task-row .title")
        found = {
            "tick a task": [_longest(page, boxes.nth(turn % 8).click) for turn in range(times)],
            "open a task": [_longest(page, titles.nth(turn % 8).click) for turn in range(times)],
        }
        titles.first.focus()
        found["go down the list"] = [_longest(page, lambda: page.keyboard.press("ArrowDown")) for _ in range(times)]
        found["write a new task"] = _written(page, page.get_by_role("textbox").first, "essay on Rome tomorrow 18:00")
        views = [page.locator("nav a", has_text=VIEWS[turn % len(VIEWS)]) for turn in range(times)]
        found["show a view"] = [_longest(page, view.first.click) for view in views]
        page.goto(f"{url}/#/search")
        found["search"] = _written(page, page.get_by_role("searchbox"), "physics 17 chapters")
        return found


def on_the_peer(browser: Browser, url: str, times: int) -> dict[str, list[float]]:
    """Milliseconds of what the peer has: ticking."""
    with person(browser) as context:
        page = context.new_page()
        page.goto(url, wait_until="networkidle")
        boxes = page.locator("[type=checkbox]")
        return {"tick a task": [_longest(page, boxes.nth(turn % 8).click) for turn in range(times)]}


def _written(page: Page, field: Locator, text: str) -> list[float]:
    field.focus()
    return [_longest(page, partial(page.keyboard.type, key), BETWEEN_KEYS) for key in text]


def _longest(page: Page, act: Callable[[], object], pause: float = PAUSE) -> float:
    page.evaluate("probe.longest()")
    act()
    page.wait_for_timeout(pause)
    return float(page.evaluate("probe.longest()"))
