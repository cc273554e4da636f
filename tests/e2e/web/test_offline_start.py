"""The board without network: it opens, takes edits, and sends them later. Signing out leaves nothing of it behind."""

from playwright.sync_api import Page, expect

from tests.e2e.web.people import MENU, People
from tests.e2e.web.test_everyday import field, titles

TITLES = "{ tasks { nodes { title } } }"
WORKER = "navigator.serviceWorker.ready.then(({ active }) => active.state)"
# Names of what this origin keeps, and the documents of the sync client.
KEPT = """async () => {
    const open = indexedDB.open('keyval-store');
    const database = await new Promise((resolve) => { open.onsuccess = () => resolve(open.result); });
    const keys = database.objectStoreNames.contains('keyval')
        ? database.transaction('keyval').objectStore('keyval').getAllKeys() : null;
    const documents = keys && await new Promise((resolve) => { keys.onsuccess = () => resolve(keys.result); });
    database.close();
    return [...Object.keys(localStorage), ...Object.values(localStorage), ...(documents ?? [])];
}"""


def add(page: Page, title: str) -> None:
    field(page).fill(title)
    field(page).press("Enter")


def test_the_board_opens_without_network_and_sends_its_edits_later(people: People) -> None:
    account = people.account()
    page = people.open("/", account)
    add(page, "Before")
    expect(page.get_by_role("link", name="Before")).to_be_visible()
    expect(page.get_by_text("waiting to be sent")).to_have_count(0)
    page.evaluate(WORKER)
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("button", name=MENU)).to_have_text(account.name)
    expect(page.get_by_role("link", name="Before")).to_be_visible()
    page.get_by_role("checkbox", name="Completed: Before").check()
    add(page, "Between today 18:00")
    expect(page.get_by_text("2 changes are waiting")).to_be_visible()
    page.reload()
    expect(page.get_by_text("2 changes are waiting")).to_be_visible()
    expect(page.get_by_text("waiting to be sent")).to_have_count(2)
    for view in ("board", "calendar", "lists", "statistics", "trash"):
        page.goto(people.url(f"/#/{view}"))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(people.url("/#/today"))
    page.context.set_offline(False)
    expect(page.get_by_text("waiting")).to_have_count(0)
    assert titles(people, account, TITLES) == {"Before", "Between"}
    assert titles(people, account, "{ tasks(filter: { statuses: [COMPLETED] }) { nodes { title } } }") == {"Before"}
    people.problems.clear()  # the browser reports each request that failed


def test_signing_out_asks_when_edits_wait_and_leaves_nothing_behind(people: People) -> None:
    account = people.account()
    _, answer = people.system.graphql("{ viewer { ownerId } }", authorization=people.token(account))
    owner = answer["data"]["viewer"]["ownerId"]
    page = people.open("/", account)
    add(page, "Mine")
    expect(page.get_by_text("waiting to be sent")).to_have_count(0)
    assert owner in " ".join(page.evaluate(KEPT))
    page.context.set_offline(True)
    add(page, "Unsent")
    expect(page.get_by_text("1 change is waiting")).to_be_visible()
    page.get_by_role("button", name=MENU).click()
    page.get_by_role("button", name="Sign out").click()
    question = page.get_by_role("dialog", name="Sign out?")
    expect(question).to_contain_text("One change is not sent yet")
    question.get_by_role("button", name="Stay signed in").click()
    page.context.set_offline(False)
    expect(page.get_by_text("waiting")).to_have_count(0)
    assert titles(people, account, TITLES) == {"Mine", "Unsent"}

    page.get_by_role("button", name=MENU).click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name=MENU)).to_have_text("guest")
    expect(field(page)).to_be_visible()
    kept = " ".join(page.evaluate(KEPT))
    assert owner not in kept
    assert account.name not in kept
    people.problems.clear()


def test_who_is_signed_out_elsewhere_is_told_and_signs_in_again(people: People) -> None:
    account = people.account()
    page = people.open("/", account)
    expect(field(page)).to_be_visible()
    page.evaluate("""() => {
        const tokens = Object.keys(localStorage).filter((key) => key.startsWith('Cognito'));
        tokens.forEach((key) => localStorage.removeItem(key));
    }""")
    page.context.set_offline(True)
    add(page, "Still mine")
    page.context.set_offline(False)
    expect(page.get_by_text("You are signed out by now")).to_contain_text("1 change is waiting")
    page.get_by_role("button", name="Sign in").click()
    form = page.get_by_role("dialog", name="Sign in")
    form.get_by_label("User name").fill(account.name)
    form.get_by_label("Password").fill(account.password)
    form.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("You are signed out by now")).to_have_count(0)  # the page is loaded anew
    expect(page.get_by_role("link", name="Still mine")).to_be_visible()
    expect(page.get_by_text("waiting")).to_have_count(0)
    assert titles(people, account, TITLES) == {"Still mine"}
    people.problems.clear()
