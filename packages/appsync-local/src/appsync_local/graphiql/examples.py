"""A first query and a first subscription for the page, read off the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from graphql import GraphQLObjectType, get_named_type, is_leaf_type, is_required_argument

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import GraphQLField, GraphQLSchema

_DEPTH = 3


def examples(schema: GraphQLSchema, sample: str) -> list[dict[str, str]]:
    """Return tabs (`query` and `variables`) that run as they are wherever the schema allows it.

    Args:
        schema: The API's schema.
        sample: The value of each required id or string.
    """
    tabs = []
    for keyword, root in (("query", schema.query_type), ("subscription", schema.subscription_type)):
        fields = root.fields if root else {}
        name = next(iter(sorted(fields, key=lambda name: len(_required(fields[name])))), None)
        if name:
            tabs.append(_tab(keyword, name, fields[name], sample))
    return tabs


def _required(field: GraphQLField) -> dict[str, str]:
    return {name: str(argument.type) for name, argument in field.args.items() if is_required_argument(argument)}


def _tab(keyword: str, name: str, field: GraphQLField, sample: str) -> dict[str, str]:
    required = _required(field)
    declared = ", ".join(f"${argument}: {type_}" for argument, type_ in required.items())
    given = ", ".join(f"{argument}: ${argument}" for argument in required)
    title = name[0].upper() + name[1:]
    heading = f"{keyword} {title}({declared})" if declared else f"{keyword} {title}"
    call = f"{name}({given})" if given else name
    selection = _selection(field, _DEPTH, "  ")
    variables = {argument: sample for argument, type_ in required.items() if type_ in {"ID!", "String!"}}
    return {
        "query": f"{heading} {{\n  {call}{selection}\n}}\n",
        "variables": orjson.dumps(variables, option=orjson.OPT_INDENT_2).decode() if required else "",
    }


def _selection(field: GraphQLField, depth: int, indent: str) -> str:
    type_: Any = get_named_type(field.type)
    if is_leaf_type(type_):
        return ""
    fields: Mapping[str, GraphQLField] = type_.fields if isinstance(type_, GraphQLObjectType) else {}
    lines = [
        f"{name}{_selection(child, depth - 1, indent + '  ')}"
        for name, child in fields.items()
        if not _required(child) and (is_leaf_type(get_named_type(child.type)) or depth > 1)
    ] or ["__typename"]
    inner = "".join(f"\n{indent}  {line}" for line in lines)
    return f" {{{inner}\n{indent}}}"
