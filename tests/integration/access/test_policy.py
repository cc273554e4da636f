"""The page has a row for everything that there is, no row for what there is not, and agrees with the schema."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from appsync_local.auth.authentication import Caller
from appsync_local.auth.authorization import access_of
from appsync_local.template.auth_providers import AuthorizationType
from graphql import GraphQLInputObjectType, GraphQLNamedType, GraphQLObjectType, get_named_type, is_introspection_type

from local.http_api.definition import HttpApi
from tests.integration.access.attempts import System
from tests.integration.access.callers import callers, refused
from tests.integration.access.operations import schema
from tests.integration.access.policy import ARGUMENTS, COLUMNS, CREDENTIALS, FIELDS, FUNCTIONS, OPERATIONS
from tests.integration.access.routes import Route, documented

ROOTS = ("Query", "Mutation", "Subscription")
CALLERS = {
    "guest": Caller(AuthorizationType.API_KEY),
    "student": Caller(AuthorizationType.COGNITO, groups=frozenset({"students"})),
    "staff": Caller(AuthorizationType.COGNITO, groups=frozenset({"staff"})),
    "admin": Caller(AuthorizationType.COGNITO, groups=frozenset({"admins"})),
    "backend": Caller(AuthorizationType.IAM),
}


def fields() -> Iterator[tuple[GraphQLObjectType, str]]:
    for type_ in schema().type_map.values():
        if isinstance(type_, GraphQLObjectType) and not is_introspection_type(type_):
            yield from ((type_, name) for name in type_.fields)


def rows() -> dict[str, Mapping[str, str]]:
    return {**FIELDS, **{name: cells for name, cells in OPERATIONS.items() if " " not in name}}


_CURSORS = {"after", "since"}


def naming_places() -> Iterator[tuple[str, str, GraphQLNamedType]]:
    """Each argument of a field and each field of an input, with its type."""
    for type_, name in fields():
        for argument, defined in type_.fields[name].args.items():
            yield f"{type_.name}.{name}", argument, get_named_type(defined.type)
    for input_ in schema().type_map.values():
        if isinstance(input_, GraphQLInputObjectType):
            yield from ((input_.name, name, get_named_type(field.type)) for name, field in input_.fields.items())


def _is_cursor(place: str, name: str) -> bool:
    return (name in _CURSORS and "." in place) or (place, name) == ("UndoInput", "tokens")  # an argument of a field


def test_the_page_has_each_field_of_the_schema() -> None:
    assert rows().keys() == {f"{type_.name}.{name}" for type_, name in fields()}


def test_the_page_has_each_route_of_the_http_api(template: Mapping[str, Any]) -> None:
    api = HttpApi.from_template(template, lambda node: {"Issuer": "", "Audience": []} if node else node, "api", "0")
    routes = {route.key: route for route in api.routes}
    default = routes.pop("$default")
    named = {name for name in OPERATIONS if " " in name}
    open_ = {"GET /calendar/{file}", "HEAD /calendar/{file}"}
    assert named == set(routes) - open_ == set(documented())
    assert [routes.pop(key).authorizer for key in sorted(open_)] == [None, None]
    assert default.authorizer is None
    assert [key for key, route in routes.items() if route.authorizer is None] == []


def test_the_page_has_each_argument_that_can_name_something() -> None:
    """An id or a cursor; of the HTTP API, whatever is called so."""
    named = {(place, name) for place, name, type_ in naming_places() if type_.name == "ID" or _is_cursor(place, name)}
    parameters = {(key, name) for key in documented() for name in Route(key).places}
    named |= {(key, name) for key, name in parameters if name.lower().endswith("id") or name in _CURSORS}
    assert ARGUMENTS.keys() == named
    everything = {(place, name) for place, name, _ in naming_places()} | parameters
    assert ARGUMENTS.keys() <= everything


@pytest.mark.parametrize("column", COLUMNS)
def test_the_schemas_directives_allow_what_the_page_says(system: System, column: str) -> None:
    for type_, name in fields():
        cell = rows()[f"{type_.name}.{name}"][column]
        allowed = access_of(system.apis.definition, type_, name).allows(CALLERS[column])
        assert (f"{type_.name}.{name}", allowed) == (f"{type_.name}.{name}", cell != "no")


def test_the_pages_words_are_those_that_it_explains() -> None:
    assert {cell for cells in OPERATIONS.values() for cell in cells.values()} == {*FUNCTIONS, "own", "any", "all", "no"}
    assert {cell for cells in FIELDS.values() for cell in cells.values()} == {"yes", "no"}
    assert {tuple(cells) for cells in rows().values()} == {COLUMNS}
    assert {tuple(cells) for cells in OPERATIONS.values()} == {COLUMNS}


def test_each_caller_and_each_refused_credential_of_the_page_is_tried() -> None:
    assert {caller.column for caller in callers().values()} == {*COLUMNS, "nobody"}
    assert refused().keys() == CREDENTIALS.keys()
    assert {cell for cells in CREDENTIALS.values() for cell in cells} == {"refused", "guest locally"}
    assert {graphql for graphql, _ in CREDENTIALS.values()} == {"refused"}


def test_the_page_is_where_it_is_read() -> None:
    assert "access.md" in (Path(__file__).parents[3] / "docs" / "index.md").read_text(encoding="utf-8")
