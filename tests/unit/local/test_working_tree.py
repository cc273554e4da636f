"""A saved file is live at the next call."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.workers.working_tree import HandlerLoadError, WorkingTree

RELOADED_PACKAGES = ("entry_points", "src/example_package")
GREETING = "GREETING = 'hello'\n"
HANDLER = "from example_package.words import GREETING\n\ndef handler(event, context):\n    return GREETING + event\n"


class Checkout:
    """A checkout of two packages, with a clock that a test moves."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.now = 0.0
        self.save("src/example_package/words.py", GREETING)
        self.save("entry_points/greet.py", HANDLER)
        self.tree = WorkingTree(root, RELOADED_PACKAGES, "entry_points.greet.handler", clock=lambda: self.now)

    def save(self, file: str, text: str) -> None:
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def call(self, seconds_later: float = 1) -> object:
        self.now += seconds_later
        return self.tree.handler()("!", None)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Checkout]:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.syspath_prepend(str(tmp_path / "src"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    yield Checkout(tmp_path)
    for name in [name for name in sys.modules if name.partition(".")[0] in {"entry_points", "example_package"}]:
        del sys.modules[name]


def test_a_handler_runs_as_it_is_written(checkout: Checkout) -> None:
    assert checkout.call() == "hello!"


def test_a_handler_stays_loaded_while_nothing_changes(checkout: Checkout) -> None:
    first, again = checkout.tree.handler(), checkout.tree.handler()
    assert first is again


def test_a_saved_file_is_live_at_the_next_call(checkout: Checkout) -> None:
    checkout.call()
    checkout.save("entry_points/greet.py", HANDLER.replace("GREETING + event", "'changed'"))
    assert checkout.call() == "changed"


def test_a_file_that_the_handler_imports_is_live_too(checkout: Checkout) -> None:
    checkout.call()
    checkout.save("src/example_package/words.py", "GREETING = 'howdy'\n")
    assert checkout.call() == "howdy!"


def test_two_saves_of_one_size_within_a_second_are_both_seen(checkout: Checkout) -> None:
    for word in ("hallo", "howdy", "salve"):
        checkout.save("src/example_package/words.py", f"GREETING = '{word}'\n")
        assert checkout.call() == f"{word}!"


def test_a_new_file_can_be_imported(checkout: Checkout) -> None:
    checkout.call()
    checkout.save("src/example_package/more.py", "MORE = 'more'\n")
    checkout.save(
        "entry_points/greet.py", "from example_package.more import MORE\ndef handler(e, c):\n    return MORE\n"
    )
    assert checkout.call() == "more"


def test_files_are_not_looked_at_more_often_than_said(checkout: Checkout) -> None:
    checkout.call()
    checkout.save("src/example_package/words.py", "GREETING = 'howdy'\n")
    assert checkout.call(seconds_later=0.1) == "hello!"
    assert checkout.call(seconds_later=0.1) == "howdy!"


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("entry_points/greet.py", "def handler(\n", "entry_points/greet.py:1: SyntaxError: '(' was never closed"),
        (
            "src/example_package/words.py",
            "\n1 / 0\n",
            "src/example_package/words.py:2: ZeroDivisionError: division by zero",
        ),
        ("src/example_package/words.py", "", "entry_points/greet.py:1: ImportError: cannot import name 'GREETING'"),
        ("entry_points/greet.py", "", "entry_points.greet.handler: AttributeError: "),
    ],
)
def test_a_file_that_does_not_import_is_named_and_the_next_save_heals(
    checkout: Checkout, file: str, text: str, message: str
) -> None:
    checkout.call()
    checkout.save(file, text)
    for _ in range(2):
        with pytest.raises(HandlerLoadError) as caught:
            checkout.call()
        assert str(caught.value).startswith(message)
    checkout.save(file, GREETING if file.startswith("src/") else HANDLER)
    assert checkout.call() == "hello!"


def test_other_packages_stay_loaded(checkout: Checkout) -> None:
    before = sys.modules["json.decoder"]
    checkout.call()
    checkout.save("src/example_package/words.py", "GREETING = 'howdy'\n")
    checkout.call()
    assert sys.modules["json.decoder"] is before
