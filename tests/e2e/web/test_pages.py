"""What holds on every page."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.web.people import DESKTOP, MENU, PHONE, People, accessibility_problems

PATHS = ["/", "/graphiql", "/ops"]


def is_wider_than_the_window(page: Page) -> bool:
    wider = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return bool(wider)


@pytest.mark.parametrize("path", PATHS)
def test_a_page_starts_and_is_accessible_in_both_themes_and_on_a_phone(people: People, path: str) -> None:
    for theme, viewport in (("light", DESKTOP), ("dark", PHONE)):
        page = people.open(path, color_scheme=theme, viewport=viewport)
        expect(page.get_by_role("button", name=MENU)).to_be_visible()
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        assert accessibility_problems(page) == []
        assert not is_wider_than_the_window(page)


def test_the_language_and_the_colours_are_kept(people: People) -> None:
    page = people.open("/")
    settings = page.get_by_role("button", name="Colours, Language")
    settings.click()
    page.get_by_label("Colours", exact=True).select_option("dark")
    page.get_by_label("Language", exact=True).select_option("Deutsch")
    expect(page.get_by_role("button", name="Farben, Sprache")).to_be_visible()
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dataset.theme]") == ["de", "dark"]


def test_no_script_that_is_not_a_file_runs(people: People) -> None:
    page = people.open("/")
    page.evaluate("""() => {
        const script = document.createElement('script');
        script.textContent = 'window.injected = true';
        document.body.append(script);
    }""")
    assert page.evaluate("window.injected") is None
    (problem,) = people.problems
    assert "Content Security Policy" in problem
    people.problems.clear()
