"""Quick add, trash, statistics, settings, and titles that try to be more than text."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.e2e.web.people import DESKTOP, PHONE, Account, People, accessibility_problems
from tests.e2e.web.test_pages import is_wider_than_the_window

HOSTILE = [
    "<img src=x onerror=\"document.title='taken over'\"><b>bold</b>",
    "😀" * 200,
    "w" * 200,
    "واجب التاريخ (History) \u200f42",
]
VIEWS = ["today", "upcoming", "board", "calendar", "lists", "trash", "statistics", "search"]


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Add a task")


def ask(people: People, account: Account, query: str, variables: dict[str, Any] | None = None) -> Any:
    _, answer = people.system.graphql(query, variables or {}, authorization=people.token(account))
    assert not answer.get("errors")
    return answer["data"]


def create(people: People, account: Account, *titles: str) -> list[str]:
    """Create tasks without the page; their ids."""
    mutation = "mutation($input: [CreateTaskInput!]!) { createTasks(input: $input) { task { id } errors { message } } }"
    made = ask(people, account, mutation, {"input": [{"title": title} for title in titles]})["createTasks"]
    return [payload["task"]["id"] for payload in made]


def delete(people: People, account: Account, ids: list[str]) -> None:
    mutation = "mutation($input: [DeleteTaskInput!]!) { deleteTasks(input: $input) { errors { message } } }"
    ask(people, account, mutation, {"input": [{"id": task_id} for task_id in ids]})


def titles(people: People, account: Account, query: str) -> set[str]:
    (connection,) = ask(people, account, query).values()
    return {task["title"] for task in connection["nodes"]}


def test_quick_add_shows_what_it_reads_before_it_saves_it(people: People) -> None:
    account = people.account()
    page = people.open("/", account)
    expect(field(page)).to_be_visible()
    page.keyboard.press("n")
    expect(field(page)).to_be_focused()
    field(page).fill("read chapter 4 by 3 March 2031 6pm #history #exam !high every week")
    chips = page.get_by_role("list", name="What was read").get_by_role("listitem")
    expect(chips).to_contain_text(["read chapter 4", "3 Mar 2031, 18:00", "every week", "history", "exam", "high"])
    page.get_by_role("button", name="Remove “Label: exam”").click()
    expect(chips.first).to_have_text("read chapter 4 #exam")
    field(page).press("Enter")
    expect(page.get_by_role("status", name="What was done")).to_contain_text("read chapter 4 #exam")
    page.goto(people.url("/#/search"))
    expect(page.get_by_role("link", name="read chapter 4 #exam")).to_be_visible()
    expect(page.get_by_text("waiting")).to_have_count(0)
    wanted = "title dueAt timeZone labels priority recurrence { rrule }"
    (task,) = ask(people, account, f"{{ tasks {{ nodes {{ {wanted} }} }} }}")["tasks"]["nodes"]
    assert task == {
        "title": "read chapter 4 #exam",
        "dueAt": "2031-03-03T17:00:00.000Z",
        "timeZone": "Europe/Vienna",
        "labels": ["history"],
        "priority": "HIGH",
        "recurrence": {"rrule": "FREQ=WEEKLY"},
    }


def test_a_refused_task_can_be_edited_again(people: People) -> None:
    account = people.account()
    page = people.open("/", account)
    field(page).fill("turned \u202earound #history 2031-03-03")
    field(page).press("Enter")
    page.get_by_role("button", name="Edit again").click()
    expect(field(page)).to_have_value("turned \u202earound 2031-03-03 #history")
    expect(page.get_by_role("alert").filter(has_text="direction")).to_be_visible()
    field(page).fill("turned around 2031-03-03 #history")
    field(page).press("Enter")
    expect(page.get_by_role("button", name="Edit again")).to_have_count(0)
    page.goto(people.url("/#/search"))
    expect(page.get_by_role("link", name="turned around")).to_be_visible()
    expect(page.get_by_text("waiting")).to_have_count(0)
    assert titles(people, account, '{ tasks(filter: { labelsAll: ["history"] }) { nodes { title } } }') == {
        "turned around"
    }


def test_the_trash_gives_back_and_deletes_for_good(people: People) -> None:
    account = people.account()
    names = [f"Draft {number}" for number in range(1, 8)]
    delete(people, account, create(people, account, *names))
    page = people.open("/", account)
    page.goto(people.url("/#/trash"))
    rows = page.get_by_role("list", name="Trash").get_by_role("listitem")
    expect(rows).to_have_count(7)
    expect(rows.first).to_contain_text("can be restored until")
    assert accessibility_problems(page) == []

    page.get_by_role("button", name="Restore: Draft 1").click()
    expect(rows).to_have_count(6)
    for name in ("Draft 2", "Draft 3"):
        page.get_by_role("checkbox", name=f"Select: {name}").check()
    page.get_by_role("button", name="Restore 2").click()
    expect(rows).to_have_count(4)
    page.get_by_role("button", name="Delete for good: Draft 4").click()
    question = page.get_by_role("dialog", name="Delete this task for good?")
    expect(question).to_contain_text("Draft 4")
    question.get_by_role("button", name="Cancel").click()
    expect(rows).to_have_count(4)
    page.get_by_role("button", name="Delete for good: Draft 4").click()
    question.get_by_role("button", name="Delete for good").click()
    expect(rows).to_have_count(3)
    assert titles(people, account, "{ trash { nodes { title } } }") == {"Draft 5", "Draft 6", "Draft 7"}

    page.emulate_media(color_scheme="dark")
    page.get_by_role("button", name="Empty the trash").click()
    question = page.get_by_role("dialog", name="Empty the trash?")
    assert accessibility_problems(page) == []
    question.get_by_role("button", name="Empty the trash").click()
    expect(page.get_by_text("The trash is empty.")).to_be_visible()
    assert accessibility_problems(page) == []
    assert titles(people, account, "{ trash { nodes { title } } }") == set()
    assert titles(people, account, "{ tasks { nodes { title } } }") == {"Draft 1", "Draft 2", "Draft 3"}


def test_statistics_count_what_is_completed(people: People) -> None:
    account = people.account()
    page = people.open("/", account)
    page.goto(people.url("/#/statistics"))
    expect(page.get_by_text("There are no tasks yet.")).to_be_visible()
    done, _ = create(people, account, "Done", "Open")
    setting = "mutation($id: ID!) { setTaskStatus(input: { id: $id, status: COMPLETED }) { errors { message } } }"
    ask(people, account, setting, {"id": done})
    figures = page.locator("dl.figures")
    expect(figures).to_contain_text("Streak1 day")
    expect(figures).to_contain_text("Completed this week1")
    weeks = page.get_by_role("table", name="Completed per week").get_by_role("row")
    expect(weeks).to_have_count(9)
    expect(weeks.last.get_by_role("cell")).to_have_text("1")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert accessibility_problems(page) == []
        assert not is_wider_than_the_window(page)


def test_settings_are_saved_and_refused_at_their_fields(people: People) -> None:
    account = people.account()
    page = people.open("/", account)
    page.get_by_role("button", name="Colours, Language").click()
    page.get_by_role("button", name="Your settings").click()
    form = page.get_by_role("dialog", name="Your settings")
    zone = form.get_by_role("combobox", name="Time zone")
    expect(zone).to_have_value("UTC")
    zone.fill("Mars/Olympus")
    form.get_by_role("checkbox", name="1 hour before").check()
    form.get_by_role("checkbox", name="Hold reminders back").check()
    form.get_by_role("button", name="Save").click()
    expect(zone).to_have_attribute("aria-invalid", "true")
    expect(form.get_by_text("Must be the name of a time zone")).to_be_visible()
    assert accessibility_problems(page) == []
    form.get_by_role("button", name="Europe/Vienna").click()
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_count(0)
    viewer = ask(people, account, "{ viewer { timeZone defaultReminders quietHours { from to } } }")["viewer"]
    assert viewer == {
        "timeZone": "Europe/Vienna",
        "defaultReminders": [60],
        "quietHours": {"from": "22:00", "to": "07:00"},
    }


def test_hostile_titles_are_text_and_break_no_view_also_from_right_to_left(people: People) -> None:
    account = people.account()
    create(people, account, *HOSTILE)
    delete(people, account, create(people, account, *HOSTILE))
    for viewport in (PHONE, DESKTOP):
        page = people.open("/", account, viewport=viewport)
        page.goto(people.url("/#/search"))
        for title in HOSTILE:
            expect(page.get_by_role("link", name=title)).to_be_visible()
        page.evaluate("document.documentElement.dir = 'rtl'")
        for view in VIEWS:
            page.evaluate("view => { location.hash = `#/${view}`; }", view)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            assert not is_wider_than_the_window(page), view
        page.evaluate("location.hash = '#/trash'")
        for title in HOSTILE:
            expect(page.get_by_text(title, exact=True)).to_be_visible()
        assert page.title() == "Taskbell"
