"""People of the local user pool, each with an account of their own, and their pages."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import boto3
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from local.settings import CHECKOUT
from tests.support.local_system import LocalSystem

AXE = CHECKOUT / "node_modules/axe-core/axe.min.js"
MENU = "Who you are"
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
expect.set_options(timeout=15_000)


@dataclass(frozen=True)
class Account:
    """A user of the pool."""

    name: str
    password: str


class People:
    """Makes accounts and opens pages; keeps what went wrong in them, and what they asked for."""

    def __init__(self, system: LocalSystem, browser: Browser, contexts: ExitStack) -> None:
        self.system = system
        self.requested: list[str] = []
        self.problems: list[str] = []
        self._browser = browser
        self._contexts = contexts

    def account(self, group: str = "students", name: str | None = None) -> Account:
        """Return a new account."""
        account = Account(name or f"person-{uuid4().hex[:12]}", f"Aa1!{uuid4().hex}")
        connection = self.system.connection
        person: Any = {"UserPoolId": connection["userPoolId"], "Username": account.name}
        client = self._user_pool()
        client.admin_create_user(**person, MessageAction="SUPPRESS")
        client.admin_set_user_password(**person, Password=account.password, Permanent=True)
        client.admin_add_user_to_group(**person, GroupName=group)
        return account

    def token(self, account: Account) -> str:
        """Return an access token of the account, for what another program of theirs does."""
        answer = self._user_pool().initiate_auth(
            ClientId=self.system.connection["userPoolClientId"],
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": account.name, "PASSWORD": account.password},
        )
        return str(answer["AuthenticationResult"]["AccessToken"])

    def context(self, **options: Any) -> BrowserContext:
        """Return a browser without any history, as another person's (or another device) is."""
        context = self._browser.new_context(
            **{"locale": "en-GB", "timezone_id": "Europe/Vienna", "viewport": DESKTOP, **options}
        )
        self._contexts.callback(context.close)
        context.on("request", lambda request: self.requested.append(request.url))
        context.on("console", self._note)
        context.on("weberror", lambda error: self.problems.append(str(error.error)))
        return context

    def open(self, path: str, account: Account | None = None, **options: Any) -> Page:
        """Open a page in a browser of its own, as the guest or signed in by name and password."""
        page = self.context(**options).new_page()
        page.on("websocket", lambda socket: self.requested.append(socket.url))
        page.goto(self.url(path))
        if account:
            self.sign_in(page, account)
        return page

    def url(self, path: str) -> str:
        """Return a page's address."""
        return f"http://127.0.0.1:{self.system.settings.port}{path}"

    def sign_in(self, page: Page, account: Account) -> None:
        """Sign in as a person does; returns when the page shows who they are."""
        page.get_by_role("button", name=MENU).click()
        page.get_by_role("button", name="Sign in").click()
        form = page.get_by_role("dialog", name="Sign in")
        form.get_by_label("User name").fill(account.name)
        form.get_by_label("Password").fill(account.password)
        form.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("button", name=f"{MENU}: {account.name}")).to_be_visible()

    def _user_pool(self) -> Any:
        connection = self.system.connection
        return boto3.client(
            "cognito-idp",
            endpoint_url=connection["awsEndpoint"],
            region_name=connection["region"],
            aws_access_key_id=connection["awsAccessKeyId"],
            aws_secret_access_key=connection["awsSecretAccessKey"],
        )

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.problems.append(message.text)


def until_true(ask: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until something is so that no page shows."""
    deadline = time.monotonic() + seconds
    while not ask():
        assert time.monotonic() < deadline, "It did not become true."
        time.sleep(0.1)


def accessibility_problems(page: Page) -> list[str]:
    """Return what axe-core finds against WCAG 2.2 AA and its best practices, one line for each rule."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")
    return [
        f"{violation['id']}: {node['html'][:200]}"
        for violation in found["violations"]
        for node in violation["nodes"]
        if not _is_anothers(violation["id"], node["html"])
    ]


def _is_anothers(rule: str, html: str) -> bool:
    """Return whether GraphiQL wrote this, which takes no other markup.

    Its tabs are list items with the role of a tab around the button that is one; the buttons of its history show the
    operation's name, and are called "Set active".
    """
    parts = {"nested-interactive": 'class="graphiql-tab', "label-content-name-mismatch": "graphiql-history-item-label"}
    return rule in parts and parts[rule] in html
