"""Who calls the GraphQL API, from what AppSync says of the caller."""

from typing import Any

import pytest

from resolvers.identity import caller_of
from taskbell.api.identity import Caller, guest


def identity(**more: Any) -> dict[str, Any]:
    return {"sub": "ada", "username": "Ada", "claims": {"sub": "ada"}, "groups": None, **more}


def test_an_api_key_is_the_guest() -> None:
    assert caller_of(None) == guest()


def test_groups_come_from_the_identity_or_from_its_claims() -> None:
    assert caller_of(identity(groups=["staff"])) == Caller("ada", "Ada", ("staff",))
    assert caller_of(identity(claims={"cognito:groups": ["admins"]})) == Caller("ada", "Ada", ("admins",))


@pytest.mark.parametrize("groups", ["admins", {"admins": 1}, ["x admins"], [["admins"]], [{}], 5, True])
def test_whatever_is_no_list_of_names_gives_no_rights(groups: Any) -> None:
    caller = caller_of(identity(groups=groups))
    assert (caller.can_read("bob"), caller.can_manage_dead_letters) == (False, False)


@pytest.mark.parametrize(
    "other",
    [
        {"sub": None},
        {"sub": ""},
        {"sub": ["ada"]},
        {"sub": 5},
        {"sub": "guest"},
        {"claims": None},
        {"claims": "sub"},
    ],
)
def test_any_other_identity_owns_nothing(other: dict[str, Any]) -> None:
    with pytest.raises(PermissionError):
        caller_of(identity(**other))


def test_a_role_owns_nothing() -> None:
    with pytest.raises(PermissionError):
        caller_of(
            {"accountId": "000000000000", "userArn": "arn:aws:sts::000000000000:assumed-role/x/y", "username": "x"}
        )
