"""What an operator can change while the system runs: one JSON parameter in SSM Parameter Store."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities import parameters

from tasks.ports import Settings

_CACHE_SECONDS = 300
_NOTIFICATION_DAYS = 90  # for a parameter that was written before there was this setting


@dataclass(frozen=True, slots=True)
class SsmSettings:
    """The port `SettingsSource`. One call in five minutes."""

    name: str

    def current(self) -> Settings:
        """See the port. Raises ValueError, with the parameter's name, for a value that makes no sense."""
        values = parameters.get_parameter(self.name, transform="json", max_age=_CACHE_SECONDS)
        given = {"notificationRetentionDays": _NOTIFICATION_DAYS} | (values if isinstance(values, dict) else {})
        return Settings(
            deleted_task_retention=self._days(given, "deletedTaskRetentionDays"),
            notification_retention=self._days(given, "notificationRetentionDays"),
        )

    def _days(self, given: Mapping[str, Any], name: str) -> timedelta:
        days = given.get(name)
        if type(days) is not int or not 1 <= days <= 3650:
            raise ValueError(f"{self.name}: {name} must be a whole number of 1 to 3650 days.")
        return timedelta(days=days)
