"""Events, contexts and answers of functions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ADA = {"sub": "ada", "username": "ada", "claims": {"sub": "ada"}, "groups": ["students"]}
LINUS = {"sub": "linus", "username": "linus", "claims": {"sub": "linus"}, "groups": ["admins"]}
GRACE = {"sub": "grace", "username": "grace", "claims": {"sub": "grace"}, "groups": ["staff"]}


@dataclass(frozen=True)
class _Context:
    """Lambda's context object."""

    function_name: str = "function"
    memory_limit_in_mb: int = 128
    invoked_function_arn: str = "arn:aws:lambda:eu-central-1:123456789012:function:function"
    aws_request_id: str = "the-request"
    milliseconds_left: int = 30_000

    def get_remaining_time_in_millis(self) -> int:
        """How long the function may still run."""
        return self.milliseconds_left


CONTEXT: Any = _Context()
NO_TIME_LEFT: Any = _Context(milliseconds_left=100)


def appsync_event(type_name: str, field: str, arguments: dict[str, Any], identity: Any = None) -> dict[str, Any]:
    """The event of a direct Lambda resolver."""
    return {
        "arguments": arguments,
        "identity": identity,
        "source": None,
        "request": {"headers": {"x-amzn-trace-id": "Root=1"}, "domainName": None},
        "prev": None,
        "info": {
            "fieldName": field,
            "parentTypeName": type_name,
            "variables": {},
            "selectionSetList": [],
            "selectionSetGraphQL": "",
        },
        "stash": {},
    }


class GraphqlError(Exception):
    """A function answered an error, as `errorType: message`; `info` is its `errorInfo`."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(f"{error['type']}: {error['message']}")
        self.type = error["type"]
        self.info = error["info"]


def resolved(answer: Any) -> Any:
    """What AppSync makes of a function's answer: its data. Raises GraphqlError."""
    if "error" in answer:
        assert answer.keys() == {"error"}
        raise GraphqlError(answer["error"])
    return answer["data"]


def call(handler: Callable[[Any, Any], Any], event: dict[str, Any], context: Any = CONTEXT) -> Any:
    """Call a function with one event. Raises GraphqlError."""
    return resolved(handler(event, context))
