"""Who one is on the pages: guest, local user, or signed in with a password."""

from playwright.sync_api import expect

from tests.e2e.web.people import MENU, People


def test_a_local_user_is_chosen_from_the_menu_and_survives_a_reload(people: People) -> None:
    page = people.open("/")
    menu = page.get_by_role("button", name=MENU)
    expect(menu).to_have_text("guest")
    menu.click()
    page.get_by_role("button", name="ada (students)").click()
    expect(menu).to_have_text("ada")
    page.reload()
    menu.click()
    expect(page.get_by_text("students", exact=True)).to_be_visible()


def test_a_wrong_password_is_said_and_the_right_one_signs_in_and_out(people: People) -> None:
    account = people.account()
    page = people.open("/")
    page.get_by_role("button", name=MENU).click()
    page.get_by_role("button", name="Sign in").click()
    form = page.get_by_role("dialog", name="Sign in")
    form.get_by_label("User name").fill(account.name)
    form.get_by_label("Password").fill("wrong")
    form.get_by_role("button", name="Sign in").click()
    expect(form.get_by_role("alert")).to_have_text("Incorrect username or password.")
    people.problems.clear()  # the browser reports the 400 that was to come

    form.get_by_label("Password").fill(account.password)
    form.get_by_role("button", name="Sign in").click()
    menu = page.get_by_role("button", name=MENU)
    expect(menu).to_have_text(account.name)
    page.reload()
    expect(menu).to_have_text(account.name)
    menu.click()
    page.get_by_role("button", name="Sign out").click()
    expect(menu).to_have_text("guest")
