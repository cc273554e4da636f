"""Inputs of the mutations of lists, validated and converted into commands."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, model_validator

from resolvers.inputs import Change, Input
from resolvers.references import ListId, ListReference, SectionId, number_in, own_list_number
from taskbell.api.field_types import Color, ListTitle, Rank, StrictBool, Version
from taskbell.domain.commands import CreateTaskList, DeleteTaskList, UpdateTaskList
from taskbell.domain.exceptions import InvalidInputError
from taskbell.domain.task_list import GivenSection, TasksOfDeletedList


class SectionInput(Input):
    """`TaskListSectionInput` of the schema."""

    id: SectionId | None = None
    name: ListTitle

    def given(self, of_list: ListReference | None) -> GivenSection:
        """Return the section for the domain. Raises InvalidInputError if it is one of another list."""
        if self.id and self.id.of_list != of_list:
            raise InvalidInputError("There is no such section in the list.", ("sections",))
        return GivenSection(self.name, self.id.number if self.id else None)


Sections = Annotated[tuple[SectionInput, ...], Field(max_length=100)]


class CreateTaskListInput(Change):
    """`CreateTaskListInput` of the schema."""

    name: ListTitle
    color: Color | None = None
    rank: Rank | None = None
    sections: Sections | None = None

    def command(self, owner_id: str, now: datetime) -> CreateTaskList:
        """Return the command, received now. Raises InvalidInputError if a section has an id."""
        sections = tuple(section.given(None) for section in self.sections or ())
        return CreateTaskList(owner_id, self.name, self.color, self.rank, sections, self.mutation(now))


class UpdateTaskListInput(Change):
    """`UpdateTaskListInput` of the schema."""

    id: ListId
    name: ListTitle = ""
    color: Color | None = None
    rank: Rank = ""
    archived: StrictBool = False
    sections: Sections = ()
    expected_version: Version | None = None

    def command(self, owner_id: str, now: datetime) -> UpdateTaskList:
        """Return the command, received now.

        Raises:
            NotFoundError: The list is another owner's.
            InvalidInputError: A section is one of another list.
        """
        changes = self.provided("id", "sections", "expected_version", "client_mutation_id")
        if "sections" in self.model_fields_set:
            changes["sections"] = tuple(section.given(self.id) for section in self.sections)
        number = own_list_number(owner_id, self.id)
        return UpdateTaskList(owner_id, number, changes, self.expected_version, self.mutation(now))


class DeleteTaskListInput(Change):
    """`DeleteTaskListInput` of the schema."""

    id: ListId
    tasks: TasksOfDeletedList
    move_to_list_id: ListId | None = None

    def command(self, owner_id: str, now: datetime) -> DeleteTaskList:
        """Return the command, received now.

        Raises:
            NotFoundError: The list is another owner's.
            InvalidInputError: The list that its tasks are to come into is another owner's.
        """
        number = own_list_number(owner_id, self.id)
        moved_to = number_in(owner_id, self.move_to_list_id, "move_to_list_id")
        return DeleteTaskList(owner_id, number, self.tasks, moved_to, self.mutation(now))

    @model_validator(mode="after")
    def _moved_where_kept(self) -> Self:
        if self.move_to_list_id and self.tasks is TasksOfDeletedList.DELETE:
            raise InvalidInputError("Give `moveToListId` with KEEP only.", ("move_to_list_id",))
        return self
