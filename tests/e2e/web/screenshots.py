"""Pictures of the pages with made-up tasks: `make screenshots` writes them into `.build/screenshots`."""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from playwright.sync_api import Page, expect, sync_playwright

from local.settings import CHECKOUT
from tests.e2e.clients.chromium import program
from tests.e2e.web.people import Account, People
from tests.support.local_system import LocalSystem, free_settings, running

WIDTHS = {"phone": 390, "tablet": 834, "desktop": 1280}
HEIGHTS = {"phone": 844, "tablet": 1112, "desktop": 800}
PAGES = {
    "today": "/#/today",
    "upcoming": "/#/upcoming",
    "board": "/#/board",
    "calendar": "/#/calendar",
    "lists": "/#/lists",
    "statistics": "/#/statistics",
    "explorer": "/graphiql",
}
OPERATORS_PAGES = {"operations": "/ops"}
IN_README = {"board-desktop-light": "board.png", "explorer-desktop-dark": "explorer.png"}
ZONE = "Europe/Vienna"
TODAY = date.today()  # noqa: DTZ011 - the day on this machine, as the browser has it


def main() -> None:
    """Start a system, fill it, and take a picture of each page at each width, in both themes."""
    out = CHECKOUT / ".build/screenshots"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as contexts:
        system = contexts.enter_context(running(free_settings(Path(folder))))
        playwright = contexts.enter_context(sync_playwright())
        people = People(system, playwright.chromium.launch(executable_path=program()), contexts)
        account, operator = people.account(name="mira"), people.account("admins", name="noor")
        _fill(system, people.token(account))
        for width, pixels in WIDTHS.items():
            for theme in ("light", "dark"):
                viewport = {"width": pixels, "height": HEIGHTS[width]}
                for who, pages in ((account, PAGES), (operator, OPERATORS_PAGES)):
                    page = people.open("/", who, viewport=viewport, color_scheme=theme)
                    _take(people, page, who, pages, out / f"{width}-{theme}")
    for taken, name in IN_README.items():
        shutil.copy(out / f"{taken}.png", CHECKOUT / "docs/images" / name)


def _take(people: People, page: Page, account: Account, pages: Mapping[str, str], beside: Path) -> None:
    for name, path in pages.items():
        page.goto(people.url(path))
        expect(page.get_by_role("button", name=account.name)).to_be_visible()
        page.wait_for_load_state("networkidle")
        expect(page.get_by_text("Loading", exact=True)).to_have_count(0)
        page.wait_for_function("document.fonts.status === 'loaded'")
        page.screenshot(path=beside.with_name(f"{name}-{beside.name}.png"))


def _fill(system: LocalSystem, token: str) -> None:
    """Make the lists and tasks of somebody who studies history and mathematics."""

    def send(mutation: str, **variables: Any) -> Any:
        _, answer = system.graphql(mutation, variables, authorization=token)
        assert "errors" not in answer, answer
        return answer["data"]

    new_list = "mutation ($input: CreateTaskListInput!) { createTaskList(input: $input) { taskList { id } } }"
    lists = [
        send(new_list, input={"name": name, "color": color})["createTaskList"]["taskList"]["id"]
        for name, color in (("Roman history", "#b3541e"), ("Linear algebra", "#1a73e8"), ("Flat", "#188038"))
    ]
    new_tasks = (
        "mutation ($input: [CreateTaskInput!]!) { createTasks(input: $input) { task { id } errors { message } } }"
    )
    send(new_tasks, input=[_task(number, planned, lists) for number, planned in enumerate(TASKS)])
    subtasks = ["Find three sources", "Outline", "First draft"]
    send(
        new_tasks,
        input=[
            {"title": title, "parentId": "task-0", "status": "COMPLETED" if title == "Outline" else "PENDING"}
            for title in subtasks
        ],
    )


class Planned(NamedTuple):
    """A task that is to be made; due in `days` from today, in the list of this number."""

    title: str
    days: int | None = None
    time: str | None = None
    list: int | None = None
    more: Mapping[str, Any] = MappingProxyType({})


TASKS = [
    Planned("Essay on Rome under Augustus", 0, "18:00", 0, {"labels": ["essay"], "priority": "HIGH"}),
    Planned("Hand in the library form", -2),
    Planned("Read chapter 4", 0, None, 0, {"recurrence": {"rrule": "FREQ=WEEKLY"}, "status": "IN_PROGRESS"}),
    Planned("Exercises 12 to 18", 1, "09:00", 1, {"labels": ["weekly"], "status": "IN_PROGRESS"}),
    Planned("Prepare the talk with Ines and Omar", 3, "14:30", 0, {"priority": "URGENT", "labels": ["talk"]}),
    Planned("Water the plants", 1, None, 2, {"recurrence": {"rrule": "FREQ=DAILY;INTERVAL=3"}}),
    Planned("Mock exam", 6, "10:00", 1, {"priority": "HIGH"}),
    Planned("Ask about the field trip", list=0),
    Planned("Buy a notebook", more={"status": "COMPLETED"}),
    Planned("Sign up for the seminar", -1, None, 0, {"status": "COMPLETED"}),
    Planned("Proof of the rank theorem", 8, None, 1),
    Planned("Pay the rent", 4, None, 2, {"recurrence": {"rrule": "FREQ=MONTHLY;BYMONTHDAY=1"}}),
]


def _task(number: int, planned: Planned, lists: Sequence[str]) -> dict[str, Any]:
    time = f"T{planned.time}" if planned.time else ""
    due = {} if planned.days is None else {"dueAt": f"{TODAY + timedelta(days=planned.days)}{time}"}
    in_list = {} if planned.list is None else {"listId": lists[planned.list]}
    return {"key": f"task-{number}", "title": planned.title, "timeZone": ZONE, **due, **in_list, **planned.more}


if __name__ == "__main__":
    main()
