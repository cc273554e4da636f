"""Inputs of mutations, validated and converted into commands."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from resolvers.recurrence_input import RecurrenceInput
from resolvers.references import ListId, SectionId, TaskName, place_in
from taskbell.api.field_types import (
    ClientMutationId,
    DeadLetterIds,
    Description,
    DueDate,
    Instant,
    Label,
    Labels,
    LocalTime,
    NotificationIds,
    Rank,
    Reminders,
    ReminderTimes,
    StrictBool,
    TaskId,
    TimeZone,
    Title,
    UndoTokens,
    Version,
)
from taskbell.domain.commands import (
    CreateTask,
    DeleteTask,
    PurgeTask,
    RenameLabel,
    RestoreTask,
    SetTaskStatus,
    SkipOccurrence,
    UpdateTask,
)
from taskbell.domain.exceptions import InvalidInputError, LimitExceededError
from taskbell.domain.occurrences import OccurrenceRange
from taskbell.domain.profile import Profile
from taskbell.domain.quiet_hours import QuietHours
from taskbell.domain.receipts import ClientMutation
from taskbell.domain.task import Priority, TaskStatus

_MAX_AT_ONCE = 25

# Values of fields that were cleared with null, other than None.
_VALUES_WHEN_CLEARED: dict[str, object] = {
    "priority": Priority.NORMAL,
    "labels": (),
    "remind_before": (),
    "remind_at": (),
    "time_zone": "UTC",
    "default_reminders": (),
}


class Input(BaseModel):
    """An input of the schema, with camel-case names. Unknown fields are errors."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True)

    def has(self, name: str) -> bool:
        """Return whether a field has a value; for a new task, null means the same as leaving it out."""
        return getattr(self, name) is not None

    def provided(self, *excluded: str) -> dict[str, Any]:
        """Return the fields that were provided, also as null, with their values for the domain."""
        names = self.model_fields_set.difference(excluded)
        values = {name: getattr(self, name) for name in names}
        return {name: _domain_value(name, value) for name, value in values.items()}


class Change(Input):
    """An input of a mutation, which a client can name so that a repetition has no second effect."""

    client_mutation_id: ClientMutationId | None = None

    def mutation(self, received_at: datetime) -> ClientMutation | None:
        """Return the client's mutation: what is changed in which task is told apart from what is expected of it."""
        if self.client_mutation_id is None:
            return None
        content = self.model_dump_json(exclude={"id", "expected_version", "client_mutation_id"}, exclude_unset=True)
        return ClientMutation(self.client_mutation_id, received_at, f"{type(self).__name__} {content}")


def _domain_value(name: str, value: object) -> object:
    if isinstance(value, RecurrenceInput):
        return value.value()
    return _VALUES_WHEN_CLEARED.get(name) if value is None else value


class CreateTaskInput(Change):
    """`CreateTaskInput` of the schema."""

    key: TaskId | None = None
    title: Title
    description: Description | None = None
    priority: Priority | None = None
    labels: Labels | None = None
    status: TaskStatus | None = None
    due_at: DueDate | None = None
    time_zone: TimeZone | None = None
    remind_before: Reminders | None = None
    remind_at: ReminderTimes | None = None
    recurrence: RecurrenceInput | None = None
    parent_id: TaskName | None = None
    rank: Rank | None = None
    list_id: ListId | None = None
    section_id: SectionId | None = None

    def command(self, owner_id: str, parent_id: str | None, now: datetime) -> CreateTask:
        """Return the command, received now. Raises InvalidInputError if the list or the section is another owner's."""
        provided = self.provided("parent_id", "list_id", "section_id", "client_mutation_id")
        given = {name: value for name, value in provided.items() if self.has(name)}
        given["list_id"], given["section_id"] = place_in(owner_id, self.list_id, self.section_id)
        return CreateTask(owner_id, **given, parent_id=parent_id, mutation=self.mutation(now))


class UpdateTaskInput(Change):
    """`UpdateTaskInput` of the schema."""

    id: TaskName
    title: Title = ""
    description: Description | None = None
    priority: Priority | None = None
    labels: Labels | None = None
    add_labels: Labels | None = None
    remove_labels: Labels | None = None
    due_at: DueDate | None = None
    time_zone: TimeZone | None = None
    remind_before: Reminders | None = None
    remind_at: ReminderTimes | None = None
    recurrence: RecurrenceInput | None = None
    parent_id: TaskName | None = None
    rank: Rank = ""
    list_id: ListId | None = None
    section_id: SectionId | None = None
    range: OccurrenceRange | None = None
    expected_version: Version | None = None

    def command(self, owner_id: str, task_id: str, parent_id: str | None, now: datetime) -> UpdateTask:
        """Return the command, received now; `parent_id` is the id of the parent.

        Raises:
            InvalidInputError: The list or the section is another owner's.
        """
        others = ("add_labels", "remove_labels", "range", "expected_version", "client_mutation_id")
        changes = self.provided("id", "parent_id", "list_id", "section_id", *others)
        if "parent_id" in self.model_fields_set:
            changes["parent_id"] = parent_id
        list_id, section_id = place_in(owner_id, self.list_id, self.section_id)
        if "list_id" in self.model_fields_set or self.section_id:
            changes["list_id"] = list_id
        if "section_id" in self.model_fields_set:
            changes["section_id"] = section_id
        return UpdateTask(
            owner_id,
            task_id,
            changes,
            self.expected_version,
            self.mutation(now),
            self.range or OccurrenceRange.THISANDFUTURE,
            self.add_labels or (),
            self.remove_labels or (),
        )

    @model_validator(mode="after")
    def _labels_in_one_way(self) -> Self:
        if (self.add_labels or self.remove_labels) and "labels" in self.model_fields_set:
            raise InvalidInputError("Give either `labels`, or `addLabels` and `removeLabels`.", ("labels",))
        return self


class ManyArguments(Input):
    """The arguments of mutations that change several tasks; inputs are validated one by one."""

    input: tuple[Any, ...]

    @property
    def inputs(self) -> tuple[Any, ...]:
        """The inputs. Raises LimitExceededError if they are too many for one request."""
        if len(self.input) > _MAX_AT_ONCE:
            raise LimitExceededError(f"At most {_MAX_AT_ONCE} tasks can be changed at once; nothing was changed.")
        return self.input


class SetTaskStatusInput(Change):
    """`SetTaskStatusInput` of the schema."""

    id: TaskName
    status: TaskStatus
    rank: Rank | None = None
    expected_version: Version | None = None

    def command(self, owner_id: str, task_id: str, now: datetime) -> SetTaskStatus:
        """Return the command, received now."""
        return SetTaskStatus(owner_id, task_id, self.status, self.expected_version, self.mutation(now), self.rank)


class SkipOccurrenceInput(Change):
    """`SkipOccurrenceInput` of the schema."""

    id: TaskName
    expected_version: Version | None = None

    def command(self, owner_id: str, task_id: str, now: datetime) -> SkipOccurrence:
        """Return the command, received now."""
        return SkipOccurrence(owner_id, task_id, self.expected_version, self.mutation(now))


class DeleteTaskInput(Change):
    """`DeleteTaskInput` of the schema."""

    id: TaskName
    expected_version: Version | None = None

    def command(self, owner_id: str, task_id: str, now: datetime) -> DeleteTask:
        """Return the command, received now."""
        return DeleteTask(owner_id, task_id, self.expected_version, self.mutation(now))


class RestoreTaskInput(Change):
    """`RestoreTaskInput` of the schema."""

    id: TaskName
    expected_version: Version | None = None

    def command(self, owner_id: str, task_id: str, now: datetime) -> RestoreTask:
        """Return the command, received now."""
        return RestoreTask(owner_id, task_id, self.expected_version, self.mutation(now))


class PurgeTaskInput(Change):
    """`PurgeTaskInput` of the schema."""

    id: TaskName
    expected_version: Version | None = None

    def command(self, owner_id: str, task_id: str, now: datetime) -> PurgeTask:
        """Return the command, received now."""
        return PurgeTask(owner_id, task_id, self.expected_version, self.mutation(now))


class EmptyTrashInput(Change):
    """`EmptyTrashInput` of the schema."""


class UndoInput(Change):
    """`UndoInput` of the schema."""

    tokens: UndoTokens


class RenameLabelInput(Change):
    """`RenameLabelInput` of the schema."""

    name: Label
    new_name: Label

    def command(self, owner_id: str, now: datetime) -> RenameLabel:
        """Return the command, received now."""
        return RenameLabel(owner_id, self.name, self.new_name, self.mutation(now))


class DeleteLabelInput(Change):
    """`DeleteLabelInput` of the schema."""

    name: Label

    def command(self, owner_id: str, now: datetime) -> RenameLabel:
        """Return the command, received now."""
        return RenameLabel(owner_id, self.name, mutation=self.mutation(now))


class QuietHoursInput(Input):
    """`QuietHoursInput` of the schema."""

    start: LocalTime = Field(alias="from")
    end: LocalTime = Field(alias="to")

    @model_validator(mode="after")
    def _differ(self) -> Self:
        if self.start == self.end:
            raise ValueError("`from` and `to` must differ")
        return self


class UpdateViewerInput(Change):
    """`UpdateViewerInput` of the schema."""

    time_zone: TimeZone | None = None
    default_reminders: Reminders | None = None
    quiet_hours: QuietHoursInput | None = None

    def changed(self, profile: Profile) -> Profile:
        """Return the settings with the provided changes."""
        changed = replace(profile, **self.provided("client_mutation_id", "quiet_hours"))
        if "quiet_hours" not in self.model_fields_set:
            return changed
        hours = self.quiet_hours
        return replace(changed, quiet_hours=QuietHours(hours.start, hours.end) if hours else None)


class CalendarFeedInput(Change):
    """`RenewCalendarFeedInput` and `DisableCalendarFeedInput` of the schema."""

    def mutation_of(self, name: str, received_at: datetime) -> ClientMutation | None:
        """Return the client's mutation; both have no content but their names."""
        return ClientMutation(self.client_mutation_id, received_at, name) if self.client_mutation_id else None


class MarkNotificationsReadInput(Change):
    """`MarkNotificationsReadInput` of the schema."""

    until: Instant


class NotificationsInput(Change):
    """`ReadNotificationsInput` and `DismissNotificationsInput` of the schema."""

    ids: NotificationIds


class SnoozeNotificationInput(Change):
    """`SnoozeNotificationInput` of the schema."""

    id: str
    until: Instant


class RedriveDeadLettersInput(Input):
    """`RedriveDeadLettersInput` of the schema."""

    ids: DeadLetterIds | None = None
    all: StrictBool | None = None

    @property
    def selected_ids(self) -> tuple[str, ...] | None:
        """The given ids; None for all. Raises InvalidInputError unless exactly one of the two is given."""
        if self.ids and self.all:
            raise InvalidInputError("Give either `ids` or `all: true`, not both.", ("all",))
        if not self.ids and not self.all:
            raise InvalidInputError("Give `ids` or `all: true`.", ("ids",))
        return self.ids
