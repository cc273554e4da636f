"""The explorer at `/graphiql`: examples in tabs, who calls, and subscriptions that go on beside other tabs."""

import re

from appsync_local.execution.documents import DocumentCache
from appsync_local.schema.sdl import read_schema
from playwright.sync_api import Locator, Page, Route, WebSocketRoute, expect

from local.settings import CHECKOUT
from tests.e2e.web.people import MENU, PHONE, People, accessibility_problems

MAKE = "Create"


def choose_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).get_by_role("button", name=name, exact=True).click()


def run(page: Page) -> None:
    page.get_by_role("button", name="Execute query").click()


def push_log(page: Page) -> Locator:
    return page.get_by_role("region", name="Push log")


def test_a_subscription_of_who_was_chosen_goes_on_beside_other_tabs_until_it_is_stopped(people: People) -> None:
    page = people.open("/graphiql")
    sockets: list[WebSocketRoute] = []

    def pass_on(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        sockets.append(socket)

    page.route_web_socket(re.compile("/realtime"), pass_on)
    page.get_by_role("button", name=MENU).click()
    page.get_by_role("button", name="ada (students)").click()
    bar = page.get_by_role("region", name=f"{MENU}: ada")
    expect(bar).to_contain_text("students")
    choose_tab(page, "Follow")
    expect(page.get_by_role("region", name="Variables")).to_contain_text(bar.locator(".value").inner_text())
    run(page)
    log = push_log(page)
    expect(log).to_contain_text("running")

    choose_tab(page, MAKE)
    run(page)
    pushes = log.locator("summary")
    expect(pushes.filter(has_text="CREATED")).to_have_count(1)
    expect(pushes.filter(has_text="PROCESSING_CHANGED")).not_to_have_count(0)
    pushes.filter(has_text="CREATED").click()
    expect(log.locator("details[open] pre")).to_contain_text('"title": "Read chapter 4"')
    log.get_by_label("Filter pushes").fill("processing_changed")
    expect(pushes.filter(has_text="CREATED")).to_have_count(0)
    log.get_by_label("Filter pushes").fill("")
    assert accessibility_problems(page) == []

    log.get_by_role("button", name="Pause").click()
    sockets[0].close()
    expect(log.get_by_role("list", name="Subscriptions")).to_contain_text("connecting again")
    expect(log.get_by_role("list", name="Subscriptions")).to_contain_text("running")
    expect(log.get_by_role("button", name=re.compile(r"Go on \([1-9]"))).to_be_visible()
    expect(log.locator(".line", has_text="connecting again")).to_have_count(0)
    log.get_by_role("button", name="Go on").click()
    expect(log.locator(".line", has_text="connecting again")).to_have_count(1)
    log.get_by_role("button", name="Clear").click()
    expect(pushes).to_have_count(0)
    log.get_by_role("button", name="Stop Follow").click()
    expect(log.locator(".line")).to_contain_text("ended")


def test_an_example_is_found_and_run_on_a_phone(people: People) -> None:
    page = people.open("/graphiql", viewport=PHONE)
    page.get_by_role("button", name="Show Examples").click()
    page.get_by_role("searchbox", name="Search examples").fill("numbers")
    page.get_by_role("button", name="query Numbers").click()
    run(page)
    result = page.get_by_role("region", name="Result Window")
    expect(result).to_contain_text("streakDays")
    editor = page.get_by_role("region", name="Operation Editor").bounding_box()
    answer = result.bounding_box()
    assert editor
    assert answer
    assert editor["y"] + editor["height"] <= answer["y"]
    assert min(editor["width"], answer["width"]) > 0.9 * PHONE["width"] - 20
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_the_keyboard_alone_finds_an_example_runs_it_and_leaves_the_editor(people: People) -> None:
    page = people.open("/graphiql")
    expect(page.locator("[aria-busy=false]")).to_be_visible()
    search = page.get_by_role("searchbox", name="Search examples")
    search.press_sequentially("permissions")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Permissions")).to_have_attribute("aria-selected", "true")
    editor = page.get_by_role("region", name="Operation Editor").locator(".graphiql-editor")
    editor.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Operation")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("region", name="Result Window")).to_contain_text("taskPermissions")
    page.keyboard.press("Escape")
    expect(editor).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Execute query")).to_be_focused()

    page.get_by_role("button", name="Show History").press("Enter")
    expect(page.locator(".graphiql-history-item-label")).to_have_text(["Permissions"])
    assert accessibility_problems(page) == []
    page.get_by_role("button", name="Show Documentation Explorer").press("Enter")
    page.locator(".graphiql-plugin").get_by_text("Query", exact=True).click()
    expect(page.locator(".graphiql-plugin")).to_contain_text("The caller.")  # a description
    assert accessibility_problems(page) == []


def test_a_stage_that_does_not_tell_its_schema_says_so(people: People) -> None:
    documents = DocumentCache(read_schema((CHECKOUT / "schema.graphql").read_text()), introspection=False)

    def answer(route: Route) -> None:
        sent = route.request.post_data_json
        assert sent
        errors = documents.prepare(sent["query"]).errors
        if errors:
            route.fulfill(json={"data": None, "errors": errors})
        else:
            route.continue_()

    page = people.context().new_page()
    page.route("**/graphql", answer)
    page.goto(people.url("/graphiql"))
    expect(page.get_by_role("main")).to_contain_text("introspection is switched off")
    expect(page.get_by_role("main")).to_contain_text("FieldUndefined")
    expect(page.locator(".graphiql-container")).to_have_count(0)
