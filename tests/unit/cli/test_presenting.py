"""Tables on a terminal, and none elsewhere."""

import io
import json
import sys

import pytest

from taskbell.cli.console import show_json, show_table


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("TERM", "dumb")
    show_table("Letters", ("id", "cause"), [("1", "[bold]\x1b[2J"), ("2", None)])
    assert "┃ id ┃" in terminal.getvalue()
    assert r"[bold]\x1b[2J" in terminal.getvalue()


def test_a_pipe_gets_lines(capsys: pytest.CaptureFixture[str]) -> None:
    show_table("Letters", ("id", "cause"), [("1", "a\tb"), ("2", None)])
    assert capsys.readouterr().out == "Letters\nid\tcause\n1\ta\\tb\n2\t-\n"


def test_json_has_any_text_with_control_characters_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    text = "ü \x1b[2J \x9b2J \U000e0001 \ud800 \n"
    show_json({"text": text})
    said = capsys.readouterr().out
    assert json.loads(said) == {"text": text}
    assert all(each.isprintable() or each == "\n" for each in said)
