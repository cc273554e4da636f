"""The code of a resolver as a module: what APPSYNC_JS does not support is found before anything is evaluated.

Its rules are those of the developer guide ("Supported runtime features") in the words of `@aws-appsync/eslint-plugin`.
QuickJS gets a function in place of the module, for its Python binding loads no modules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import tree_sitter_javascript
from tree_sitter import Language, Parser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tree_sitter import Node

_PARSER = Parser(Language(tree_sitter_javascript.language()))
_UTILS = "@aws-appsync/utils"
_GLOBALS = {"util", "runtime"}
_UNSUPPORTED_UTILS = {"dynamodb", "rds", "http", "xml", "transform"}
_STATEMENTS = {
    "try_statement": "Try statements are not supported.",
    "throw_statement": "Throw statements are not supported.",
    "while_statement": "While statements are not supported.",
    "do_statement": "do...while statements are not supported.",
    "for_statement": "For statements are not supported.",
    "continue_statement": "Continue statements are not supported",
    "labeled_statement": "Labeled statements are not supported.",
    "class_declaration": "Class declarations are not supported.",
    "class": "Class declarations are not supported.",
    "regex": "Regex literals are not supported.",
    "this": "This expressions are not supported.",
    "await_expression": "The `await` keyword is not supported",
    "yield_expression": "The `yield` keyword is not supported",
    "generator_function": "Generator functions are not supported.",
    "generator_function_declaration": "Generator functions are not supported.",
}
_FUNCTIONS = {"function_declaration", "function_expression", "arrow_function", "method_definition"}


class CodeError(Exception):
    """The code cannot be evaluated; the message names the place: `code.js:2:5: Try statements are not supported.`."""


def factory_of(code: str) -> str:
    """Return the expression of a function that takes the imports and returns the exports; lines stay where they are.

    Raises:
        CodeError: The code uses what APPSYNC_JS, or this emulation of it, does not support.
    """
    source = code.encode()
    root = _PARSER.parse(source).root_node
    for node in _descendants(root):
        problem = _problem(node)
        if problem:
            raise _error(node, problem)
    exports: dict[str, str] = {}
    edits = [edit for node in root.named_children for edit in _module_edits(node, exports)]
    names = ", ".join(f"{name}: {local}" for name, local in exports.items())
    return f'(function ($imports) {{ "use strict";\n{_edited(source, edits)}\nreturn {{ {names} }}; }})'


def _descendants(root: Node) -> Iterator[Node]:
    pending = [root]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(reversed(node.children))


def _problem(node: Node) -> str | None:
    if not node.is_named:
        return None
    if node.type in _STATEMENTS:
        return _STATEMENTS[node.type]
    if node.type in _FUNCTIONS and any(child.type == "async" for child in node.children):
        return "Async functions are not supported."
    check = _CHECKS.get(node.type)
    return check(node) if check else None


def _operator_problem(node: Node) -> str | None:
    operator = _text(node.child_by_field_name("operator"))
    if operator == "in":
        return "in operator is not supported. Use Object.hasOwn()."
    return f"The operator {operator} is not supported" if operator in {"++", "--", "~", "instanceof"} else None


def _new_problem(node: Node) -> str | None:
    return "Promise is not supported" if _text(node.child_by_field_name("constructor")) == "Promise" else None


def _member_problem(node: Node) -> str | None:
    owner, name = (_text(node.child_by_field_name(field)) for field in ("object", "property"))
    if owner == "extensions" or (owner == "util" and name in _UNSUPPORTED_UTILS):
        return f"{owner}.{name} is not emulated"
    return None


_CHECKS: dict[str, Callable[[Node], str | None]] = {
    "binary_expression": _operator_problem,
    "unary_expression": _operator_problem,
    "update_expression": _operator_problem,
    "new_expression": _new_problem,
    "member_expression": _member_problem,
}

Edit = tuple[int, int, str]


def _module_edits(node: Node, exports: dict[str, str]) -> Iterator[Edit]:
    """Yield what replaces imports and exports at the top of the module; add the exports' names."""
    if node.type == "import_statement":
        yield node.start_byte, node.end_byte, _import(node) + "\n" * _text(node).count("\n")
    elif node.type == "export_statement":
        declaration = node.child_by_field_name("declaration")
        if declaration is not None:
            exports.update((name, name) for name in _declared(declaration))
            yield node.start_byte, declaration.start_byte, ""
            return
        clause = next((child for child in node.named_children if child.type == "export_clause"), None)
        if clause is None or node.child_by_field_name("source") is not None:
            raise _error(node, "exports other than functions by their names are not supported")
        for specifier in clause.named_children:
            name = _text(specifier.child_by_field_name("name"))
            exports[_text(specifier.child_by_field_name("alias")) or name] = name
        yield node.start_byte, node.end_byte, "\n" * _text(node).count("\n")


def _import(node: Node) -> str:
    module = _text(node.child_by_field_name("source")).strip("'\"")
    if module != _UTILS:
        raise _error(node, f"the module {module} is not emulated")
    specifiers = [found for found in _descendants(node) if found.type == "import_specifier"]
    if [child for child in node.named_children if child.type == "import_clause"] and not specifiers:
        raise _error(node, f"imports of {module} other than by name are not supported")
    names = []
    for specifier in specifiers:
        name = _text(specifier.child_by_field_name("name"))
        alias = _text(specifier.child_by_field_name("alias")) or name
        if name == "extensions" and alias == name:
            continue  # refused where it is used
        if name not in _GLOBALS:
            raise _error(node, f"{name} of {module} is not emulated")
        names.append(f"{name}: {alias}")
    return f"const {{ {', '.join(names)} }} = $imports;" if names else ""


def _declared(declaration: Node) -> Iterator[str]:
    if name := _text(declaration.child_by_field_name("name")):
        yield name
    for child in declaration.named_children:
        if child.type == "variable_declarator":
            yield _text(child.child_by_field_name("name"))


def _edited(source: bytes, edits: list[Edit]) -> str:
    parts, at = [], 0
    for start, end, replacement in edits:
        parts += [source[at:start], replacement.encode()]
        at = end
    return b"".join([*parts, source[at:]]).decode()


def _text(node: Node | None) -> str:
    return node.text.decode() if node is not None and node.text is not None else ""


def _error(node: Node, problem: str) -> CodeError:
    line, column = node.start_point
    return CodeError(f"code.js:{line + 1}:{column + 1}: {problem}")
