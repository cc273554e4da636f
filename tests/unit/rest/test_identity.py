"""Who calls the HTTP API: the claims that API Gateway has verified, and groups only where their names are certain."""

from typing import Any

import pytest

from taskbell.api.identity import Caller, guest
from taskbell.rest.identity import NotAuthenticatedError, caller_of
from tests.support.http_api import bearer_of

ADA = {"sub": "ada", "username": "Ada"}


def event(verified: dict[str, str], authorization: str | None = None) -> dict[str, Any]:
    headers = {} if authorization is None else {"authorization": authorization}
    return {"headers": headers, "requestContext": {"authorizer": {"jwt": {"claims": verified, "scopes": None}}}}


def groups(verified: str, authorization: str | None) -> tuple[str, ...]:
    return caller_of(event({**ADA, "cognito:groups": verified}, authorization), guests_allowed=False).groups


@pytest.mark.parametrize("names", [["admins"], ["students", "staff"], ["x admins"], ["[a", "b]", "c,d"], []])
def test_groups_are_the_names_that_the_token_has(names: list[str]) -> None:
    assert groups(f"[{' '.join(names)}]", bearer_of({"cognito:groups": names})) == tuple(names)


def test_a_group_whose_name_has_a_space_gives_the_rights_of_no_other() -> None:
    caller = caller_of(
        event({**ADA, "cognito:groups": "[x admins]"}, bearer_of({"cognito:groups": ["x admins"]})),
        guests_allowed=False,
    )
    assert (caller.can_read("bob"), caller.can_manage_dead_letters) == (False, False)


@pytest.mark.parametrize(
    ("verified", "authorization"),
    [
        ("[x admins]", None),
        ("[x admins]", "Bearer"),
        ("[x admins]", "Bearer a.b.c"),
        ("[x admins]", "Bearer a.\u00e9.c"),
        ("[x admins]", bearer_of({})),
        ("[x admins]", bearer_of({"cognito:groups": ["admins"]})),
        ("[x admins]", bearer_of({"cognito:groups": "[x admins]"})),
        ("[admins]", bearer_of({"cognito:groups": "[admins]"})),
        ("[admins]", bearer_of({"cognito:groups": ["staff"]})),
        ("admins", bearer_of({"cognito:groups": ["admins"]})),
        ("[1]", bearer_of({"cognito:groups": [1]})),
        ("[]", bearer_of({"cognito:groups": ["admins"]})),
    ],
)
def test_groups_that_are_not_certain_are_none(verified: str, authorization: str | None) -> None:
    assert groups(verified, authorization) == ()


@pytest.mark.parametrize("guests_allowed", [False, True])
def test_several_tokens_are_nobody_even_if_one_was_verified(guests_allowed: bool) -> None:
    joined = f"{bearer_of({'cognito:groups': ['x admins']})},{bearer_of({'cognito:groups': ['x', 'admins']})}"
    with pytest.raises(NotAuthenticatedError):
        caller_of(event({**ADA, "cognito:groups": "[x admins]"}, joined), guests_allowed=guests_allowed)


def test_a_token_alone_gives_no_group() -> None:
    authorization = bearer_of({"cognito:groups": ["admins"]})
    assert caller_of(event(ADA, authorization), guests_allowed=False) == Caller("ada", "Ada")


@pytest.mark.parametrize("sub", ["", "guest", None])
def test_nobody_is_a_user_without_an_id_of_their_own(sub: Any) -> None:
    with pytest.raises(NotAuthenticatedError):
        caller_of(event({"sub": sub, "username": "x"}), guests_allowed=True)


def test_who_sends_no_token_is_the_guest_where_guests_are_allowed() -> None:
    assert caller_of({"requestContext": {}}, guests_allowed=True) == guest()
    with pytest.raises(NotAuthenticatedError):
        caller_of({"requestContext": {}}, guests_allowed=False)
