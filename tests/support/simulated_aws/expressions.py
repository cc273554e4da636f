"""DynamoDB's expressions, compiled to functions. Source: Amazon DynamoDB Developer Guide, "Expressions in DynamoDB".

Only the operators that the adapters use; any other text is an error.
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

Value = dict[str, Any]  # in DynamoDB's JSON: {"S": "text"}
Item = dict[str, Value]
Names = Mapping[str, str]
Values = Mapping[str, Value]
Condition = Callable[[Item, Names, Values], bool]
Operand = Callable[[Item, Names, Values], Value | None]
Update = Callable[[Item, Names, Values], Item]

_TOKEN = re.compile(r"\s*([#:]?\w+(?:\.#?\w+)*|<>|<=|>=|[=<>(),+-])")
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


@cache
def condition(text: str) -> Condition:
    """Compile a condition, filter or key condition."""
    tokens = _Tokens(text)
    compiled = tokens.disjunction()
    tokens.end()
    return compiled


@cache
def update(text: str) -> Update:
    """Compile an update expression; it returns a new item."""
    clauses = re.split(r"\b(SET|ADD|REMOVE)\b", text)[1:]
    steps: list[Callable[[Item, Item, Names, Values], None]] = []
    for keyword, actions in zip(clauses[::2], clauses[1::2], strict=True):
        steps += [_ACTIONS[keyword](action) for action in _split(actions)]

    def apply(item: Item, names: Names, values: Values) -> Item:
        changed = dict(item)
        for step in steps:
            step(item, changed, names, values)
        return changed

    return apply


def number(value: Value) -> int | Decimal:
    """The number of a value."""
    text = value["N"]
    return int(text) if text.lstrip("-").isdigit() else Decimal(text)


@dataclass
class _Tokens:
    """A recursive descent over OR, AND, NOT and comparisons."""

    text: str
    tokens: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.tokens = _TOKEN.findall(self.text)
        if "".join(self.tokens) != re.sub(r"\s", "", self.text):
            raise NotImplementedError(self.text)

    def end(self) -> None:
        if self.tokens:
            raise NotImplementedError(self.text)

    def disjunction(self) -> Condition:
        parts = [self.conjunction()]
        while self._take("OR"):
            parts.append(self.conjunction())
        return parts[0] if len(parts) == 1 else lambda *given: any(part(*given) for part in parts)

    def conjunction(self) -> Condition:
        parts = [self.negation()]
        while self._take("AND"):
            parts.append(self.negation())
        return parts[0] if len(parts) == 1 else lambda *given: all(part(*given) for part in parts)

    def negation(self) -> Condition:
        if self._take("NOT"):
            negated = self.negation()
            return lambda *given: not negated(*given)
        if self._take("("):
            inner = self.disjunction()
            self._expect(")")
            return inner
        return self._function() if self.tokens[1] == "(" else self._comparison()

    def _function(self) -> Condition:
        name = self.tokens.pop(0)
        self._expect("(")
        operands = [_operand(self.tokens.pop(0))]
        while self._take(","):
            operands.append(_operand(self.tokens.pop(0)))
        self._expect(")")
        test = _FUNCTIONS[name]
        return lambda *given: test(*(operand(*given) for operand in operands))

    def _comparison(self) -> Condition:
        left, sign = _operand(self.tokens.pop(0)), self.tokens.pop(0)
        if sign == "BETWEEN":
            low = _operand(self.tokens.pop(0))
            self._expect("AND")
            high = _operand(self.tokens.pop(0))
            return lambda *given: (
                _compare(operator.ge, left(*given), low(*given)) and _compare(operator.le, left(*given), high(*given))
            )
        if sign == "IN":
            self._expect("(")
            options = [_operand(self.tokens.pop(0))]
            while self._take(","):
                options.append(_operand(self.tokens.pop(0)))
            self._expect(")")
            return lambda *given: any(left(*given) == option(*given) for option in options)
        compare, right = _COMPARISONS[sign], _operand(self.tokens.pop(0))
        return lambda *given: _compare(compare, left(*given), right(*given))

    def _take(self, token: str) -> bool:
        if self.tokens and self.tokens[0] == token:
            self.tokens.pop(0)
            return True
        return False

    def _expect(self, token: str) -> None:
        if not self._take(token):
            raise NotImplementedError(self.text)


def _operand(token: str) -> Operand:
    if token.startswith(":"):
        return lambda _item, _names, values: values[token]
    parts = token.split(".")

    def read(item: Item, names: Names, _values: Values) -> Value | None:
        found: Any = item
        for part in parts:
            found = (found if found is item else found.get("M", {})).get(names.get(part, part))
            if found is None:
                return None
        value: Value = found
        return value

    return read


def _compare(compare: Callable[[Any, Any], bool], left: Value | None, right: Value | None) -> bool:
    """A comparison with a missing attribute is true for `<>` alone, as one of different types."""
    if left is None or right is None or left.keys() != right.keys():
        return compare is operator.ne
    if "N" in left:
        return compare(number(left), number(right))
    return compare(*left.values(), *right.values())


def _contains(value: Value | None, part: Value | None) -> bool:
    return value is not None and part in value.get("L", ())


def _begins_with(value: Value | None, prefix: Value | None) -> bool:
    return value is not None and prefix is not None and str(value.get("S", "")).startswith(prefix["S"])


_FUNCTIONS: dict[str, Callable[..., bool]] = {
    "attribute_exists": lambda value: value is not None,
    "attribute_not_exists": lambda value: value is None,
    "begins_with": _begins_with,
    "contains": _contains,
}


def _split(actions: str) -> list[str]:
    return [action.strip() for action in re.split(r",(?![^(]*\))", actions)]


def _set(action: str) -> Callable[[Item, Item, Names, Values], None]:
    path, _, expression = action.partition("=")
    left, sign, right = re.fullmatch(r"(.+?)(?:\s*([+-])\s*(\S+))?", expression.strip()).groups()  # type: ignore[union-attr]
    first, second = _set_operand(left), _set_operand(right) if right else None
    factor = -1 if sign == "-" else 1

    def apply(item: Item, changed: Item, names: Names, values: Values) -> None:
        value = first(item, names, values)
        if second:
            other = second(item, names, values)
            if value is None or other is None:
                raise ValueError(f"An attribute that is used does not exist: {action}")
            value = {"N": str(number(value) + factor * number(other))}
        if value is None:
            raise ValueError(f"An attribute that is used does not exist: {action}")
        _write(changed, [names.get(part, part) for part in path.strip().split(".")], value)

    return apply


def _set_operand(token: str) -> Operand:
    default = re.fullmatch(r"if_not_exists\(\s*(\S+?)\s*,\s*(\S+?)\s*\)", token)
    if not default:
        return _operand(token)
    stored, otherwise = _operand(default[1]), _operand(default[2])
    return lambda *given: stored(*given) or otherwise(*given)


def _add(action: str) -> Callable[[Item, Item, Names, Values], None]:
    name, added = action.split()

    def apply(item: Item, changed: Item, names: Names, values: Values) -> None:
        total = number(item.get(names.get(name, name), {"N": "0"})) + number(values[added])
        changed[names.get(name, name)] = {"N": str(total)}

    return apply


def _remove(action: str) -> Callable[[Item, Item, Names, Values], None]:
    def apply(_item: Item, changed: Item, names: Names, _values: Values) -> None:
        changed.pop(names.get(action, action), None)

    return apply


def _write(item: Item, path: list[str], value: Value) -> None:
    """Write a value at a path; maps on the way are copied, since other items share them."""
    for part in path[:-1]:
        inner = dict(item[part]["M"])
        item[part] = {"M": inner}
        item = inner
    item[path[-1]] = value


_ACTIONS: dict[str, Callable[[str], Callable[[Item, Item, Names, Values], None]]] = {
    "SET": _set,
    "ADD": _add,
    "REMOVE": _remove,
}
