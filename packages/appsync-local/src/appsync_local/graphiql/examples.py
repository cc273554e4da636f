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
    """Write tabs (query and variables) that run as they stand wherever the schema allows it.

    `sample` is given for each id or text that has to be given.
    """
    tabs = []
    for keyword, root in (("query", schema.query_type), ("subscription", schema.subscription_type)):
        fields = root.fields if root else {}
        name = next(iter(sorted(fields, key=lambda one: len(_required(fields[one])))), None)
        if name:
            tabs.append(_tab(keyword, name, fields[name], sample))
    return tabs


def _required(field: GraphQLField) -> dict[str, str]:
    return {name: str(argument.type) for name, argument in field.args.items() if is_required_argument(argument)}


def _tab(keyword: str, name: str, field: GraphQLField, sample: str) -> dict[str, str]:
    required = _required(field)
    declared = ", ".join(f"${argument}: {kind}" for argument, kind in required.items())
    given = ", ".join(f"{argument}: ${argument}" for argument in required)
    title = name[0].upper() + name[1:]
    heading = f"{keyword} {title}({declared})" if declared else f"{keyword} {title}"
    call = f"{name}({given})" if given else name
    selection = _selection(field, _DEPTH, "  ")
    variables = {argument: sample for argument, kind in required.items() if kind in {"ID!", "String!"}}
    return {
        "query": f"{heading} {{\n  {call}{selection}\n}}\n",
        "variables": orjson.dumps(variables, option=orjson.OPT_INDENT_2).decode() if required else "",
    }


def _selection(field: GraphQLField, depth: int, indent: str) -> str:
    kind: Any = get_named_type(field.type)
    if is_leaf_type(kind):
        return ""
    fields: Mapping[str, GraphQLField] = kind.fields if isinstance(kind, GraphQLObjectType) else {}
    lines = [
        f"{name}{_selection(one, depth - 1, indent + '  ')}"
        for name, one in fields.items()
        if not _required(one) and (is_leaf_type(get_named_type(one.type)) or depth > 1)
    ] or ["__typename"]
    inner = "".join(f"\n{indent}  {line}" for line in lines)
    return f" {{{inner}\n{indent}}}"
