"""The explorer at `/graphiql`: examples in tabs, who calls, and subscriptions that go on beside other tabs."""

from playwright.sync_api import Page, expect

from tests.e2e.web.people import MENU, PHONE, People

RUN = "Execute query"


def log_of(page: Page) -> "LogView":
    return LogView(page)


class LogView:
    """The push log of a page."""

    def __init__(self, page: Page) -> None:
        self.region = page.get_by_role("region", name="Push log")
        self.lines = self.region.get_by_role("listitem")

    def with_type(self, event: str) -> None:
        """Wait for a push of this type."""
        expect(self.region.locator("summary", has_text=event).first).to_be_visible()


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).get_by_role("button", name=name, exact=True).click()


def run(page: Page) -> None:
    page.get_by_role("button", name=RUN).click()


def test_a_subscription_of_who_was_chosen_goes_on_while_another_tab_makes_a_task(people: People) -> None:
    page = people.open("/graphiql")
    expect(page.get_by_role("tab")).to_have_count(3)
    page.get_by_role("button", name=MENU).click()
    page.get_by_role("button", name="ada (students)").click()
    bar = page.get_by_role("region", name=f"{MENU}: ada")
    expect(bar).to_contain_text("students")
    own_id = bar.locator(".value").inner_text()

    tab(page, "Follow")
    expect(page.locator(".graphiql-editor-tool")).to_contain_text(own_id)
    run(page)
    log = log_of(page)
    expect(log.region).to_contain_text("running")
    tab(page, "Create")
    run(page)
    expect(page.locator(".graphiql-response")).to_contain_text("version")
    for event in ("CREATED", "PROCESSING_CHANGED"):
        log.with_type(event)

    page.reload()
    expect(page.get_by_role("region", name=f"{MENU}: ada")).to_contain_text(own_id)
    assert PHONE
