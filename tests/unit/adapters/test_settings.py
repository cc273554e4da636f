"""The settings that an operator can change."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import boto3
import pytest
import yaml
from aws_lambda_powertools.utilities import parameters
from moto import mock_aws

from adapters.settings import SsmSettings
from tasks.ports import Settings

NAME = "/taskbell/test/settings"


@pytest.fixture(autouse=True)
def ssm(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A Parameter Store of moto, and nothing remembered of another."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        parameters.clear_caches()
        yield
    parameters.clear_caches()


def written(value: str) -> SsmSettings:
    """The settings with that value of the parameter."""
    boto3.client("ssm").put_parameter(Name=NAME, Type="String", Value=value)
    return SsmSettings(NAME)


def test_both_times_of_retention_are_set_in_days() -> None:
    settings = written('{"deletedTaskRetentionDays": 7, "notificationRetentionDays": 14}').current()
    assert settings == Settings(timedelta(days=7), timedelta(days=14))


def test_a_new_stage_begins_with_settings_that_make_sense() -> None:
    infrastructure = Path(__file__).parents[3] / "infrastructure" / "settings.yml"
    value = yaml.safe_load(infrastructure.read_text())["Resources"]["Settings"]["Properties"]["Value"]
    assert written(value).current() == Settings(timedelta(days=30), timedelta(days=90))


def test_a_parameter_from_before_notifications_expired_keeps_them_for_90_days() -> None:
    assert written('{"deletedTaskRetentionDays": 7}').current().notification_retention == timedelta(days=90)


@pytest.mark.parametrize("name", ["deletedTaskRetentionDays", "notificationRetentionDays"])
@pytest.mark.parametrize("days", ["0", "3651", "-1", "true", "1.5", '"30"', "null"])
def test_a_number_of_days_that_makes_no_sense_is_refused_with_its_name(name: str, days: str) -> None:
    other = {"deletedTaskRetentionDays": 30, "notificationRetentionDays": 90}
    del other[name]
    value = ", ".join([*(f'"{kept}": {number}' for kept, number in other.items()), f'"{name}": {days}'])
    with pytest.raises(ValueError, match=f"{NAME}: {name}"):
        written(f"{{{value}}}").current()


@pytest.mark.parametrize("value", ["[]", "5", "{}"])
def test_a_parameter_that_holds_no_settings_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=NAME):
        written(value).current()
