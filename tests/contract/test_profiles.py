"""What every `ProfileRepository` does."""

from datetime import time, timedelta

from taskbell.application.ports import ProfileRepository
from taskbell.domain.profile import Profile
from taskbell.domain.quiet_hours import QuietHours
from tests.support.examples import LATER, NOW


def test_who_never_set_anything_has_the_defaults(profiles: ProfileRepository) -> None:
    assert profiles.get("ada") == Profile("ada", "UTC", (), None)


def test_settings_are_kept(profiles: ProfileRepository) -> None:
    profiles.save(Profile("ada", "Europe/Vienna", (60, 5)))
    assert profiles.get("ada") == Profile("ada", "Europe/Vienna", (60, 5))
    assert profiles.get("grace") == Profile("grace")


def test_what_was_seen_is_kept_and_never_less(profiles: ProfileRepository) -> None:
    assert profiles.mark_seen("ada", LATER).seen_until == LATER
    assert profiles.mark_seen("ada", NOW).seen_until == LATER
    assert profiles.mark_seen("ada", LATER + timedelta(1)).seen_until == LATER + timedelta(1)


def test_settings_and_what_was_seen_leave_each_other_alone(profiles: ProfileRepository) -> None:
    profiles.mark_seen("ada", LATER)
    profiles.save(Profile("ada", "Europe/Vienna"))
    assert profiles.mark_seen("ada", NOW) == Profile("ada", "Europe/Vienna", (), LATER)


def test_quiet_hours_are_kept_until_they_are_turned_off(profiles: ProfileRepository) -> None:
    quiet = Profile("ada", "Europe/Vienna", quiet_hours=QuietHours(time(22), time(7, 5)))
    profiles.save(quiet)
    assert profiles.get("ada") == quiet
    profiles.save(Profile("ada", "Europe/Vienna"))
    assert profiles.get("ada").quiet_hours is None
