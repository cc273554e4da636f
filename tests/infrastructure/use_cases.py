"""Every use case of every function once, by the cases that the characterization tests have, on moto."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import boto3
from graphql import FieldNode, OperationDefinitionNode, parse

from taskbell import bootstrap
from taskbell.adapters.stepfunctions import run_name
from taskbell.api.icalendar_feed import calendar_of
from taskbell.application.calendar_following import FetchedCalendar
from taskbell.application.event_batch import MAX_FAILURES
from tests.characterization import subjects, test_events, test_graphql, test_rest, test_workflow_steps
from tests.characterization.stage import Item, MotoStage, id_of, moto_stage, queue_event, stored, stream_record
from tests.support import http_api, lambdas
from tests.support.examples import NOW, example_task
from tests.support.recorded_calls import Recorder, recording

SERIES = "01709aa0-0000-7000-8000-000000000001"
EXECUTION = {"ownerId": "ada", "taskId": id_of("report"), "scheduleVersion": 1}


@dataclass
class School:
    """Stands where the public internet would: a calendar with so many events; with none, it is as it was."""

    events: int
    now: datetime = NOW

    def fetch(self, *_: Any) -> FetchedCalendar | None:
        if not self.events:
            return None
        days = (self.now + timedelta(days=5 + number) for number in range(self.events))
        return FetchedCalendar(calendar_of([example_task(id=f"{day}", due_at=day) for day in days]))


@dataclass
class UseCases:
    """The functions on a stage of moto, with a recorder of their calls."""

    stage: MotoStage
    recorder: Recorder

    def call(self, function: str, event: Any) -> Any:
        """Call a function, and record the calls that it makes and the mutations that it sends."""
        with self.recorder.running(function):
            answer = self.stage.call(function, event)
            for push in self.stage.screen.pushed:
                for field in _mutations(push["query"]):
                    self.recorder.add("appsync:GraphQL", self.stage.screen.url, f"types/Mutation/fields/{field}")
        self.stage.screen.pushed.clear()
        return answer

    def run(self) -> None:
        """Run every use case."""
        for of_one_function in (
            self.queries, self.mutations, self.routes, self.calendar, self.calendars, self.steps, self.events,
            self.students, self.notifications, self.pipeline, self.dead_letters,
        ):  # fmt: skip
            subjects.forget_wiring()  # another process: what one has cached, another has to read
            self.stage.reset()
            of_one_function()

    def queries(self) -> None:
        """Every query, batches of histories, subtasks and counts, and the authorization of a subscription."""
        for field, cases in test_graphql.QUERIES.items():
            for arguments, caller in cases:
                self.call("readTasks", _resolved("Query", field, arguments, caller))
        for field in ("onTaskEvent", "onNotification"):
            self.call("readTasks", _resolved("Subscription", field, {"ownerId": "ada"}, test_graphql.ADA))
        histories = [_resolved("Query", "activity", {"taskId": "report", "first": 2}, test_graphql.ADA)] * 2
        self.call("readTasks", histories)
        project = {"source": {"id": f"Task:ada:{id_of('project')}"}}
        self.call("readTasks", [_resolved("Task", "subtasks", {}, test_graphql.ADA) | project])
        history = {"source": {"id": test_graphql.HISTORY}}
        self.call("readTasks", [_resolved("TaskList", "counts", {}, test_graphql.ADA) | history])

    def mutations(self) -> None:
        """Every mutation."""
        for field, cases in test_graphql.MUTATIONS.items():
            self.stage.reset()
            for input_, caller in cases:
                self.call("writeTasks", _resolved("Mutation", field, {"input": input_}, caller))
        named = {"name": "Once", "clientMutationId": "once"}
        self.call("writeTasks", _resolved("Mutation", "createTaskList", {"input": named}, test_graphql.ADA))
        self.stage.reset()
        (of_ada, *_) = test_graphql.MUTATIONS["dismissNotifications"]
        dismissed = self.call(
            "writeTasks", _resolved("Mutation", "dismissNotifications", {"input": of_ada[0]}, of_ada[1])
        )
        undo = {"tokens": [dismissed["data"]["undo"]]}
        (undone,) = self.call("writeTasks", _resolved("Mutation", "undo", {"input": undo}, of_ada[1]))["data"]
        assert undone["errors"] == []
        self._store_series()
        reopen = {"id": SERIES, "status": "PENDING"}
        self.call("writeTasks", _resolved("Mutation", "setTaskStatus", {"input": reopen}, test_graphql.ADA))

    def routes(self) -> None:
        """Every route of the HTTP API."""
        for route, cases in test_rest.CASES.items():
            self.stage.reset()
            for target, body, claims in cases:
                path, _, query = target.partition("?")
                event = http_api.request(route.partition(" ")[0], path, body, claims, **parse_qs(query))
                self.call("serveRest", event)
        self._store_series()
        self.call("serveRest", http_api.request("PUT", f"/task/{SERIES}", {"status": "Pending"}, http_api.ADA))

    def calendar(self) -> None:
        """A calendar feed: read, renewed, and read at its address."""
        self.stage.reset()
        for _ in range(2):
            answer = self.call(
                "writeTasks", _resolved("Mutation", "renewCalendarFeed", {"input": {}}, test_graphql.ADA)
            )
        self.call("readTasks", _resolved("Query", "calendarFeed", {}, test_graphql.ADA))
        path = answer["data"]["calendarFeed"]["url"].removeprefix("https://rest.example")
        event = http_api.request("GET", path, None, None) | {"pathParameters": {"file": path.rpartition("/")[2]}}
        assert self.call("serveCalendar", event)["statusCode"] == 200

    def calendars(self) -> None:
        """A calendar is subscribed to, an event leaves it, and the subscription ends with its tasks."""
        self.stage.reset()
        school = School(2)
        bootstrap.provide(calendar_fetcher=school, clock=lambda: school.now)
        given = {"url": "https://school.example/a.ics", "name": "History"}
        subscribed = _resolved("Mutation", "subscribeCalendar", {"input": given}, test_graphql.ADA)
        answer = self.call("followCalendars", subscribed)
        self.call("followCalendars", _resolved("Query", "subscribedCalendars", {}, test_graphql.ADA))
        of_it = {"calendarId": answer["data"]["calendar"]["calendarId"]}
        school.events, school.now = 1, school.now + timedelta(hours=1)
        self.call("followCalendars", _resolved("Mutation", "refreshCalendar", {"input": of_it}, test_graphql.ADA))
        self._scheduled(school)
        end = _resolved("Mutation", "unsubscribeCalendar", {"input": of_it | {"tasks": "DELETE"}}, test_graphql.ADA)
        assert self.call("followCalendars", end)["data"]["errors"] == []

    def students(self) -> None:
        """Students are found, by staff."""
        for arguments, caller in test_graphql.STUDENTS:
            self.call("findStudents", _resolved("Query", "students", arguments, caller))

    def pipeline(self) -> None:
        """All figures, and the trace of a task that has run, named by its id and by a key."""
        self.stage.reset()
        run = run_name(example_task(id=id_of("report"), owner_id="ada"), 1)
        self.stage.clients["stepfunctions"].start_execution(stateMachineArn=self.stage.machine, name=run)
        self.stage.send("dead", {"type": "CREATED"})
        self.call("observePipeline", _resolved("Query", "pipeline", {}, lambdas.LINUS))
        for id_ in (id_of("report"), "a-key"):
            arguments = {"id": id_, "ownerId": "ada"}
            self.call("observePipeline", _resolved("Query", "taskTrace", arguments, lambdas.LINUS))

    def _scheduled(self, school: School) -> None:
        """What is due is fetched: an event is new, and another one has left. A calendar without subscriber is not."""
        subjects.forget_wiring()
        bootstrap.provide(calendar_fetcher=school, clock=lambda: school.now)
        for events in (3, 0, 1):
            school.events, school.now = events, school.now + timedelta(hours=5)
            self.call("scheduleFetches", {"source": "aws.events"})
            messages = self.stage.receive("fetches")
            assert messages
            assert self.call("fetchCalendars", queue_event(messages)) == {"batchItemFailures": []}
        gone = {"calendarId": "0" * 32, "ownerId": "ada", "host": "school.example", "at": "2027-01-01T00:00:00.000Z"}
        self.stage.send("fetches", gone)
        assert self.call("fetchCalendars", queue_event(self.stage.receive("fetches"))) == {"batchItemFailures": []}

    def _store_series(self) -> None:
        """A completed task, its next occurrence, and a subtask of that."""
        self.stage.reset()
        made = {"requestDigest": "", "editedVersion": 1}
        next_id, part_id = id_of("weekly"), id_of("project-a")
        done = {"id": SERIES, "sk": f"TASK#{SERIES}", "key": None, "status": "COMPLETED", "nextId": next_id}
        of_parent = {"parentId": next_id, "parentKey": f"{next_id}#{part_id}"}
        tasks = (stored("weekly") | done, stored("weekly") | made, stored("project-a") | made | of_parent)
        self.stage.store(*({name: value for name, value in task.items() if value is not None} for task in tasks))

    def steps(self) -> None:
        """Every step of the workflow, on tasks of every kind."""
        for step, task, task_id, more in test_workflow_steps.STEPS:
            self.stage.store(task)
            run = {"ownerId": "ada", "taskId": id_of(task_id), "scheduleVersion": 1}
            self.call("advanceTask", {"step": step, **run, **more})

    def events(self) -> None:
        """Every kind of event, a task that has left the table, an invalid change, and an invalid message."""
        removals = [(stored(task_id), None) for task_id in ("report", "expired")]
        for before, after in [change for changes in test_events.CASES.values() for change in changes] + removals:
            self.stage.store(*([{name: value for name, value in after.items() if value is not None}] if after else []))
            self.call("forwardChanges", {"Records": [stream_record(before, after)]})
            while messages := self.stage.receive("events"):
                self.call("handleEvents", queue_event(messages))
        self.call("forwardChanges", {"Records": [stream_record(None, {"pk": "OWNER#ada", "sk": "TASK#invalid"})]})
        self.stage.send("events", {"type": "CREATED"})
        invalid = self.stage.receive("events")
        for receives in range(1, MAX_FAILURES + 1):
            self.call("handleEvents", queue_event(invalid, receives))
        self._catch_up()

    def notifications(self) -> None:
        """A notification with its task, what is read up to a time, and an invalid change."""
        for sort_key in ("NOTE#", "PROFILE"):
            (item, *_) = [item for (pk, sk), item in self.stage.items().items() if sk.startswith(sort_key)]
            answer = self.call("pushNotifications", {"Records": [stream_record(None, item)]})
            assert answer == {"batchItemFailures": []}
        odd = stream_record(None, {"pk": "LOG#ada", "sk": "NOTE#odd"})
        assert self.call("pushNotifications", {"Records": [odd]}) == {"batchItemFailures": []}

    def _catch_up(self) -> None:
        """All that there is, and then what the log has of the last seconds, through both APIs."""
        since, more = None, True
        while more:
            arguments = {"since": since, "first": 100}
            changes = self.call("readTasks", _resolved("Query", "changes", arguments, test_graphql.ADA))["data"]
            since, more = changes["cursor"], changes["hasMore"]
        cursor, more = "", True
        while more:
            query = {"since": [cursor], "first": ["100"]}
            event = http_api.request("GET", "/tasks", None, http_api.ADA, **query)
            page = json.loads(self.call("serveRest", event)["body"])
            cursor, more = page["cursor"], page["has_more"]

    def dead_letters(self) -> None:
        """Listing and redriving dead letters of every kind."""
        self.stage.begin_stream()
        body = {"type": "CREATED", "at": "2020-03-09T10:00:00.000Z", "task": stored("essay"), "changes": []}
        self.stage.send("dead", body | {"ownerId": "ada", "taskId": id_of("essay")}, cause="OSError: gone")
        execution = f"{self.stage.machine.replace(':stateMachine:', ':execution:')}:report-1"
        self.stage.send("dead", {"execution": execution, "input": EXECUTION, "error": "E", "cause": "{}"}, "b")
        for prefix in ("TASK#", "NOTE#", "EVENT#"):  # moto runs no function: the last alone has nothing to invoke
            body = {"DDBStreamBatchInfo": self._stretch(prefix), "requestContext": {"condition": "x"}}
            self.stage.send("unforwarded", body)
        self.call("manageDeadLetters", _resolved("Query", "deadLetters", {}, lambdas.LINUS))
        self.call(
            "manageDeadLetters", _resolved("Mutation", "redriveDeadLetters", {"input": {"all": True}}, lambdas.LINUS)
        )

    def _stretch(self, prefix: str) -> Item:
        """The part of the table's stream that holds one change of such an item, as Lambda names it in a dead letter."""
        create: Any = boto3.client
        streams = create("dynamodbstreams")
        arn = streams.list_streams(TableName="tasks")["Streams"][0]["StreamArn"]
        (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        where = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
        records = streams.get_records(ShardIterator=streams.get_shard_iterator(**where)["ShardIterator"])["Records"]
        changes = (record["dynamodb"] for record in records)
        number = next(change["SequenceNumber"] for change in changes if change["Keys"]["sk"]["S"].startswith(prefix))
        ends = {"startSequenceNumber": number, "endSequenceNumber": number}
        return {"streamArn": arn, "shardId": shard["ShardId"], **ends}


@contextmanager
def use_cases() -> Iterator[UseCases]:
    """The functions on a new stage, where nothing has been assembled yet."""
    subjects.forget_wiring()
    with recording() as recorder, moto_stage() as stage:
        yield UseCases(stage, recorder)


def _resolved(type_name: str, field: str, arguments: Item, caller: Any) -> Item:
    """The event of a direct Lambda resolver whose client selects every field."""
    event = lambdas.appsync_event(type_name, field, arguments, caller)
    return event | {"info": event["info"] | {"selectionSetGraphQL": "{ ...All }"}}


def _mutations(query: str) -> list[str]:
    (operation,) = parse(query).definitions
    assert isinstance(operation, OperationDefinitionNode), query
    fields = operation.selection_set.selections
    return [field.name.value for field in fields if isinstance(field, FieldNode)]
