"""The lists that imported tasks are in: found by their names, and made where there is none of a name."""

from dataclasses import dataclass, field
from hashlib import sha256

from taskbell.application.task_lists import TaskListService
from taskbell.domain.commands import CreateTaskList, UpdateTaskList
from taskbell.domain.queries import fold_case
from taskbell.domain.receipts import ClientMutation
from taskbell.domain.task_list import GivenSection, TaskList


@dataclass(frozen=True, slots=True)
class ImportedList:
    """A list as a row has it; sections by their names."""

    name: str
    color: str | None = None
    rank: str | None = None
    sections: tuple[str, ...] = ()
    archived: bool = False


@dataclass(slots=True)
class ImportedLists:
    """The owner's lists by name, whatever its case; read once. What is made twice by one import is made once."""

    service: TaskListService
    owner_id: str
    import_id: str
    found: dict[str, TaskList] = field(default_factory=dict)
    is_read: bool = False

    def take(self, given: ImportedList) -> TaskList:
        """Return the list of a name, which is made if there is none, with these sections beside its own.

        Raises:
            LimitExceededError: There are too many lists or sections.
            UnavailableError: The table did not answer.
        """
        self._read()
        name = fold_case(given.name)
        if name not in self.found:
            self.found[name] = self._made(given)
        stored = self.found[name]
        there = {fold_case(section.name) for section in stored.sections}
        missing = [section for section in given.sections if fold_case(section) not in there]
        if missing:
            kept = [GivenSection(section.name, section.id) for section in stored.sections]
            sections = (*kept, *map(GivenSection, missing))
            self.found[name] = self.service.update(UpdateTaskList(self.owner_id, stored.id, {"sections": sections}))
        return self.found[name]

    def place(self, list_name: str, section_name: str | None) -> tuple[str, str | None]:
        """Return the ids of the list and the section of a task; raises what `take` raises."""
        sections = (section_name,) if section_name else ()
        stored = self.take(ImportedList(list_name, sections=sections))
        ids = {fold_case(section.name): section.id for section in stored.sections}
        return stored.id, ids.get(fold_case(section_name)) if section_name else None

    def _made(self, given: ImportedList) -> TaskList:
        source = f"{self.import_id}\0{fold_case(given.name)}".encode()
        mutation = ClientMutation(f"import-{sha256(source).hexdigest()[:32]}", self.service.clock())
        command = CreateTaskList(self.owner_id, given.name, given.color, given.rank, mutation=mutation)
        made = self.service.create(command)
        if given.archived:
            return self.service.update(UpdateTaskList(self.owner_id, made.id, {"archived": True}))
        return made

    def _read(self) -> None:
        if not self.is_read:
            for each in self.service.lists.all(self.owner_id):
                self.found.setdefault(fold_case(each.name), each)
            self.is_read = True
