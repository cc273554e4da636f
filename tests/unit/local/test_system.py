"""What the local system prints."""

from pathlib import Path

from local.settings import Settings
from local.system import environment_for


def test_a_command_finds_the_usual_state_folder_by_itself() -> None:
    assert environment_for(Settings.from_environment({"PORT": "5000"})) == ""


def test_a_printed_command_names_another_state_folder() -> None:
    assert environment_for(Settings(state=Path("/a b/state"))) == "TASKBELL_STATE='/a b/state' "
