"""Each alarm has a section that says what to do, with commands that exist."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from taskbell.cli.app import app
from tests.infrastructure.compiled import Properties

SECTION = re.compile(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
COMMANDS = re.compile(r"```sh\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def sections(checkout: Path) -> dict[str, str]:
    """What the page says of each alarm."""
    page = (checkout / "docs/how-to/alarms.md").read_text(encoding="utf-8")
    return {alarm: text for title, text in SECTION.findall(page) for alarm in title.split(", ")}


def test_each_alarm_has_a_section_and_each_section_an_alarm(
    of_type: Callable[[str], dict[str, Properties]], sections: dict[str, str]
) -> None:
    assert set(sections) == set(of_type("AWS::CloudWatch::Alarm"))


def test_each_section_has_a_command(sections: dict[str, str]) -> None:
    assert [alarm for alarm, text in sections.items() if not COMMANDS.search(text)] == []


def test_each_command_exists_with_its_options(sections: dict[str, str]) -> None:
    lines = {line for text in sections.values() for block in COMMANDS.findall(text) for line in block.splitlines()}
    ours = [line.split("#")[0].split()[1:] for line in lines if line.startswith(".venv/bin/taskbell ")]
    assert len(ours) > 5
    for arguments in ours:
        _parse(get_command(app), arguments)


def _parse(command: Any, arguments: list[str]) -> None:
    """Parse the arguments of a command and of its subcommands; an unknown one is an error."""
    names = [argument for argument in arguments if argument in getattr(command, "commands", {})]
    place = arguments.index(names[0]) if names else len(arguments)
    command.make_context(command.name, arguments[: place + 1])
    if names:
        _parse(command.commands[names[0]], arguments[place + 1 :])


def test_each_log_group_of_the_page_exists(
    of_type: Callable[[str], dict[str, Properties]], sections: dict[str, str]
) -> None:
    named = set(re.findall(r"/aws/lambda/taskbell-STAGE-(\w+)", "".join(sections.values())))
    groups = {re.sub(r".*-", "", str(group["LogGroupName"])) for group in of_type("AWS::Logs::LogGroup").values()}
    assert named <= groups
