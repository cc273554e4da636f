"""Settings that operators change at run time: one JSON parameter in SSM Parameter Store."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError, TransformParameterError

from taskbell.domain.exceptions import InvalidSettingError, UnavailableError

logger = Logger()

_CACHE_SECONDS = 300
_NOTIFICATION_DAYS = 90  # for parameters without this setting


@dataclass(frozen=True, slots=True)
class SsmSettings:
    """Implements `SettingsSource`: one request in five minutes, and another when a setting is invalid."""

    name: str

    def deleted_task_retention(self) -> timedelta:
        """Return how long a deleted task can be restored."""
        return self._days("deletedTaskRetentionDays")

    def notification_retention(self) -> timedelta:
        """Return how long a notification is stored."""
        return self._days("notificationRetentionDays", _NOTIFICATION_DAYS)

    def _days(self, setting: str, default: int | None = None) -> timedelta:
        for force_fetch in (False, True):
            values = self._values(force_fetch=force_fetch)
            days = values.get(setting, default) if isinstance(values, dict) else None
            if type(days) is int and 1 <= days <= 3650:
                return timedelta(days=days)
        logger.error("A setting is wrong.", parameter=self.name, setting=setting)
        raise InvalidSettingError(f"{self.name}: {setting} must be a whole number of 1 to 3650 days.")

    def _values(self, *, force_fetch: bool) -> Any:
        """Return the parameter's JSON, or None if it is invalid."""
        try:
            return parameters.get_parameter(
                self.name, transform="json", max_age=_CACHE_SECONDS, force_fetch=force_fetch
            )
        except TransformParameterError:
            return None
        except GetParameterError as error:
            logger.exception("A setting is wrong.", parameter=self.name)
            raise UnavailableError from error
