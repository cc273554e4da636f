"""Each route of the HTTP API by each caller: what the page says, and nothing else."""

import pytest

from tests.integration.access import policy
from tests.integration.access.attempts import Outcome, System, choices
from tests.integration.access.callers import Caller, bearer, callers, refused, token
from tests.integration.access.policy import CREDENTIALS
from tests.integration.access.routes import Route, documented
from tests.integration.access.stage import NOWHERE, shown

CALLERS = list(callers().values())
ROUTES = [Route(key) for key in documented()]
each_route = pytest.mark.parametrize("route", ROUTES, ids=str)
OF_OWNERS = [route for route in ROUTES if {"owner", "task"} <= set(route.naming.values())]
each_route_of_an_owners_task = pytest.mark.parametrize("route", OF_OWNERS, ids=str)
each_caller = pytest.mark.parametrize("caller", CALLERS, ids=str)
in_each_place = pytest.mark.parametrize("cloud", [False, True], ids=["local", "cloud"])
DONE = {200, 201, 202, 204}


def allowed(route: Route, caller: Caller) -> str:
    return policy.allowed(route.key, caller)


def assert_refused(outcome: Outcome) -> None:
    """The authorizer has refused; the function was not called."""
    assert (outcome.answer.status, outcome.answer.json) == (401, {"message": "Unauthorized"})
    assert outcome.had_no_effect


@each_caller
@each_route
async def test_a_caller_has_what_the_page_gives(system: System, route: Route, caller: Caller) -> None:
    outcome = await system.attempt(route, caller.headers, system.own(route, caller))
    if allowed(route, caller) == "no":
        assert_refused(outcome)
        return
    assert outcome.answer.status in DONE
    is_read = route.key.startswith("GET")
    assert outcome.changed == (set() if is_read else {caller.owner_id})
    assert shown(outcome.answer.text) <= {caller.owner_id}
    assert shown(outcome.answer.text) or not is_read


@each_caller
@each_route
async def test_what_belongs_to_another_is_answered_as_what_does_not_exist(
    system: System, route: Route, caller: Caller
) -> None:
    for chosen in choices(route):
        others, nowhere = system.others(route, caller, chosen), system.nowhere(route, caller, chosen)
        outcome = await system.attempt(route, caller.headers, others)
        if allowed(route, caller) == "no":
            assert_refused(outcome)
            continue
        assert outcome.changed <= {caller.owner_id}
        if allowed(route, caller) == "any" and ("owner_id",) in chosen:
            assert shown(outcome.answer.text) <= {caller.target}
            continue
        assert shown(outcome.answer.text) | outcome.named <= {caller.owner_id}
        missing = await system.attempt(route, caller.headers, nowhere)
        replaced = {str(others[path]): str(nowhere[path]) for path in chosen}
        assert outcome.answer.normalized(replaced) == missing.answer.normalized({})
        assert outcome.aws_calls == missing.aws_calls


@each_caller
@each_route_of_an_owners_task
async def test_anothers_task_is_answered_as_a_missing_one_of_ones_own(
    system: System, route: Route, caller: Caller
) -> None:
    if allowed(route, caller) != "own":
        return
    missing = await system.attempt(route, caller.headers, system.missing(route, caller))
    for chosen in choices(route):
        if all(not route.naming[path].startswith("cursor") for path in chosen):
            outcome = await system.attempt(route, caller.headers, system.others(route, caller, chosen))
            assert outcome.answer.normalized({caller.target: NOWHERE}) == missing.answer.normalized({})


@each_route
async def test_whoever_may_read_anybodys_reads_anothers(system: System, route: Route) -> None:
    owned = [path for path, names in route.naming.items() if not names.startswith("cursor")]
    for caller in CALLERS:
        if allowed(route, caller) == "any":
            outcome = await system.attempt(route, caller.headers, system.others(route, caller, owned))
            assert (outcome.answer.status, shown(outcome.answer.text)) == (200, {caller.target})


@in_each_place
@each_route
async def test_credentials_of_nobody_get_no_further(system: System, route: Route, cloud: bool) -> None:
    route = Route(route.key, cloud)
    for name, headers in refused().items():
        outcome = await system.attempt(route, headers, system.own(route, CALLERS[0]))
        if CREDENTIALS[name][1] == "guest locally" and not cloud:
            assert outcome.answer.status in DONE
        else:
            assert_refused(outcome)


@each_route
async def test_in_the_cloud_nobody_is_a_guest(system: System, route: Route) -> None:
    route = Route(route.key, cloud=True)
    assert_refused(await system.attempt(route, callers()["guest"].headers, system.own(route, CALLERS[0])))
    for caller in CALLERS:
        if caller.owner_id and caller.column != "guest":
            outcome = await system.attempt(route, caller.headers, system.own(route, caller))
            assert outcome.answer.status in DONE


@in_each_place
@pytest.mark.parametrize(
    "path", ["/tasks/", "/task/essay-of-ada/", "/task/essay-of-ada/x", "//tasks", "/Tasks", "/task"]
)
@pytest.mark.parametrize("caller", [callers()["student"], callers()["admin"]], ids=str)
async def test_a_path_beside_the_routes_has_no_data(system: System, path: str, caller: Caller, cloud: bool) -> None:
    for headers in ({}, caller.headers):
        answer = await system.apis.rest(f"GET {path}", headers, query={"owner_id": "bob"}, cloud=cloud)
        assert answer.status in {401, 404, 405}
        assert shown(answer.text) == set()


@each_route
async def test_an_expired_token_is_refused_before_anything_else_is_looked_at(system: System, route: Route) -> None:
    headers = {**bearer(token(exp=1)), "x-api-key": callers()["guest"].headers["x-api-key"]}
    assert_refused(await system.attempt(route, headers, {}))
