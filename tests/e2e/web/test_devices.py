"""One person on two devices: pushes, offline edits on both, an expired token, and a system that is restarted."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

from tests.e2e.web.people import Account, People
from tests.support.local_system import free_settings, running

QUERY = "{ tasks(first: 50) { nodes { title status } } }"


def add(page: Page, title: str) -> None:
    page.get_by_role("textbox", name="Add a task").fill(title)
    page.get_by_role("button", name="Add", exact=True).click()


def found(page: Page, title: str) -> Locator:
    """Open the search for a title; its row's checkbox."""
    page.goto(page.url.split("#")[0] + "#/search")
    page.get_by_role("searchbox").fill(title)
    return page.get_by_role("checkbox", name=f"Completed: {title}")


def stored(people: People, account: Account) -> dict[str, str]:
    _, answer = people.system.graphql(QUERY, authorization=people.token(account))
    return {task["title"]: task["status"] for task in answer["data"]["tasks"]["nodes"]}


def test_what_one_does_another_sees_at_once_and_marked(people: People) -> None:
    account = people.account()
    laptop, phone = (people.open("/", account) for _ in range(2))
    on_phone = found(phone, "Essay on Rome")
    add(laptop, "Essay on Rome")
    expect(on_phone).to_be_visible()
    on_phone.check()
    expect(found(laptop, "Essay on Rome")).to_be_checked()
    laptop.get_by_role("button", name="Undo").click()  # of adding it
    expect(on_phone).to_have_count(0)


def test_edits_of_two_devices_without_network_are_in_the_table_afterwards(people: People) -> None:
    account = people.account()
    laptop, phone = (people.open("/", account) for _ in range(2))
    add(laptop, "Shared")
    expect(found(phone, "Shared")).to_be_visible()
    for page in (laptop, phone):
        page.context.set_offline(True)
    add(laptop, "From the laptop")
    add(phone, "From the phone")
    found(phone, "Shared").check()
    expect(laptop.get_by_text("1 change is waiting")).to_be_visible()
    expect(phone.get_by_text("2 changes are waiting")).to_be_visible()
    people.problems.clear()  # the browser reports each request that failed
    for page in (laptop, phone):
        page.context.set_offline(False)
    for page in (laptop, phone):
        for title in ("From the laptop", "From the phone"):
            expect(found(page, title)).to_be_visible()
        expect(found(page, "Shared")).to_be_checked()
        expect(page.get_by_text("waiting")).to_have_count(0)
    assert stored(people, account) == {
        "Shared": "COMPLETED", "From the laptop": "PENDING", "From the phone": "PENDING",
    }  # fmt: skip
    people.problems.clear()


def test_a_token_that_is_refused_is_renewed(people: People) -> None:
    account = people.account()
    page = people.open("/", account)
    renewed: list[str] = []

    def note(request: Request) -> None:
        if "cognito-idp" in request.url:
            renewed.append(request.headers["x-amz-target"].rpartition(".")[2])

    page.on("request", note)
    refused = iter([{"errors": [{"errorType": "UnauthorizedException", "message": "Token has expired."}]}])

    def refuse_once(route: Route) -> None:
        body: Any = next(refused, None)
        if body:
            route.fulfill(status=401, body=json.dumps(body), content_type="application/json")
        else:
            route.continue_()

    page.route("**/graphql", refuse_once)
    add(page, "After the token expired")
    expect(found(page, "After the token expired")).to_be_visible()
    expect(page.get_by_text("waiting to be sent")).to_have_count(0)
    assert stored(people, account) == {"After the token expired": "PENDING"}
    assert renewed
    people.problems.clear()


def test_a_system_that_is_restarted_gets_what_was_edited_meanwhile(
    people: People, browser: Browser, tmp_path: Path
) -> None:
    settings = free_settings(tmp_path)
    with running(settings) as system:
        page = browser.new_context().new_page()
        page.goto(f"http://127.0.0.1:{settings.port}/")
        add(page, "Before")
        expect(found(page, "Before")).to_be_visible()
        expect(page.get_by_text("waiting")).to_have_count(0)
        system.stop()
    add(page, "Between")
    found(page, "Before").check()
    expect(page.get_by_text("2 changes are waiting")).to_be_visible()
    with running(settings) as system:
        expect(page.get_by_text("waiting")).to_have_count(0, timeout=60_000)
        _, answer = system.graphql(QUERY)
        assert {(task["title"], task["status"]) for task in answer["data"]["tasks"]["nodes"]} == {
            ("Before", "COMPLETED"),
            ("Between", "PENDING"),
        }
        page.context.close()
    assert people.problems == []
