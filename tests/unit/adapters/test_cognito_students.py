"""The directory of students over a user pool in memory that answers as Cognito does."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from hypothesis import given
from hypothesis import strategies as st

from taskbell.adapters.cognito_students import (
    MAX_REQUESTS,
    STAFF_REMEMBERED,
    USERS_PER_REQUEST,
    CognitoStudentDirectory,
)
from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.domain.exceptions import InvalidInputError, MisconfigurationError, UnavailableError
from taskbell.domain.queries import Page
from taskbell.domain.students import Student, StudentQuery
from tests.support.examples import NOW

STAFF = ("admins", "staff")


@dataclass
class Pool:
    """A user pool, as botocore's client of it. Tokens are the number of users behind them."""

    names: list[str]
    groups: dict[str, list[str]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    expired: bool = False

    def list_users(self, **parameters: Any) -> dict[str, Any]:
        assert parameters["UserPoolId"] == "pool"
        self.requests.append(parameters.get("Filter", "all"))
        if self.expired and "PaginationToken" in parameters:
            raise refusal("InvalidParameterException")
        prefix = parameters["Filter"].removeprefix('username ^= "')[:-1] if "Filter" in parameters else ""
        found = [name for name in self.names if name.startswith(prefix.replace('\\"', '"').replace(r"\\", "\\"))]
        begin = int(parameters.get("PaginationToken", 0))
        end = begin + parameters["Limit"]
        more = {"PaginationToken": str(end)} if end < len(found) else {}
        return {"Users": list(map(user, found[begin:end])), **more}

    def get_paginator(self, operation: str) -> "Pool":
        assert operation == "list_users_in_group"
        return self

    def paginate(self, **parameters: Any) -> Iterator[dict[str, Any]]:
        self.requests.append(parameters["GroupName"])
        yield {"Users": list(map(user, self.groups.get(parameters["GroupName"], ())))}


@dataclass
class Clock:
    """A clock that goes on when it is told to."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


def user(name: str) -> dict[str, Any]:
    return {"Username": name, "Attributes": [{"Name": "sub", "Value": f"sub of {name}"}]}


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": 400}}, "ListUsers")  # type: ignore[typeddict-item]


def real_client() -> Any:
    return boto3.client(
        "cognito-idp", region_name="eu-central-1", aws_access_key_id="testing", aws_secret_access_key="testing"
    )


def directory(client: Any, clock: Clock | None = None) -> CognitoStudentDirectory:
    return CognitoStudentDirectory(client, "pool", STAFF, CursorCodec(lambda: "secret"), clock or Clock())


def names(page: Page[Student]) -> list[str]:
    return [student.name for student in page.items]


def all_pages(students: CognitoStudentDirectory, query: StudentQuery, first: int) -> list[Page[Student]]:
    pages: list[Page[Student]] = []
    after = None
    while not pages or pages[-1].has_next:
        pages.append(students.page(query, first, after))
        after = pages[-1].end_cursor
    return pages


def test_students_are_all_users_but_staff_with_the_owner_ids_of_their_tasks() -> None:
    pool = Pool(["ada", "bob", "grace", "linus"], {"staff": ["grace"], "admins": ["linus"]})
    page = directory(pool).page(StudentQuery(), 10, None)
    assert page.items == (Student("sub of ada", "ada"), Student("sub of bob", "bob"))
    assert (page.has_next, page.end) == (False, None)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("ad", ["ada", "adam", "Ada"]),
        ("Ad", ["Ada", "ada", "adam"]),
        ("AD", ["ADA", "ada", "adam", "Ada"]),
        ("dam", []),
        ('a"\\', ['a"\\']),
        ("s1", ["s1"]),
        ("S1", ["s1"]),
    ],
)
def test_names_begin_with_the_text_as_it_is_in_lower_case_or_capitalized(search: str, found: list[str]) -> None:
    pool = Pool(["Ada", "ada", "adam", "ADA", 'a"\\', "s1", "bob"])
    assert names(directory(pool).page(StudentQuery(search), 10, None)) == found


@given(
    number=st.integers(0, 200),
    staff=st.sets(st.integers(0, 199)),
    first=st.integers(1, 100),
    search=st.sampled_from(["", "s", "S", "t", "s1"]),
)
def test_pages_join_to_the_whole_list_each_student_once(number: int, staff: set[int], first: int, search: str) -> None:
    everybody = [f"{'sS'[each % 3 == 0]}{each}" for each in range(number)]
    pool = Pool(everybody, {"staff": [name for each, name in enumerate(everybody) if each in staff]})
    students = directory(pool)
    pages = all_pages(students, StudentQuery(search), first)
    listed = [name for page in pages for name in names(page)]
    begins = {name for name in everybody if name.lower().startswith(search.lower())}
    assert sorted(listed) == sorted(begins - {*pool.groups["staff"]})
    assert all(len(page.items) <= first for page in pages)


@given(number=st.integers(1, 150), first=st.integers(1, 100), data=st.data())
def test_each_cursor_goes_on_after_its_student(number: int, first: int, data: st.DataObject) -> None:
    everybody = [f"s{each}" for each in range(number)]
    students = directory(Pool(everybody))
    page = students.page(StudentQuery(), first, None)
    chosen = data.draw(st.integers(0, len(page.items) - 1))
    rest = students.page(StudentQuery(), 100, page.cursors[chosen])
    assert names(rest) == everybody[chosen + 1 : chosen + 101]


def test_a_page_in_a_pool_of_10000_costs_one_request_or_two_and_a_search_no_more_than_that() -> None:
    pool = Pool([f"student-{number:05}" for number in range(10_000)], {"staff": ["grace"], "admins": ["linus"]})
    students = directory(pool)
    first = students.page(StudentQuery(), 50, None)
    assert pool.requests == [*STAFF, "all"]
    pool.requests.clear()
    second = students.page(StudentQuery(), 50, first.end_cursor)
    assert (pool.requests, len(second.items)) == (["all", "all"], 50)
    pool.requests.clear()
    assert names(students.page(StudentQuery("student-09999"), 50, None)) == ["student-09999"]
    assert len(pool.requests) == 2


def test_a_page_ends_early_where_there_are_few_students_among_many_users() -> None:
    looked_through = MAX_REQUESTS * USERS_PER_REQUEST
    staff = [f"tutor-{number}" for number in range(looked_through)]
    pool = Pool([*staff, "zoe"], {"staff": staff})
    students = directory(pool)
    page = students.page(StudentQuery(), 50, None)
    assert (page.items, page.has_next, pool.requests.count("all")) == ((), True, MAX_REQUESTS)
    assert names(students.page(StudentQuery(), 50, page.end_cursor)) == ["zoe"]


def test_who_is_staff_is_asked_again_after_some_minutes() -> None:
    pool, clock = Pool(["ada"], {"staff": []}), Clock()
    students = directory(pool, clock)
    assert names(students.page(StudentQuery(), 1, None)) == ["ada"]
    pool.groups["staff"].append("ada")
    clock.now += STAFF_REMEMBERED / 2
    assert names(students.page(StudentQuery(), 1, None)) == ["ada"]
    clock.now += STAFF_REMEMBERED / 2
    assert names(students.page(StudentQuery(), 1, None)) == []


def test_a_cursor_of_another_search_or_an_expired_one_is_refused() -> None:
    pool = Pool([f"s{number}" for number in range(100)])
    students = directory(pool)
    cursor = students.page(StudentQuery(), 60, None).end_cursor
    pool.expired = True
    for query in (StudentQuery("s"), StudentQuery()):
        with pytest.raises(InvalidInputError) as raised:
            students.page(query, 60, cursor)
        assert raised.value.field == ("after",)


@pytest.mark.parametrize(
    ("code", "search", "error"),
    [
        ("TooManyRequestsException", "", UnavailableError),
        ("ResourceNotFoundException", "", MisconfigurationError),
        ("InvalidParameterException", "\0", InvalidInputError),
        ("InvalidParameterException", "", ClientError),
    ],
)
def test_what_cognito_refuses_is_said_in_our_words(code: str, search: str, error: type[Exception]) -> None:
    client = real_client()
    with Stubber(client) as stubber:
        for _ in STAFF:
            stubber.add_response("list_users_in_group", {"Users": []})
        stubber.add_client_error("list_users", code, http_status_code=400)
        with pytest.raises(error):
            directory(client).page(StudentQuery(search), 10, None)


def test_throttling_while_staff_is_asked_for_lists_nobody() -> None:
    client = real_client()
    with Stubber(client) as stubber:
        stubber.add_response("list_users_in_group", {"Users": []})
        stubber.add_client_error("list_users_in_group", "TooManyRequestsException", http_status_code=400)
        with pytest.raises(UnavailableError):
            directory(client).page(StudentQuery(), 10, None)
