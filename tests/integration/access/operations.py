"""Operations from the schema: each selects every field that can be reached, with arguments that the page names."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from appsync_local.schema.sdl import read_schema
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
)

from tests.integration.access.apis import Answer, Apis
from tests.integration.access.callers import Headers
from tests.integration.access.policy import ARGUMENTS, FIELDS

_SCHEMA = Path(__file__).parents[3] / "schema.graphql"
_PLAIN: Mapping[str, object] = {
    "Boolean": True,
    "Int": 1,
    "String": "Read",
    "ID": "no-one",
    "AWSDate": "2026-11-22",
    "AWSDateTime": "2026-11-22T09:30:00Z",
}
# What makes a change that is seen, and so is given in every input.
_CHANGES: Mapping[str, object] = {
    "title": "Changed",
    "name": "Changed",
    "status": "COMPLETED",
    "timeZone": "Europe/Vienna",
    "url": "https://school.example/b.ics",
    "until": "2999-01-01T00:00:00Z",
}

Path_ = tuple[str, ...]  # of an argument: its name, then those of input fields


@cache
def schema() -> GraphQLSchema:
    return read_schema(_SCHEMA.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Operation:
    """A field of Query, Mutation or Subscription."""

    type_: str
    name: str

    def __str__(self) -> str:
        return f"{self.type_}.{self.name}"

    @property
    def field(self) -> GraphQLField:
        parent = schema().type_map[self.type_]
        assert isinstance(parent, GraphQLObjectType)
        field: GraphQLField = parent.fields[self.name]
        return field

    def document(self, variables: Collection[str]) -> str:
        """The operation with these arguments as variables. In a subscription one that is not given would be null."""
        given = {name: argument.type for name, argument in self.field.args.items() if name in variables}
        declared = ", ".join(f"${name}: {type_}" for name, type_ in given.items())
        passed = ", ".join(f"{name}: ${name}" for name in given)
        arguments = (f"({declared})", f"({passed})") if given else ("", "")
        selected = _selection(self.field, ())
        return f"{self.type_.lower()} Test{arguments[0]} {{ {self.name}{arguments[1]} {selected} }}"

    @property
    def naming(self) -> Mapping[Path_, str]:
        """The arguments that name something, and what they name."""
        found: dict[Path_, str] = {}
        for name, argument in self.field.args.items():
            if names := ARGUMENTS.get((str(self), name)):
                found[(name,)] = names
            found |= {(name, *path): names for path, names in _naming(get_named_type(argument.type))}
        return found

    def variables(self, values: Mapping[Path_, object]) -> dict[str, Any]:
        """The variables of a request: what is required, and `values` at their places."""
        built = {name: _value(arg.type, (name,), values) for name, arg in self.field.args.items()}
        return {name: value for name, value in built.items() if value is not None}

    async def ask(self, apis: Apis, headers: Headers, values: Mapping[Path_, object]) -> Answer:
        """Send it over HTTP."""
        variables = self.variables(values)
        return await apis.graphql(self.document(variables), variables, headers)

    def denied(self, column: str) -> set[Path_]:
        """The paths of the fields below the operation that a caller may not select."""
        return set(_denied(self.field, (self.name,), (), column))


def operations(type_: str) -> list[Operation]:
    parent = schema().type_map[type_]
    assert isinstance(parent, GraphQLObjectType)
    return [Operation(type_, name) for name in parent.fields]


def _types(field: GraphQLField) -> list[GraphQLObjectType]:
    """The object types that a field can have; none for a leaf."""
    type_ = get_named_type(field.type)
    if isinstance(type_, GraphQLInterfaceType):
        return list(schema().get_possible_types(type_))
    return [type_] if isinstance(type_, GraphQLObjectType) else []


def _below(field: GraphQLField, above: Path_) -> Iterator[tuple[GraphQLObjectType, str, GraphQLField]]:
    for type_ in _types(field):
        if type_.name not in above:
            yield from ((type_, name, each) for name, each in type_.fields.items())


def _selection(field: GraphQLField, above: Path_) -> str:
    """The selection of all fields; those of an interface's types in fragments, with aliases: their types may differ."""
    types = _types(field)
    if len(types) == 1:
        chosen = [_fields(types[0], (*above, types[0].name))]
    else:
        fields = {type_.name: _fields(type_, (*above, type_.name), f"{type_.name}_") for type_ in types}
        chosen = [f"... on {name} {{ {selected} }}" for name, selected in fields.items()]
    return f"{{ __typename {' '.join(chosen)} }}" if types else ""


def _fields(type_: GraphQLObjectType, inner: Path_, prefix: str = "") -> str:
    chosen = {name: each for name, each in type_.fields.items() if not _repeats(each, inner)}
    aliases = {name: f"{prefix}{name}: " if prefix else "" for name in chosen}
    return " ".join(f"{aliases[name]}{name} {_selection(each, inner)}" for name, each in chosen.items())


def _repeats(field: GraphQLField, above: Path_) -> bool:
    return getattr(get_named_type(field.type), "name", "") in above


def _denied(field: GraphQLField, path: Path_, above: Path_, column: str) -> Iterator[Path_]:
    for type_, name, each in _below(field, above):
        inner = (*above, type_.name)
        if _repeats(each, inner):
            continue
        if FIELDS[f"{type_.name}.{name}"].get(column, "no") == "no":
            yield (*path, name)
        else:
            yield from _denied(each, (*path, name), inner, column)


def _naming(type_: object) -> Iterator[tuple[Path_, str]]:
    if not isinstance(type_, GraphQLInputObjectType):
        return
    for name, field in type_.fields.items():
        if names := ARGUMENTS.get((type_.name, name)):
            yield (name,), names
        yield from (((name, *path), names) for path, names in _naming(get_named_type(field.type)))


def _value(type_: GraphQLInputType, path: Path_, values: Mapping[Path_, object]) -> Any:
    """The value at a path: a given one, or one that the type requires; None where none is needed."""
    inner = get_nullable_type(type_)
    if path in values:
        return [values[path]] if isinstance(inner, GraphQLList) else values[path]
    if path[0] == "input" and path[-1] in _CHANGES:
        return _CHANGES[path[-1]]
    needed = any(given[: len(path)] == path for given in values)
    if not isinstance(type_, GraphQLNonNull) and not needed:
        return None
    if isinstance(inner, GraphQLList):
        return [_value(inner.of_type, path, values)]
    if isinstance(inner, GraphQLInputObjectType):
        fields = {name: _value(field.type, (*path, name), values) for name, field in inner.fields.items()}
        return {name: value for name, value in fields.items() if value is not None}
    if isinstance(inner, GraphQLEnumType):
        return next(iter(inner.values))
    return _PLAIN[get_named_type(inner).name]
