"""Results of the workflow's steps, and what each step stores."""

from typing import Any

from tests.characterization.golden import agree
from tests.characterization.stage import Item, MotoStage, id_of, stored

DUE_SOON = "2020-03-02T10:00:00.000Z"
DUE_LATER, REMINDER = "2020-03-05T16:00:00.000Z", "2020-03-05T15:30:00.000Z"

# The task as it is stored, the step, and what the workflow passes beside the execution's own names.
STEPS: list[tuple[str, Item, str, Item]] = [
    ("accept", stored("essay"), "essay", {}),
    ("accept", stored("report"), "report", {}),
    ("plan", stored("essay"), "essay", {}),
    ("plan", stored("report", processing=stored("essay")["processing"]), "report", {}),
    ("plan", stored("late"), "late", {}),
    ("remind", stored("weekly", dueAt=DUE_LATER), "weekly", {"at": REMINDER}),
    ("remind", stored("weekly"), "weekly", {"at": "2090-06-30T15:30:00.000Z"}),
    ("remind", stored("weekly"), "weekly", {"at": "2090-01-01T00:00:00Z"}),
    ("markOverdue", stored("report", dueAt=DUE_SOON, remindBefore=[]), "report", {}),
    ("markOverdue", stored("report"), "report", {}),
    ("handOver", stored("report"), "report", {}),
    ("finish", stored("report"), "report", {}),
    ("recordFailure", stored("report"), "report", {"error": {"Error": "KeyError", "Cause": "{}"}}),
    ("accept", stored("essay"), "missing", {}),
    ("accept", stored("essay"), "deleted", {}),
    ("accept", stored("essay"), "essay", {"scheduleVersion": 2}),
    ("dance", stored("essay"), "essay", {}),
    ("remind", stored("weekly"), "weekly", {}),
]


def test_the_result_of_each_step_and_its_effects_are_unchanged(stage: MotoStage) -> None:
    agree("workflow_steps.json", [_taken(stage, *step) for step in STEPS])


def _taken(stage: MotoStage, step: str, task: Item, task_id: str, more: Item) -> Any:
    stage.reset()
    stage.store(task)
    before = stage.items()
    event = {"step": step, "ownerId": "ada", "taskId": id_of(task_id), "scheduleVersion": 1, **more}
    answer = stage.call("advanceTask", event)
    return {"event": event, "answer": answer, "written": stage.changes(before)}
