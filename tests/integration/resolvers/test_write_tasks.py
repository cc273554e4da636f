"""The mutations, as AppSync calls them."""

from typing import Any

import pytest

from resolvers.write_tasks import handler
from tests.support.aws import Aws, set_settings
from tests.support.examples import uuid_of
from tests.support.lambdas import ADA, GRACE, GraphqlError, appsync_event, call


def mutate(field: str, input_: dict[str, Any], identity: Any = ADA) -> dict[str, Any]:
    answer: dict[str, Any] = call(handler, appsync_event("Mutation", field, {"input": input_}, identity))
    return answer


def test_a_task_is_created_for_the_caller(aws: Aws) -> None:
    answer = mutate("createTask", {"title": "  Write the essay  ", "labels": ["a", "b", "a"], "remindBefore": [60]})
    assert answer["errors"] == []
    task = answer["task"]
    assert (task["ownerId"], task["title"], task["labels"]) == ("ada", "Write the essay", ["a", "b"])
    assert task["processing"]["state"] == "QUEUED"
    assert [item["sk"]["S"] for item in aws.items("")] == [f"TASK#{uuid_of(task['id'])}"]


def test_the_guest_owns_what_holders_of_an_api_key_create(aws: Aws) -> None:
    assert mutate("createTask", {"title": "x"}, identity=None)["task"]["ownerId"] == "guest"


def _recurring(frequency: str, **more: Any) -> dict[str, Any]:
    return {"dueAt": "2027-01-15T18:00:00Z", "recurrence": {"frequency": frequency, **more}}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": "   "}, ["input", "title"]),
        ({"title": "x" * 201}, ["input", "title"]),
        ({"title": "\ud800"}, ["input", "title"]),
        ({"title": "a\uffff"}, ["input", "title"]),
        ({"title": "a\x00"}, ["input", "title"]),
        ({"title": "two\nlines"}, ["input", "title"]),
        ({"title": "\u200b\u200d"}, ["input", "title"]),
        ({"description": "a\x07"}, ["input", "description"]),
        ({}, ["input", "title"]),
        ({"title": None}, ["input", "title"]),
        ({"key": "no/slash"}, ["input", "key"]),
        ({"key": "x" * 65}, ["input", "key"]),
        ({"key": "trailing\n"}, ["input", "key"]),
        ({"description": "x" * 10_001}, ["input", "description"]),
        ({"priority": "WHATEVER"}, ["input", "priority"]),
        ({"labels": ["x"] * 21}, ["input", "labels"]),
        ({"labels": ["ok", "x" * 51]}, ["input", "labels", "1"]),
        ({"labels": [" "]}, ["input", "labels", "0"]),
        ({"remindBefore": [0] * 11}, ["input", "remindBefore"]),
        ({"remindBefore": [-1]}, ["input", "remindBefore", "0"]),
        ({"remindBefore": [43_201]}, ["input", "remindBefore", "0"]),
        ({"remindAt": ["2028-02-29T12:00:00Z"] * 11}, ["input", "remindAt"]),
        ({"remindAt": ["tomorrow"]}, ["input", "remindAt", "0"]),
        ({"remindAt": ["9999-12-31T23:59:59-14:00"]}, ["input", "remindAt", "0"]),
        ({"dueAt": "2026-11-22T10"}, ["input", "dueAt"]),
        ({"dueAt": "tomorrow"}, ["input", "dueAt"]),
        ({"dueAt": "0001-01-01T00:00:00+14:00"}, ["input", "dueAt"]),
        ({"dueAt": "9999-12-31T23:59:59-14:00"}, ["input", "dueAt"]),
        ({"dueAt": "1700000000"}, ["input", "dueAt"]),
        ({"dueAt": 1_700_000_000}, ["input", "dueAt"]),
        ({"remindBefore": [True]}, ["input", "remindBefore", "0"]),
        ({"remindBefore": ["60"]}, ["input", "remindBefore", "0"]),
        ({"remindBefore": [1.5]}, ["input", "remindBefore", "0"]),
        ({"status": "COMPLETED"}, ["input", "status"]),
        ({"recurrence": {"frequency": "DAILY"}}, ["input", "recurrence"]),
        (_recurring("DAILY", weekdays=["MONDAY"]), ["input", "recurrence", "weekdays"]),
        (_recurring("MONTHLY", weekdays=["MONDAY"]), ["input", "recurrence", "weekdays"]),
        (_recurring("DAILY", dayOfMonth=31), ["input", "recurrence", "dayOfMonth"]),
        (_recurring("WEEKLY", dayOfMonth=31), ["input", "recurrence", "dayOfMonth"]),
        (_recurring("WEEKLY", weekdays=["CATURDAY"]), ["input", "recurrence", "weekdays", "0"]),
        (_recurring("MONTHLY", dayOfMonth=32), ["input", "recurrence", "dayOfMonth"]),
        (_recurring("DAILY", interval=0), ["input", "recurrence", "interval"]),
        (_recurring("DAILY", interval=367), ["input", "recurrence", "interval"]),
        (_recurring("DAILY", until="2027-01-15T18:00:00Z"), ["input", "recurrence", "until"]),
        (_recurring("YEARLY"), ["input", "recurrence", "frequency"]),
    ],
)
def test_what_is_not_valid_is_refused_with_its_path_and_nothing_is_written(
    aws: Aws, wrong: dict[str, Any], field: list[str]
) -> None:
    base = {} if wrong == {} else {"title": "x"}
    answer = mutate("createTask", base | wrong)
    assert answer["task"] is None
    assert [(error["code"], error["field"]) for error in answer["errors"]] == [("VALIDATION", field)]
    assert all(error["message"].endswith(".") for error in answer["errors"])
    assert aws.items("") == []


def test_every_error_of_an_input_is_reported_at_once(aws: Aws) -> None:
    answer = mutate("createTask", {"title": "", "labels": ["x" * 51], "dueAt": "?"})
    assert len(answer["errors"]) == 3


def test_limits_themselves_are_allowed(aws: Aws) -> None:
    answer = mutate(
        "createTask",
        {
            "key": "x" * 64,
            "title": "é" * 200,
            "description": "x\n\t🌊é" * 2_000,
            "labels": [f"{n:050d}" for n in range(20)],
            "remindBefore": [0, 43_200, 1, 2, 3, 4, 5, 6, 7, 8],
            "remindAt": [f"2028-02-29T12:00:0{n}+05:30" for n in range(10)],
            "dueAt": "2028-02-29T12:00:00.123456789+05:30",
        },
    )
    assert answer["errors"] == []
    assert answer["task"]["dueAt"] == "2028-02-29T06:30:00.123Z"


def test_repeating_a_creation_makes_no_second_task(aws: Aws) -> None:
    first = mutate("createTask", {"key": "essay", "title": "x"})
    assert mutate("createTask", {"key": "essay", "title": "x"}) == first
    other = mutate("createTask", {"key": "essay", "title": "y"})
    assert [error["code"] for error in other["errors"]] == ["CONFLICT"]
    assert other["errors"][0]["currentVersion"] == 1


def test_left_out_is_not_the_same_as_cleared(aws: Aws) -> None:
    mutate("createTask", {"key": "essay", "title": "x", "description": "d", "labels": ["a"], "priority": "HIGH"})
    kept = mutate("updateTask", {"id": "essay", "title": "y"})["task"]
    assert (kept["description"], kept["labels"], kept["priority"]) == ("d", ["a"], "HIGH")
    cleared = mutate("updateTask", {"id": "essay", "description": None, "labels": None, "priority": None})["task"]
    assert (cleared["description"], cleared["labels"], cleared["priority"]) == (None, [], "NORMAL")


def test_a_recurrence_can_be_sent_back_as_it_was_read(aws: Aws) -> None:
    read = {
        "frequency": "DAILY",
        "interval": 1,
        "weekdays": [],
        "dayOfMonth": None,
        "until": "2027-02-01T00:00:00.000Z",
    }
    made = mutate("createTask", {"key": "essay", "title": "x", "dueAt": "2027-01-15T18:00:00Z", "recurrence": read})
    assert made["task"]["recurrence"] == read
    assert mutate("updateTask", {"id": "essay", "recurrence": read})["task"]["version"] == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"dueAt": "2027-02-01T00:00:00Z"}, ["input", "0", "dueAt"]),
        ({"dueAt": None}, ["input", "0", "dueAt"]),
        (
            {"recurrence": {"frequency": "DAILY", "until": "2027-01-15T18:00:00Z"}},
            ["input", "0", "recurrence", "until"],
        ),
    ],
)
def test_what_a_change_makes_of_due_date_and_recurrence_has_to_go_together(
    aws: Aws, change: dict[str, Any], field: list[str]
) -> None:
    mutate("createTask", {"key": "essay", "title": "x"} | _recurring("DAILY", until="2027-02-01T00:00:00Z"))
    arguments = {"input": [{"id": "essay", "title": "y"} | change]}
    (answer,) = call(handler, appsync_event("Mutation", "updateTasks", arguments, ADA))
    assert [(error["code"], error["field"]) for error in answer["errors"]] == [("VALIDATION", field)]
    assert aws.items("TASK#")[0]["title"] == {"S": "x"}
    assert mutate("updateTask", {"id": "essay", "recurrence": None} | {"dueAt": None})["errors"] == []


def test_a_title_cannot_be_cleared(aws: Aws) -> None:
    mutate("createTask", {"key": "essay", "title": "x"})
    answer = mutate("updateTask", {"id": "essay", "title": None})
    assert [error["field"] for error in answer["errors"]] == [["input", "title"]]


def test_a_status_is_set_and_a_task_deleted(aws: Aws) -> None:
    mutate("createTask", {"key": "essay", "title": "x"})
    done = mutate("setTaskStatus", {"id": "essay", "status": "COMPLETED", "expectedVersion": 1})["task"]
    assert (done["status"], done["version"]) == ("COMPLETED", 2)
    deleted = mutate("deleteTask", {"id": "essay", "expectedVersion": 2})["task"]
    assert deleted["deletedAt"]
    assert aws.items("TASK#")[0]["expiresAt"]["N"].isdigit()


def test_a_deletion_waits_until_the_operators_have_put_their_setting_right(aws: Aws) -> None:
    set_settings(deletedTaskRetentionDays=0)
    mutate("createTask", {"key": "essay", "title": "x"})
    response = mutate("deleteTask", {"id": "essay"})
    message = "A setting of the service is invalid. Its operators have to correct it."
    assert response == {
        "task": None,
        "errors": [{"code": "UNAVAILABLE", "message": message, "field": None, "currentVersion": None}],
    }
    set_settings(deletedTaskRetentionDays=1)
    assert mutate("deleteTask", {"id": "essay"})["task"]["deletedAt"]


def test_a_deletion_is_taken_back_once(aws: Aws) -> None:
    mutate("createTask", {"key": "essay", "title": "x"})
    mutate("deleteTask", {"id": "essay"})
    back = mutate("restoreTask", {"id": "essay"})["task"]
    assert (back["deletedAt"], back["version"], back["processing"]["state"]) == (None, 3, "QUEUED")
    assert "expiresAt" not in aws.items("TASK#")[0]
    assert mutate("restoreTask", {"id": "essay"})["task"] == back


def test_many_tasks_are_changed_at_once_each_with_its_answer(aws: Aws) -> None:
    for id_ in ("one", "two"):
        mutate("createTask", {"key": id_, "title": id_})
    changes = [{"id": "one", "title": "x"}, {"id": "three", "title": "x"}, {"id": "two", "title": ""}]
    answers = call(handler, appsync_event("Mutation", "updateTasks", {"input": changes}, ADA))
    assert [answer["task"] and answer["task"]["title"] for answer in answers] == ["x", None, None]
    errors = [error for answer in answers for error in answer["errors"]]
    assert [(error["code"], error["field"]) for error in errors] == [
        ("NOT_FOUND", ["input", "1", "id"]),
        ("VALIDATION", ["input", "2", "title"]),
    ]


def test_more_than_25_changes_at_once_are_refused_and_nothing_is_changed(aws: Aws) -> None:
    mutate("createTask", {"key": "essay", "title": "x"})
    changes = [{"id": "essay", "title": str(number)} for number in range(26)]
    with pytest.raises(GraphqlError, match="LIMIT_EXCEEDED"):
        call(handler, appsync_event("Mutation", "updateTasks", {"input": changes}, ADA))
    assert aws.items("TASK#")[0]["version"]["N"] == "1"


def test_an_outdated_version_is_a_conflict_that_shows_the_task(aws: Aws) -> None:
    mutate("createTask", {"key": "essay", "title": "x"})
    mutate("updateTask", {"id": "essay", "title": "y"})
    answer = mutate("updateTask", {"id": "essay", "title": "z", "expectedVersion": 1})
    assert answer["task"]["title"] == "y"
    assert answer["errors"] == [
        {
            "code": "CONFLICT",
            "message": "The task was changed in the meantime. Read it again and repeat the change.",
            "field": ["input", "expectedVersion"],
            "currentVersion": 2,
        }
    ]


def test_a_version_that_is_still_to_come_is_a_conflict_of_its_own(aws: Aws) -> None:
    mutate("createTask", {"key": "essay", "title": "x"})
    (error,) = mutate("updateTask", {"id": "essay", "title": "z", "expectedVersion": 2})["errors"]
    assert (error["code"], error["currentVersion"]) == ("CONFLICT", 1)
    assert error["message"] == "The task has no such version yet. Read it again and repeat the change."


@pytest.mark.parametrize("field", ["updateTask", "setTaskStatus", "deleteTask", "restoreTask"])
def test_a_missing_task_and_anothers_are_refused_alike(aws: Aws, field: str) -> None:
    more = {"status": "COMPLETED"} if field == "setTaskStatus" else {}
    missing = mutate(field, {"id": "essay", **more})
    mutate("createTask", {"key": "essay", "title": "x"}, GRACE)
    anothers = mutate(field, {"id": "essay", **more})
    assert missing == anothers
    assert [error["code"] for error in missing["errors"]] == ["NOT_FOUND"]


def test_an_aws_principal_owns_no_tasks(aws: Aws) -> None:
    with pytest.raises(GraphqlError, match="FORBIDDEN"):
        mutate("createTask", {"title": "x"}, {"userArn": "arn:aws:iam::1:user/x", "accountId": "1"})


def test_an_internal_error_reveals_only_the_request_id_and_is_logged_as_the_alarm_reads_it(
    aws: Aws, caplog: pytest.LogCaptureFixture
) -> None:
    aws.dynamodb.delete_table(TableName="tasks")
    with pytest.raises(GraphqlError) as fault:
        mutate("createTask", {"title": "x"})
    assert str(fault.value) == "INTERNAL: Something went wrong on our side. Request the-request."
    assert fault.value.info == {"field": None, "requestId": "the-request"}
    assert [record.getMessage() for record in caplog.records if record.exc_info] == ["A request failed."]
