"""The settings that an operator can change."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from taskbell.adapters.ssm_settings import SsmSettings, logger
from taskbell.domain.exceptions import InvalidSettingError, UnavailableError
from tests.support.aws import SETTINGS, set_settings

pytestmark = pytest.mark.usefixtures("wired", "moto")


def written(value: str) -> SsmSettings:
    """The settings with that value of the parameter."""
    set_settings(value)
    return SsmSettings(SETTINGS)


def days_of(settings: SsmSettings) -> tuple[int, int]:
    """How many days deleted tasks are kept, and notifications."""
    return settings.deleted_task_retention().days, settings.notification_retention().days


def test_both_times_of_retention_are_set_in_days() -> None:
    assert days_of(written('{"deletedTaskRetentionDays": 7, "notificationRetentionDays": 14}')) == (7, 14)


def test_a_new_stage_begins_with_settings_that_make_sense() -> None:
    infrastructure = Path(__file__).parents[3] / "infrastructure" / "settings.yml"
    value = yaml.safe_load(infrastructure.read_text())["Resources"]["Settings"]["Properties"]["Value"]
    assert days_of(written(value)) == (30, 90)


def test_a_parameter_from_before_notifications_expired_keeps_them_for_90_days() -> None:
    assert written('{"deletedTaskRetentionDays": 7}').notification_retention() == timedelta(days=90)


READ: dict[str, Callable[[SsmSettings], timedelta]] = {
    "deletedTaskRetentionDays": SsmSettings.deleted_task_retention,
    "notificationRetentionDays": SsmSettings.notification_retention,
}


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("days", ["0", "3651", "-1", "true", "1.5", '"30"', "null"])
def test_a_number_of_days_that_makes_no_sense_is_refused_and_the_other_one_holds(name: str, days: str) -> None:
    (other,) = READ.keys() - {name}
    settings = written(f'{{"{other}": 14, "{name}": {days}}}')
    with pytest.raises(InvalidSettingError, match=f"{SETTINGS}: {name} must be"):
        READ[name](settings)
    assert READ[other](settings) == timedelta(days=14)


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("value", ["[]", "5", "null", "no JSON"])
def test_a_parameter_that_holds_no_settings_is_refused(name: str, value: str) -> None:
    with pytest.raises(InvalidSettingError, match=SETTINGS):
        READ[name](written(value))


def test_an_empty_parameter_does_not_say_how_long_deleted_tasks_are_kept() -> None:
    with pytest.raises(InvalidSettingError):
        written("{}").deleted_task_retention()


@pytest.mark.parametrize("wrong", ['{"deletedTaskRetentionDays": "soon"}', "no JSON"])
def test_what_is_wrong_is_good_as_soon_as_it_is_put_right(wrong: str) -> None:
    settings = written(wrong)
    for _ in range(2):
        with pytest.raises(InvalidSettingError):
            settings.deleted_task_retention()
    set_settings('{"deletedTaskRetentionDays": 7}')
    assert settings.deleted_task_retention() == timedelta(days=7)


def test_what_makes_sense_is_read_once() -> None:
    settings = written('{"deletedTaskRetentionDays": 7}')
    assert days_of(settings) == (7, 90)
    set_settings('{"deletedTaskRetentionDays": 8, "notificationRetentionDays": 8}')
    assert days_of(settings) == (7, 90)


def test_a_caller_hears_of_no_name_and_an_operator_reads_it_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(UnavailableError) as refusal:
        written("{}").deleted_task_retention()
    assert SETTINGS not in refusal.value.message
    (entry,) = (vars(record) for record in caplog.records if record.name == logger.name)
    assert (entry["levelname"], entry["msg"]) == ("ERROR", "A setting is wrong.")
    assert (entry["parameter"], entry["setting"]) == (SETTINGS, "deletedTaskRetentionDays")
