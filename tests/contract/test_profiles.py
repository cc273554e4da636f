"""What is kept of people."""

from datetime import timedelta

from taskbell.application.ports import Profiles
from taskbell.domain.profile import Profile
from tests.examples import LATER, NOW


def test_who_never_set_anything_has_the_defaults(profiles: Profiles) -> None:
    assert profiles.get("ada") == Profile("ada", "UTC", (), None)


def test_settings_are_kept(profiles: Profiles) -> None:
    profiles.save(Profile("ada", "Europe/Vienna", (60, 5)))
    assert profiles.get("ada") == Profile("ada", "Europe/Vienna", (60, 5))
    assert profiles.get("grace") == Profile("grace")


def test_what_was_seen_is_kept_and_never_less(profiles: Profiles) -> None:
    assert profiles.see("ada", LATER).seen_until == LATER
    assert profiles.see("ada", NOW).seen_until == LATER
    assert profiles.see("ada", LATER + timedelta(1)).seen_until == LATER + timedelta(1)


def test_settings_and_what_was_seen_leave_each_other_alone(profiles: Profiles) -> None:
    profiles.see("ada", LATER)
    profiles.save(Profile("ada", "Europe/Vienna"))
    assert profiles.see("ada", NOW) == Profile("ada", "Europe/Vienna", (), LATER)
