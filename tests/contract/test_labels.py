"""Labels of all tasks: counting and renaming them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.adapters.dynamodb.labels import DynamoDBLabels
from taskbell.adapters.dynamodb.task_repository import DynamoDBTaskRepository
from taskbell.application.labels import MAX_RENAMED, LabelService
from taskbell.application.ports import LabelRepository, TaskRepository
from taskbell.domain.commands import RenameLabel
from taskbell.domain.exceptions import InvalidInputError
from taskbell.domain.labels import count_labels
from taskbell.domain.receipts import ClientMutation
from taskbell.domain.task import soft_deleted
from tests.contract.conftest import IMPLEMENTATIONS
from tests.support.examples import LATER, NOW, at, clock, example_task
from tests.support.fakes import InMemoryLabels, InMemoryProfileRepository, InMemoryTaskRepository

MUTATION = ClientMutation("rename", LATER, "content")


@pytest.fixture(params=IMPLEMENTATIONS)
def service(request: pytest.FixtureRequest) -> LabelService:
    store: TaskRepository = InMemoryTaskRepository()
    labels: LabelRepository = InMemoryLabels(store)  # type: ignore[arg-type]
    if request.param != "in memory":
        client = request.getfixturevalue(request.param)
        store = DynamoDBTaskRepository(client, "tasks", CursorCodec(lambda: "secret"), clock)
        labels = DynamoDBLabels(client, "tasks")
    return LabelService(labels, store, InMemoryProfileRepository(), at(LATER))


def labels_of(service: LabelService, id_: str) -> tuple[str, ...]:
    task = service.tasks.get("ada", id_)
    assert task
    return task.labels


def test_labels_are_counted_whatever_their_case_without_deleted_tasks_and_by_name(service: LabelService) -> None:
    for number, labels in enumerate((("Uni", "exam"), ("uni",), ("uni", "Étude"), ())):
        service.tasks.add(example_task(id=f"task-{number}", labels=labels))
    service.tasks.add(example_task(id="sub", parent_id="task-0", labels=("exam",)))
    service.tasks.add(soft_deleted(example_task(id="gone", labels=("uni",)), NOW, timedelta(days=30)))
    service.tasks.add(example_task(id="hers", owner_id="grace", labels=("uni",)))
    counts = count_labels(labels for _, labels in service.labels.of_tasks("ada"))
    assert counts == [("Étude", 1), ("exam", 2), ("uni", 3)]
    assert service.labels.of_tasks("nobody") == []


def test_a_label_is_renamed_in_its_place_wherever_it_is(service: LabelService) -> None:
    service.tasks.add(example_task(id="first", labels=("a", "Uni", "b")))
    service.tasks.add(example_task(id="second", labels=("university", "uni")))
    service.tasks.add(example_task(id="third", labels=("b",)))
    done = service.rename(RenameLabel("ada", "UNI", "University"))
    assert (set(done.ids), done.has_more) == ({"first", "second"}, False)
    assert labels_of(service, "first") == ("a", "University", "b")
    assert labels_of(service, "second") == ("university",)
    assert labels_of(service, "third") == ("b",)
    assert service.rename(RenameLabel("ada", "uni", "University")).ids == ()


def test_a_label_can_be_renamed_to_another_case(service: LabelService) -> None:
    service.tasks.add(example_task(id="first", labels=("uni", "a")))
    service.tasks.add(example_task(id="second", labels=("Uni",)))
    assert service.rename(RenameLabel("ada", "uni", "Uni")).ids == ("first",)
    assert labels_of(service, "first") == ("Uni", "a")


def test_a_label_is_removed_wherever_it_is(service: LabelService) -> None:
    service.tasks.add(example_task(id="first", labels=("uni", "a")))
    assert service.rename(RenameLabel("ada", "Uni")).ids == ("first",)
    assert labels_of(service, "first") == ("a",)


def test_the_later_occurrences_of_a_task_that_was_changed_alone_get_the_new_name_too(service: LabelService) -> None:
    task = example_task(id="first", labels=("uni", "alone"))
    service.tasks.add(replace(task, later=replace(task.details, labels=("Uni", "series"))))
    service.rename(RenameLabel("ada", "uni", "university"))
    stored = service.tasks.get("ada", "first")
    assert stored
    assert stored.later
    assert (stored.labels, stored.later.labels) == (("university", "alone"), ("university", "series"))


def test_many_tasks_are_changed_by_repeating_the_change(service: LabelService) -> None:
    for number in range(MAX_RENAMED + 1):
        service.tasks.add(example_task(id=f"task-{number:03}", labels=("uni",)))
    command = RenameLabel("ada", "uni", "university", MUTATION)
    first, second = service.rename(command), service.rename(command)
    assert (len(first.ids), first.has_more, second.ids, second.has_more) == (100, True, ("task-100",), False)
    service.tasks.add(example_task(id="later", labels=("uni",)))
    assert service.rename(command).ids == ()
    with pytest.raises(InvalidInputError):
        service.rename(replace(command, mutation=replace(MUTATION, content="other")))
