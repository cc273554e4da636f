"""Staff finds students, with the user pool of moto."""

from typing import Any

import pytest

from resolvers import find_students
from taskbell.api.global_ids import parse_global_id
from tests.support.aws import client
from tests.support.lambdas import ADA, CONTEXT, GRACE, LINUS, GraphqlError, appsync_event, call


def find_batch(*arguments: Any) -> list[Any]:
    batch: Any = [appsync_event("Query", "students", each, GRACE) for each in arguments]
    answers: list[Any] = find_students.handler(batch, CONTEXT)
    return answers


def find(identity: Any = GRACE, **arguments: Any) -> Any:
    return call(find_students.handler, appsync_event("Query", "students", arguments, identity))


@pytest.mark.parametrize("identity", [GRACE, LINUS])
def test_staff_and_admins_find_students_by_the_beginning_of_their_names(
    user_pool: dict[str, str], identity: Any
) -> None:
    (student,) = find(identity, search=" Ad ")["nodes"]
    owner_id = user_pool["ada"]
    assert student == {"id": f"Student:{owner_id}", "ownerId": owner_id, "name": "ada"}
    assert [node["name"] for node in find(identity, search=None)["nodes"]] == ["ada", "bob"]


@pytest.mark.parametrize("identity", [None, ADA, ADA | {"groups": ["Staff", "staff students"]}])
def test_nobody_else_does(user_pool: dict[str, str], identity: Any) -> None:
    with pytest.raises(GraphqlError, match="FORBIDDEN"):
        find(identity)


def test_pages_of_aliases_join(user_pool: dict[str, str]) -> None:
    first = find(first=1)
    assert first["pageInfo"]["hasNextPage"]
    arguments = {"first": 1, "after": first["pageInfo"]["endCursor"]}
    second, again = (each["data"] for each in find_batch(arguments, {"first": 1}))
    assert again == first
    assert [node["name"] for node in first["nodes"] + second["nodes"]] == ["ada", "bob"]
    assert not second["pageInfo"]["hasNextPage"]


def test_the_price_of_aliases_is_checked(user_pool: dict[str, str]) -> None:
    assert {each["error"]["type"] for each in find_batch(*[{"first": 100}] * 6)} == {"LIMIT_EXCEEDED"}


def test_a_student_in_no_group_is_found_and_one_who_left_the_pool_is_not(user_pool: dict[str, str]) -> None:
    cognito = client("cognito-idp")
    (pool,) = cognito.list_user_pools(MaxResults=1)["UserPools"]
    cognito.admin_create_user(UserPoolId=pool["Id"], Username="zoe")
    assert [node["name"] for node in find(search="z")["nodes"]] == ["zoe"]
    cognito.admin_delete_user(UserPoolId=pool["Id"], Username="zoe")
    assert find(search="z")["nodes"] == []


def test_the_id_of_a_student_is_no_node() -> None:
    assert parse_global_id("Student:ada") is None
