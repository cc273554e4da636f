"""A task's panel: conflicts, refused fields, the pipeline's steps; and notifications."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.web.people import PHONE, Account, People, accessibility_problems, until_true

CREATE = "mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } errors { message } } }"
UPDATE = "mutation ($input: UpdateTaskInput!) { updateTask(input: $input) { errors { code } } }"
TASK = "query ($id: ID!) { task(id: $id) { title description } }"


class Student:
    """Somebody with one task, and another program of theirs."""

    def __init__(self, people: People) -> None:
        self.account: Account = people.account()
        self._people = people
        self._token = people.token(self.account)
        self.id = self.send(CREATE, input={"title": "Essay on Rome"})["createTask"]["task"]["id"]

    def send(self, document: str, **variables: Any) -> dict[str, Any]:
        _, answer = self._people.system.graphql(document, variables, authorization=self._token)
        data: dict[str, Any] = answer["data"]
        return data

    @property
    def stored(self) -> dict[str, Any]:
        task: dict[str, Any] = self.send(TASK, id=self.id)["task"]
        return task


@pytest.fixture
def student(people: People) -> Student:
    return Student(people)


def opened(people: People, student: Student, **options: Any) -> tuple[Page, Locator]:
    """The page with the task's panel."""
    page = people.open("/", student.account, **options)
    page.goto(people.url("/#/search"))
    page.get_by_role("link", name="Essay on Rome").click()
    expect(page.get_by_label("Task: Essay on Rome")).to_be_visible()
    return page, page.locator(".panel")  # whose label follows the title


@pytest.mark.parametrize(("choice", "title"), [("Use yours", "By me"), ("Keep theirs", "By another device")])
def test_two_who_change_a_title_see_both_and_choose(people: People, student: Student, choice: str, title: str) -> None:
    page, panel = opened(people, student)
    field = panel.get_by_label("Title")
    field.fill("By me")
    student.send(UPDATE, input={"id": student.id, "title": "By another device"})
    expect(page.get_by_role("link", name="By another device")).to_be_visible()
    field.press("Enter")
    dialog = page.get_by_role("dialog", name="Changed by two at once")
    expect(dialog.get_by_text("By me")).to_be_visible()
    expect(dialog.get_by_text("By another device").last).to_be_visible()
    assert accessibility_problems(page) == []
    dialog.get_by_role("button", name=choice).click()
    expect(dialog).to_have_count(0)
    until_true(lambda: bool(student.stored["title"] == title))
    expect(page.get_by_role("main").get_by_role("link", name=title)).to_be_visible()


def test_what_is_refused_stands_at_its_field(people: People, student: Student) -> None:
    _, panel = opened(people, student)
    labels = panel.get_by_role("combobox", name="Labels")
    labels.fill("x" * 51)
    labels.press("Enter")
    expect(labels).to_have_attribute("aria-invalid", "true")
    expect(panel.get_by_role("alert")).to_contain_text("50")


def test_the_steps_of_the_pipeline_are_followed(people: People, student: Student) -> None:
    _, panel = opened(people, student)
    expect(panel.get_by_text("Everything is done")).to_be_visible()
    expect(panel.get_by_text("You added it")).to_be_visible()
    student.send(UPDATE, input={"id": student.id, "description": "With three sources"})
    expect(panel.get_by_label("Description")).to_have_value("With three sources")
    expect(panel.get_by_role("listitem").filter(has_text="With three sources").first).to_be_visible()


def test_a_reminder_arrives_and_leads_to_its_task(people: People, student: Student) -> None:
    page = people.open("/", student.account)
    expect(page.get_by_role("button", name="Notifications", exact=True)).to_be_visible()
    at = (datetime.now(UTC) + timedelta(seconds=3)).isoformat()
    student.send(UPDATE, input={"id": student.id, "remindAt": [at]})
    arrived = page.get_by_role("status", name="New notification")
    expect(arrived.get_by_role("link", name="Essay on Rome")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="Notifications: 1 unread")).to_be_visible()
    arrived.get_by_role("link").click()
    expect(page.get_by_label("Task: Essay on Rome")).to_be_visible()
    expect(page.get_by_role("button", name="Notifications", exact=True)).to_be_visible()


def test_the_panel_is_accessible_and_closed_by_escape(people: People, student: Student) -> None:
    for options in ({"color_scheme": "light"}, {"color_scheme": "dark", "viewport": PHONE}):
        page, panel = opened(people, student, **options)
        expect(panel.get_by_text("You added it")).to_be_visible()
        assert accessibility_problems(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        page.keyboard.press("Escape")
        expect(panel).to_have_count(0)
        expect(page.get_by_role("link", name="Essay on Rome")).to_be_focused()
