"""Arranging: the board by mouse and by keys, the calendar, lists, many tasks at once."""

from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.web.people import PHONE, Account, People, accessibility_problems, until_true

CREATE = "mutation ($input: [CreateTaskInput!]!) { createTasks(input: $input) { errors { message } } }"
TASKS = "{ tasks(first: 50, orderBy: {field: RANK, direction: ASC}) { nodes { title status dueOn listId labels } } }"
TODAY = date.today()  # noqa: DTZ011 - as the browser has it


@pytest.fixture
def student(people: People) -> Account:
    """Somebody with three tasks."""
    account = people.account()
    tasks = [{"title": title} for title in ("First", "Second", "Third")]
    people.system.graphql(CREATE, {"input": tasks}, authorization=people.token(account))
    return account


def stored(people: People, account: Account) -> list[dict[str, Any]]:
    _, answer = people.system.graphql(TASKS, authorization=people.token(account))
    nodes: list[dict[str, Any]] = answer["data"]["tasks"]["nodes"]
    return nodes


def is_stored(people: People, account: Account, titles: list[str], **fields: Any) -> None:
    """Wait until the table has these tasks with these fields, in this order."""

    def found() -> bool:
        nodes = stored(people, account)
        return [node["title"] for node in nodes if all(node[name] == value for name, value in fields.items())] == titles

    until_true(found)


def column(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name)


def drag(page: Page, source: Locator, target: Locator) -> None:
    """Drag with the mouse as a hand does, in steps."""
    start, end = source.bounding_box(), target.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 20, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(start["x"] + 30, start["y"] + 20, steps=3)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] * 0.8, steps=6)
    page.mouse.up()


def test_a_card_is_dragged_to_another_column_and_others_see_it(people: People, student: Account) -> None:
    page, other = (people.open("/", student) for _ in range(2))
    for each in (page, other):
        each.goto(people.url("/#/board"))
        expect(column(each, "Pending").get_by_role("listitem")).to_have_count(3)
    assert accessibility_problems(page) == []
    drag(page, column(page, "Pending").get_by_role("listitem").first, column(page, "In progress"))
    expect(column(page, "In progress").get_by_text("First")).to_be_visible()
    expect(column(other, "In progress").get_by_text("First")).to_be_visible()
    is_stored(people, student, ["First"], status="IN_PROGRESS")


def test_keys_alone_move_a_card_up_and_across(people: People, student: Account) -> None:
    page = people.open("/", student)
    page.goto(people.url("/#/board"))
    column(page, "Pending").get_by_role("link", name="Third").focus()
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    is_stored(people, student, ["Third", "First", "Second"])
    page.keyboard.press("Alt+ArrowRight")
    expect(column(page, "In progress").get_by_role("link", name="Third")).to_be_focused()
    is_stored(people, student, ["Third"], status="IN_PROGRESS")


def test_a_task_is_dragged_to_a_day_and_a_day_shows_its_tasks(people: People, student: Account) -> None:
    page = people.open("/", student)
    page.goto(people.url("/#/calendar"))
    undated = page.get_by_role("list", name="Without a due date")
    expect(undated.get_by_role("listitem")).to_have_count(3)
    assert accessibility_problems(page) == []
    day = TODAY + timedelta(days=1)
    name = f"{day:%A} {day.day} {day:%B}"
    drag(page, undated.get_by_role("listitem").filter(has_text="Second"), page.get_by_role("gridcell", name=name))
    expect(page.get_by_role("gridcell", name=f"{name}: 1 task")).to_be_visible()
    is_stored(people, student, ["Second"], dueOn=day.isoformat())


def test_a_list_is_made_filled_and_deleted_while_its_tasks_stay(people: People, student: Account) -> None:
    page = people.open("/", student)
    page.goto(people.url("/#/lists"))
    page.get_by_role("button", name="New list").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Roman history")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Add a task in Tasks").click()
    page.keyboard.type("Read Tacitus")
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name="Completed: Read Tacitus")).to_be_visible()
    assert accessibility_problems(page) == []
    page.get_by_role("link", name="All lists").click()
    link = page.get_by_role("main").get_by_role("link", name="Roman history")
    expect(link).to_be_visible()
    assert accessibility_problems(page) == []
    page.get_by_role("button", name="What to do with the list Roman history").click()
    page.get_by_role("button", name="Delete list").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete list").click()
    expect(link).to_have_count(0)
    is_stored(people, student, ["First", "Second", "Third", "Read Tacitus"], listId=None)


def test_many_tasks_are_changed_together_and_undone_together(people: People, student: Account) -> None:
    page = people.open("/", student)
    page.goto(people.url("/#/search"))
    page.get_by_role("button", name="Select tasks").click()
    page.get_by_role("button", name="All", exact=True).click()
    assert accessibility_problems(page) == []
    page.get_by_role("button", name="Complete", exact=True).click()
    is_stored(people, student, ["First", "Second", "Third"], status="COMPLETED")
    page.get_by_role("button", name="Undo").click()
    is_stored(people, student, ["First", "Second", "Third"], status="PENDING")


def test_arranging_fits_a_phone_in_the_dark(people: People, student: Account) -> None:
    page = people.open("/", student, viewport=PHONE, color_scheme="dark")
    for view in ("board", "calendar", "lists"):
        page.goto(people.url(f"/#/{view}"))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert accessibility_problems(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
