"""The page of the HTTP API, Swagger UI, which is no page of `web/`."""

from playwright.sync_api import Browser, ViewportSize, expect

from tests.e2e.web.people import PHONE
from tests.support.local_system import LocalSystem


def test_the_http_api_can_be_read_and_tried_on_a_phone(system: LocalSystem, browser: Browser) -> None:
    with browser.new_context(viewport=ViewportSize(width=PHONE["width"], height=PHONE["height"])) as context:
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{system.settings.rest_port}/docs")
        page.locator(".opblock-summary", has_text="List tasks").click()
        page.get_by_role("button", name="Try it out").click()
        page.get_by_role("button", name="Execute").click()
        answer = page.locator(".live-responses-table .highlight-code").first
        expect(answer).to_contain_text("tasks")
        field = page.get_by_placeholder("search").bounding_box()
        assert field
        assert field["width"] > PHONE["width"] / 2
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
