"""Students of a Cognito user pool: all users but the members of the groups of staff.

`ListUsers` searches by the beginning of a user name, but not by group, and `ListUsersInGroup` does the reverse. So
users are listed, and the members of the few groups of staff, who are remembered for some minutes, are left out.

Source: Amazon Cognito user pools API Reference, ListUsers and ListUsersInGroup.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from taskbell.adapters.aws_errors import translate_transient_errors
from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.domain.exceptions import InvalidInputError
from taskbell.domain.queries import Page
from taskbell.domain.students import Student, StudentQuery

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import UserTypeTypeDef

USERS_PER_REQUEST = 60  # the most that Cognito answers
MAX_REQUESTS = 5  # for one page
STAFF_REMEMBERED = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in the list: in which prefix, after which pagination token, and how many of its users are behind it."""

    prefix: int = 0
    token: str = ""
    passed: int = 0


class CognitoStudentDirectory:
    """Implements `StudentDirectory`."""

    def __init__(
        self,
        client: "CognitoIdentityProviderClient",
        user_pool_id: str,
        staff_groups: Iterable[str],
        cursors: CursorCodec,
        clock: Callable[[], datetime],
    ) -> None:
        """Create a directory of the users of a pool who are in none of `staff_groups`."""
        self._client = client
        self._user_pool_id = user_pool_id
        self._staff_groups = tuple(staff_groups)
        self._cursors = cursors
        self._clock = clock
        self._staff: frozenset[str] = frozenset()
        self._staff_known_until: datetime | None = None

    def page(self, query: StudentQuery, first: int, after: str | None) -> Page[Student]:
        """Return at most `first` students after the cursor, with at most `MAX_REQUESTS` requests for users."""
        place: _Place | None = self._decoded(query, after)
        staff = self._staff_names()
        found: list[tuple[Student, _Place]] = []
        for _ in range(MAX_REQUESTS):
            if place is None or len(found) == first:
                break
            users, following = self._request(query, place)
            students = [
                (Student(_sub(user), user["Username"]), replace(place, passed=number))
                for number, user in enumerate(users, 1)
                if number > place.passed and user["Username"] not in staff and _is_found(query, place, user)
            ]
            room = first - len(found)
            found += students[:room]
            place = following if len(students) <= room else found[-1][1]
        return Page(
            tuple(student for student, _ in found),
            tuple(self._encoded(query, passed) for _, passed in found),
            has_next=place is not None,
            end=self._encoded(query, place) if place else None,
        )

    def _request(self, query: StudentQuery, place: _Place) -> tuple[Sequence["UserTypeTypeDef"], _Place | None]:
        """Return the users at a place, and where the list goes on after them."""
        prefix = query.prefixes[place.prefix]
        try:
            with translate_transient_errors():
                answer = self._client.list_users(
                    UserPoolId=self._user_pool_id,
                    AttributesToGet=["sub"],
                    Limit=USERS_PER_REQUEST,
                    **({"Filter": f'username ^= "{_escaped(prefix)}"'} if prefix else {}),
                    **({"PaginationToken": place.token} if place.token else {}),
                )
        except ClientError as error:
            raise _invalid_argument(error, query, place) or error from None
        if token := answer.get("PaginationToken"):
            return answer["Users"], _Place(place.prefix, token)
        is_last = place.prefix + 1 == len(query.prefixes)
        return answer["Users"], None if is_last else _Place(place.prefix + 1)

    def _staff_names(self) -> frozenset[str]:
        now = self._clock()
        if self._staff_known_until is None or now >= self._staff_known_until:
            self._staff = frozenset(name for group in self._staff_groups for name in self._members(group))
            self._staff_known_until = now + STAFF_REMEMBERED
        return self._staff

    @translate_transient_errors()
    def _members(self, group: str) -> list[str]:
        pages = self._client.get_paginator("list_users_in_group").paginate(
            UserPoolId=self._user_pool_id, GroupName=group, PaginationConfig={"PageSize": USERS_PER_REQUEST}
        )
        return [user["Username"] for page in pages for user in page["Users"]]

    def _encoded(self, query: StudentQuery, place: _Place) -> str:
        return self._cursors.encode(query, [str(place.prefix), place.token, str(place.passed)])

    def _decoded(self, query: StudentQuery, cursor: str | None) -> _Place:
        if cursor is None:
            return _Place()
        prefix, token, passed = self._cursors.decode(query, cursor)
        return _Place(int(prefix), token, int(passed))


def _is_found(query: StudentQuery, place: _Place, user: "UserTypeTypeDef") -> bool:
    """Return whether a user belongs to a place: an earlier prefix may have found the same ones."""
    name, earlier = user["Username"], query.prefixes[: place.prefix]
    return name.startswith(query.prefixes[place.prefix]) and not name.startswith(earlier)


def _sub(user: "UserTypeTypeDef") -> str:
    return next(attribute["Value"] for attribute in user["Attributes"] if attribute["Name"] == "sub")


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"")


def _invalid_argument(error: ClientError, query: StudentQuery, place: _Place) -> InvalidInputError | None:
    """Return what a client has to mend: a pagination token that has expired, or a text that no user name has."""
    if error.response["Error"]["Code"] != "InvalidParameterException":
        return None
    if place.token:
        return InvalidInputError("The cursor has expired. Start again without it.", ("after",))
    return InvalidInputError("No user name begins like this.", ("search",)) if query.search else None
