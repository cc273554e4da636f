"""How long a push takes from the gateway to the pixels."""

from __future__ import annotations

import json
import urllib.request
from typing import TYPE_CHECKING, Any

from benchmarks.web.browser import person

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

RENAME = "mutation Rename($input: UpdateTaskInput!) { updateTask(input: $input) { task { id } errors { message } } }"
FIND = "query Find($title: String!) { tasks(first: 1, filter: { search: $title }) { nodes { id } } }"


def pushes(browser: Browser, url: str, address: str, row: str, times: int) -> list[float]:
    """Milliseconds from the gateway's sending of a change, made elsewhere, to the frame that shows it.

    Both times are of this machine's clock. The changed task is the first that the page shows.
    """
    with person(browser) as context:
        page = context.new_page()
        page.goto(address, wait_until="networkidle")
        title = page.locator(row).first.inner_text().partition(":")[0]
        (task,) = _ask(url, FIND, {"title": title})["tasks"]["nodes"]
        return [_push(page, url, task["id"], f"{title}: change {turn} of {id(page)}") for turn in range(times)]


def _push(page: Page, url: str, task: str, title: str) -> float:
    page.evaluate("title => { probe.expected = probe.painted(title); }", title)
    renamed = _ask(url, RENAME, {"input": {"id": task, "title": title}})["updateTask"]
    assert not renamed["errors"], renamed
    painted = float(page.evaluate("probe.expected"))
    with urllib.request.urlopen(f"{url}/benchmark/sent", timeout=60) as answer:  # noqa: S310 (on loopback)
        sent = next(at for at, sent_title in reversed(json.load(answer)) if sent_title == title)
    return painted - float(sent)


def _ask(url: str, query: str, variables: dict[str, Any]) -> Any:
    with urllib.request.urlopen(f"{url}/amplify_outputs.json", timeout=60) as answer:  # noqa: S310 (on loopback)
        api = json.load(answer)["data"]
    headers = {"x-api-key": api["api_key"], "content-type": "application/json"}
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = urllib.request.Request(api["url"], data=body, headers=headers)  # noqa: S310 (on loopback)
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 (on loopback)
        found = json.load(answer)
    assert not found.get("errors"), found
    return found["data"]
