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


def _recurring(freq: str, **more: Any) -> dict[str, Any]:
    return {"dueAt": "2027-01-15T18:00:00Z", "recurrence": {"freq": freq, **more}}


def _rrule(text: str, **more: Any) -> dict[str, Any]:
    return {"dueAt": "2027-01-15T18:00:00Z", "recurrence": {"rrule": text, **more}}


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
        ({"status": "DONE"}, ["input", "status"]),
        ({"recurrence": {"freq": "DAILY"}}, ["input", "recurrence"]),
        (_recurring("MONTHLY", byDay=["6MO"]), ["input", "recurrence", "byDay"]),
        (_recurring("WEEKLY", byMonthDay=[31]), ["input", "recurrence", "byMonthDay"]),
        (_recurring("WEEKLY", byDay=["MONDAY"]), ["input", "recurrence", "byDay", "0"]),
        (_recurring("WEEKLY", byDay=["XX"]), ["input", "recurrence", "byDay"]),
        (_recurring("WEEKLY", wkst="XX"), ["input", "recurrence", "wkst"]),
        (_recurring("MONTHLY", byMonthDay=[32]), ["input", "recurrence", "byMonthDay"]),
        (_recurring("YEARLY", byMonth=[13]), ["input", "recurrence", "byMonth"]),
        (_recurring("DAILY", interval=0), ["input", "recurrence", "interval"]),
        (_recurring("DAILY", interval=1001), ["input", "recurrence", "interval"]),
        (_recurring("DAILY", count=0), ["input", "recurrence", "count"]),
        (_recurring("DAILY", count=2, until="2027-02-01T00:00:00Z"), ["input", "recurrence", "until"]),
        (_recurring("DAILY", until="2027-01-15T18:00:00Z"), ["input", "recurrence", "until"]),
        (_recurring("MONTHLY", byDay=["MO"], bySetPos=[6]), ["input", "recurrence"]),
        (_recurring("MONTHLY", bySetPos=[1]), ["input", "recurrence", "bySetPos"]),
        (_recurring("MONTHLY", afterCompletion=True), ["input", "recurrence", "freq"]),
        (_recurring("WEEKLY", byDay=["MO"], afterCompletion=True), ["input", "recurrence", "byDay"]),
        (_recurring("SECONDLY"), ["input", "recurrence", "freq"]),
        (_recurring("DAILY", frequency="DAILY"), ["input", "recurrence", "frequency"]),
        ({"dueAt": "2027-01-15T18:00:00Z", "recurrence": {}}, ["input", "recurrence", "freq"]),
        (_rrule("FREQ=SECONDLY"), ["input", "recurrence", "rrule"]),
        (_rrule("FREQ=DAILY\nEXDATE:20270116T180000Z"), ["input", "recurrence", "rrule"]),
        (_rrule("FREQ=DAILY", freq="WEEKLY"), ["input", "recurrence", "freq"]),
        (_rrule("FREQ=DAILY;INTERVAL=2", interval=3), ["input", "recurrence", "interval"]),
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
    assert mutate("createTask", {"key": "essay", "title": "x"}) == {**first, "undo": None}
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
        "rrule": "FREQ=DAILY;UNTIL=20270201T000000Z;BYDAY=MO,FR",
        "freq": "DAILY",
        "interval": 1,
        "count": None,
        "until": "2027-02-01T00:00:00.000Z",
        "byMonth": [],
        "byMonthDay": [],
        "byDay": ["MO", "FR"],
        "bySetPos": [],
        "wkst": "MO",
        "afterCompletion": False,
    }
    made = mutate("createTask", {"key": "essay", "title": "x", "dueAt": "2027-01-15T18:00:00Z", "recurrence": read})
    assert made["task"]["recurrence"] == read
    assert mutate("updateTask", {"id": "essay", "recurrence": read})["task"]["version"] == 1


@pytest.mark.parametrize(
    ("rrule", "parts"),
    [
        ("RRULE:FREQ=YEARLY", {"freq": "YEARLY"}),
        ("freq=monthly;byday=-1fr", {"freq": "MONTHLY", "byDay": ["-1FR"]}),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", {"freq": "MONTHLY", "byMonthDay": [15, 1]}),
        ("FREQ=DAILY;INTERVAL=3;COUNT=5", {"freq": "DAILY", "interval": 3, "count": 5}),
    ],
)
def test_a_recurrence_is_the_same_as_text_and_in_parts(aws: Aws, rrule: str, parts: dict[str, Any]) -> None:
    due = {"title": "x", "dueAt": "2027-01-15T18:00:00Z"}
    read = [
        mutate("createTask", due | {"recurrence": given})["task"]["recurrence"] for given in ({"rrule": rrule}, parts)
    ]
    assert read[0] == read[1]


def test_what_is_not_supported_is_named(aws: Aws) -> None:
    (error,) = mutate("createTask", {"title": "x"} | _rrule("FREQ=YEARLY;BYWEEKNO=20"))["errors"]
    assert error["message"] == "BYWEEKNO: Not supported."


def test_the_next_occurrence_stands_in_the_answer_also_to_a_repetition(aws: Aws) -> None:
    mutate("createTask", {"key": "plants", "title": "x"} | _rrule("FREQ=DAILY"))
    tick = {"id": "plants", "status": "COMPLETED", "clientMutationId": "tick"}
    done = mutate("setTaskStatus", tick)
    assert (done["next"]["dueAt"], done["next"]["status"]) == ("2027-01-16T18:00:00.000Z", "PENDING")
    assert mutate("setTaskStatus", tick) == {**done, "undo": None}
    assert mutate("setTaskStatus", {"id": "plants", "status": "PENDING"})["next"] is None
    (gone,) = mutate("deleteTask", {"id": done["next"]["id"]})["errors"]
    assert gone["code"] == "NOT_FOUND"


def test_one_that_was_changed_is_a_conflict(aws: Aws) -> None:
    mutate("createTask", {"key": "plants", "title": "x"} | _rrule("FREQ=DAILY"))
    following = mutate("setTaskStatus", {"id": "plants", "status": "COMPLETED"})["next"]
    mutate("updateTask", {"id": following["id"], "title": "y"})
    refused = mutate("setTaskStatus", {"id": "plants", "status": "PENDING"})
    assert [(error["code"], error["field"]) for error in refused["errors"]] == [("CONFLICT", ["input", "status"])]
    assert refused["task"]["status"] == "COMPLETED"


def test_an_occurrence_is_skipped_once(aws: Aws) -> None:
    mutate("createTask", {"key": "plants", "title": "x"} | _rrule("FREQ=MONTHLY;BYDAY=-1FR"))
    skip = {"id": "plants", "clientMutationId": "skip"}
    skipped = mutate("skipOccurrence", skip)
    assert (skipped["task"]["deletedAt"] is None, skipped["next"]["dueAt"]) == (False, "2027-01-29T18:00:00.000Z")
    assert mutate("skipOccurrence", skip) == {**skipped, "undo": None}
    (gone,) = mutate("skipOccurrence", {"id": "plants"})["errors"]
    assert gone["code"] == "NOT_FOUND"


def test_this_one_or_all_later_ones_are_changed(aws: Aws) -> None:
    mutate("createTask", {"key": "plants", "title": "x"} | _rrule("FREQ=DAILY"))
    mutate("updateTask", {"id": "plants", "title": "y", "range": "THIS"})
    mutate("updateTask", {"id": "plants", "priority": "HIGH", "range": None})
    following = mutate("setTaskStatus", {"id": "plants", "status": "COMPLETED"})["next"]
    assert (following["title"], following["priority"]) == ("x", "HIGH")
    (refused,) = mutate("updateTask", {"id": following["id"], "recurrence": None, "range": "THIS"})["errors"]
    assert (refused["code"], refused["field"]) == ("VALIDATION", ["input", "range"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"dueAt": "2027-02-01T00:00:00Z"}, ["input", "0", "dueAt"]),
        ({"dueAt": None}, ["input", "0", "dueAt"]),
        (
            {"recurrence": {"freq": "DAILY", "until": "2027-01-15T18:00:00Z"}},
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
        "next": None,
        "undo": None,
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


def test_many_are_created_completed_deleted_and_restored_each_with_its_answer(aws: Aws) -> None:
    def many(field: str, *inputs: dict[str, Any]) -> list[Any]:
        answers = call(handler, appsync_event("Mutation", field, {"input": list(inputs)}, ADA))
        return [(answer["task"] or {}).get("version") or answer["errors"][0]["field"] for answer in answers]

    assert many("createTasks", {"key": "one", "title": "1"}, {"title": ""}, {"key": "two", "title": "2"}) == [
        1,
        ["input", "1", "title"],
        1,
    ]
    missing = ["input", "1", "id"]
    for field, more, version in (
        ("setTaskStatuses", {"status": "COMPLETED"}, 2),
        ("deleteTasks", {}, 3),
        ("restoreTasks", {}, 4),
    ):
        inputs = [{"id": id_, **more} for id_ in ("one", "missing", "two")]
        assert many(field, *inputs) == [version, missing, version]
    assert many("setTaskStatuses", *({"id": "one", "status": each} for each in ("PENDING", "COMPLETED"))) == [5, 6]


def test_a_task_has_the_status_that_it_is_created_with(aws: Aws) -> None:
    started = mutate("createTask", {"title": "x", "status": "IN_PROGRESS"})["task"]
    assert (started["status"], started["completedAt"]) == ("IN_PROGRESS", None)
    done = mutate("createTask", {"key": "done", "title": "x", "status": "COMPLETED", "dueAt": "2020-01-01"})["task"]
    assert (done["status"], done["completedAt"], done["overdue"]) == ("COMPLETED", done["createdAt"], False)
    again = {"key": "done", "title": "x", "dueAt": "2020-01-01"}
    assert mutate("createTask", {**again, "status": "COMPLETED"})["errors"] == []
    assert mutate("createTask", again)["errors"][0]["code"] == "CONFLICT"
    daily = {"title": "x", "dueAt": "2090-01-01", "recurrence": {"rrule": "FREQ=DAILY"}, "status": "COMPLETED"}
    (error,) = mutate("createTask", daily)["errors"]
    assert (error["code"], error["field"]) == ("VALIDATION", ["input", "status"])


def test_labels_are_added_and_removed_whatever_else_there_is(aws: Aws) -> None:
    mutate("createTask", {"key": "essay", "title": "x", "labels": ["History", "exam", "Exam", "HISTORY"]})
    change = {"id": "essay", "addLabels": ["history", "library"], "removeLabels": ["EXAM", "none"]}
    changed = mutate("updateTask", change)["task"]
    assert changed["labels"] == ["History", "library"]
    assert mutate("updateTask", change)["task"] == changed
    (error,) = mutate("updateTask", {"id": "essay", "labels": [], "addLabels": ["a"]})["errors"]
    assert (error["code"], error["field"]) == ("VALIDATION", ["input", "labels"])
    (error,) = mutate("updateTask", {"id": "essay", "addLabels": [str(number) for number in range(19)]})["errors"]
    assert (error["code"], error["field"]) == ("VALIDATION", ["input", "addLabels"])


@pytest.mark.parametrize("field", ["createTasks", "setTaskStatuses", "deleteTasks", "restoreTasks"])
def test_no_more_than_25_are_changed_at_once(aws: Aws, field: str) -> None:
    with pytest.raises(GraphqlError, match="LIMIT_EXCEEDED"):
        call(handler, appsync_event("Mutation", field, {"input": [{"id": "essay", "title": "x"}] * 26}, ADA))


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
