"""What an operator can change while the system runs: one JSON parameter in SSM Parameter Store."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.parameters.exceptions import TransformParameterError

from taskbell.domain.exceptions import InvalidSettingError

logger = Logger()

_CACHE_SECONDS = 300
_NOTIFICATION_DAYS = 90  # for a parameter that was written before there was this setting


@dataclass(frozen=True, slots=True)
class SsmSettings:
    """The port `SettingsSource`. One call in five minutes; another one whenever a setting is found wrong."""

    name: str

    def deleted_task_retention(self) -> timedelta:
        """See the port."""
        return self._days("deletedTaskRetentionDays")

    def notification_retention(self) -> timedelta:
        """See the port."""
        return self._days("notificationRetentionDays", _NOTIFICATION_DAYS)

    def _days(self, setting: str, otherwise: int | None = None) -> timedelta:
        for anew in (False, True):
            values = self._values(anew=anew)
            days = values.get(setting, otherwise) if isinstance(values, dict) else None
            if type(days) is int and 1 <= days <= 3650:
                return timedelta(days=days)
        logger.error("A setting is wrong.", parameter=self.name, setting=setting)
        raise InvalidSettingError(f"{self.name}: {setting} must be a whole number of 1 to 3650 days.")

    def _values(self, *, anew: bool) -> Any:
        """What the parameter holds; None when that is no JSON."""
        try:
            return parameters.get_parameter(self.name, transform="json", max_age=_CACHE_SECONDS, force_fetch=anew)
        except TransformParameterError:
            return None
