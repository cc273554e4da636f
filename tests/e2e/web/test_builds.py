"""The service worker shows another build at the next load, and the former one while that is not there as a whole."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect

from local.settings import CHECKOUT

# Asks for another worker, if asked to, and resolves with the names of the builds when none is on its way any more.
SETTLED = """async (update) => {
    const registration = await navigator.serviceWorker.ready;
    if (update) await registration.update();
    const isSettled = () => {
        const { active, installing, waiting } = registration;
        return !installing && !waiting && active.state === 'activated';
    };
    while (!isSettled()) await new Promise((resolve) => setTimeout(resolve, 20));
    return (await caches.keys()).filter((name) => name.includes('.build.'));
}"""


class Site:
    """Serves a folder, until it is stopped."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))
        Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def change(self, title: str, *, name: str) -> str:
        """Serve another build: its page has this title and a script of another name. Returns the script's path."""
        page, worker = self.folder / "index.html", self.folder / "sw.js"
        html = page.read_text(encoding="utf-8")
        match = re.search(r"/assets/board-[\w-]+\.js", html)
        assert match
        former, script = match[0], f"/assets/board-{name}.js"
        (self.folder / former[1:]).rename(self.folder / script[1:])
        html = re.sub("<title>.*</title>", f"<title>{title}</title>", html)
        page.write_text(html.replace(former, script), encoding="utf-8")
        built = worker.read_text(encoding="utf-8").replace(former, script)
        worker.write_text(re.sub('"name":"[^"]*"', f'"name":"{name}"', built, count=1), encoding="utf-8")
        return script

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class calls it so)
        """Keep the tests' output free of requests."""

    def end_headers(self) -> None:
        self.send_header("cache-control", "no-cache")
        super().end_headers()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A copy of the built pages, without an API."""
    folder = tmp_path / "dist"
    shutil.copytree(CHECKOUT / "web/dist", folder)
    (folder / "amplify_outputs.json").write_text('{"data": {"url": "/graphql"}}', encoding="utf-8")
    site = Site(folder)
    yield site
    site.stop()


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """The board, opened once, with its service worker at work."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(site.url)
    page.evaluate(SETTLED, False)
    yield page
    context.close()


def test_another_build_shows_at_the_next_load_and_without_network(page: Page, site: Site) -> None:
    site.change("Second", name="second")
    page.reload()
    expect(page).to_have_title("Second")
    assert len(page.evaluate(SETTLED, True)) == 2
    page.context.set_offline(True)
    page.reload()
    expect(page).to_have_title("Second")
    expect(page.get_by_role("heading", name="Taskbell")).to_be_visible()


def test_a_build_that_is_not_there_as_a_whole_replaces_nothing(page: Page, site: Site) -> None:
    script = site.change("Broken", name="broken")
    (site.folder / script[1:]).unlink()
    assert len(page.evaluate(SETTLED, True)) == 1
    page.context.set_offline(True)
    page.reload()
    expect(page).to_have_title("Taskbell")
    expect(page.get_by_role("heading", name="Taskbell")).to_be_visible()
