"""Each operation of the GraphQL API by each caller: what the page says, and nothing else."""

from typing import Any

import pytest

from tests.integration.access import policy
from tests.integration.access.attempts import Outcome, System, choices, is_left_out
from tests.integration.access.callers import Caller, callers, refused
from tests.integration.access.operations import Operation, Path_, operations
from tests.integration.access.stage import NOWHERE, shown

REQUESTS = [*operations("Query"), *operations("Mutation")]
CALLERS = list(callers().values())
WITHOUT_DATA = {"viewer", "taskPermissions", "calendarFeed"}  # of an owner's tasks
each_operation = pytest.mark.parametrize("operation", REQUESTS, ids=str)
OF_OWNERS = [operation for operation in REQUESTS if {"owner", "task"} <= set(operation.naming.values())]
each_operation_of_an_owners_task = pytest.mark.parametrize("operation", OF_OWNERS, ids=str)
each_caller = pytest.mark.parametrize("caller", CALLERS, ids=str)


def allowed(operation: Operation, caller: Caller) -> str:
    return policy.allowed(str(operation), caller)


def assert_refused(outcome: Outcome, operation: Operation) -> None:
    """The field has an error, its data is null, and nothing was done for it."""
    body = outcome.answer.json
    error = body["errors"][0]
    assert (outcome.answer.status, len(body["errors"])) == (200, 1)
    assert (error["errorType"], error["path"]) == ("Unauthorized", [operation.name])
    assert error["message"] == f"Not Authorized to access {operation.name} on type {operation.type_}"
    assert not (body["data"] or {}).get(operation.name)
    assert outcome.had_no_effect


def errors(body: Any) -> set[Path_]:
    """The paths of Unauthorized errors, without the places in lists; any other error fails."""
    found = body.get("errors", ())
    assert [error for error in found if error["errorType"] != "Unauthorized"] == []
    return {tuple(step for step in error["path"] if isinstance(step, str)) for error in found}


def user_errors(result: Any) -> list[Any]:
    payloads = result if isinstance(result, list) else [result]
    return [error for payload in payloads for error in payload.get("errors", ())]


@each_caller
@each_operation
async def test_a_caller_has_what_the_page_gives(system: System, operation: Operation, caller: Caller) -> None:
    outcome = await system.attempt(operation, caller.headers, system.own(operation, caller))
    if allowed(operation, caller) == "no":
        assert_refused(outcome, operation)
        return
    body = outcome.answer.json
    assert errors(body) == operation.denied(caller.column)
    assert user_errors(body["data"][operation.name]) == []
    if caller.owner_id and allowed(operation, caller) != "all":
        assert shown(outcome.answer.text) <= {caller.owner_id}
        assert outcome.changed == ({caller.owner_id} if operation.type_ == "Mutation" else set())
        if operation.type_ == "Query" and operation.name not in WITHOUT_DATA:
            assert shown(outcome.answer.text) == {caller.owner_id}


@each_caller
@each_operation
async def test_what_belongs_to_another_is_answered_as_what_does_not_exist(
    system: System, operation: Operation, caller: Caller
) -> None:
    for chosen in choices(operation):
        others = system.others(operation, caller, chosen)
        outcome = await system.attempt(operation, caller.headers, others)
        if allowed(operation, caller) == "no":
            assert_refused(outcome, operation)
            continue
        assert outcome.changed <= {caller.owner_id}
        names = {operation.naming[path] for path in chosen}
        names_owner = "owner" in names or ("task" in names and "owner" not in operation.naming.values())
        if allowed(operation, caller) == "any" and names_owner:
            assert shown(outcome.answer.text) <= {caller.target}
            continue
        assert shown(outcome.answer.text) | outcome.named <= {caller.owner_id}
        nowhere = system.nowhere(operation, caller, chosen)
        missing = await system.attempt(operation, caller.headers, nowhere)
        replaced = {str(others[path]): str(nowhere[path]) for path in chosen if path in others}
        assert outcome.answer.normalized(replaced) == missing.answer.normalized({})
        assert outcome.aws_calls == missing.aws_calls


@each_caller
@each_operation_of_an_owners_task
async def test_anothers_task_is_answered_as_a_missing_one_of_ones_own(
    system: System, operation: Operation, caller: Caller
) -> None:
    if allowed(operation, caller) != "own":
        return
    missing = await system.attempt(operation, caller.headers, system.missing(operation, caller))
    for chosen in choices(operation):
        named = {operation.naming[path].partition(" ")[0] for path in chosen}
        if "cursor" not in named and (operation.name == "task" or "owner" not in named):
            outcome = await system.attempt(operation, caller.headers, system.others(operation, caller, chosen))
            assert outcome.answer.normalized({caller.target: NOWHERE}) == missing.answer.normalized({})


@each_operation
async def test_whoever_may_read_anybodys_reads_anothers(system: System, operation: Operation) -> None:
    owned = [path for path, names in operation.naming.items() if not is_left_out(names)]
    for caller in CALLERS:
        if allowed(operation, caller) == "any":
            outcome = await system.attempt(operation, caller.headers, system.others(operation, caller, owned))
            assert errors(outcome.answer.json) == set()
            assert shown(outcome.answer.text) == ({caller.target} if operation.name not in WITHOUT_DATA else set())


@each_operation
async def test_credentials_of_nobody_get_no_further(system: System, operation: Operation) -> None:
    for name, headers in refused().items():
        outcome = await system.attempt(operation, headers, system.own(operation, CALLERS[1]))
        assert outcome.answer.status == (403 if "signature" in name else 401), name
        assert set(outcome.answer.json) == {"errors"}
        assert outcome.had_no_effect
