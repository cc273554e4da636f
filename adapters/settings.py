"""What an operator can change while the system runs: one JSON parameter in SSM Parameter Store."""

from dataclasses import dataclass
from datetime import timedelta

from aws_lambda_powertools.utilities import parameters

from tasks.ports import Settings

_CACHE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class SsmSettings:
    """The port `SettingsSource`. One call in five minutes."""

    name: str

    def current(self) -> Settings:
        """See the port. Raises ValueError, with the parameter's name, for a value that makes no sense."""
        values = parameters.get_parameter(self.name, transform="json", max_age=_CACHE_SECONDS)
        days = values.get("deletedTaskRetentionDays") if isinstance(values, dict) else None
        if not isinstance(days, int) or not 1 <= days <= 3650:
            raise ValueError(f"{self.name}: deletedTaskRetentionDays must be a whole number of 1 to 3650 days.")
        return Settings(deleted_task_retention=timedelta(days=days))
