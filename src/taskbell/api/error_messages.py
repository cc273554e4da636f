"""Messages of validation errors for users; pydantic's own are for programmers.

Source of the error types and their contexts: the pydantic documentation, "Validation Errors".
"""

from typing import Any

_INSTANT = "Must be an instant with its offset, such as 2027-01-15T18:00:00+01:00."

DEFAULT_MESSAGE = "Is not valid."
_MESSAGES = {
    "missing": "Is required.",
    "extra_forbidden": "There is no such field.",
    "string_too_short": "Must not be blank.",
    "string_too_long": "Must have at most {max_length} characters.",
    "string_pattern_mismatch": "Must be 1 to 64 letters, digits, hyphens or underscores.",
    "string_type": "Must be a text.",
    "task_reference": "Must be the id or the key of a task.",
    "task_id": "Must be the id of a task.",
    "list_reference": "Must be the id of a list.",
    "section_reference": "Must be the id of a section.",
    "due_form": "Must be a date, YYYY-MM-DD, or a time such as 2027-01-15T18:00 or 2027-01-15T18:00:00+01:00.",
    "local_time_form": "Must be a time of the day, HH:MM, such as 22:00.",
    "too_short": "Must not be empty.",
    "too_long": "Must have at most {max_length} entries.",
    "greater_than_equal": "Must be at least {ge}.",
    "less_than_equal": "Must be at most {le}.",
    "int_type": "Must be a whole number.",
    "bool_type": "Must be true or false.",
    "model_type": "Must be an object.",
    "enum": "Must be {expected}.",
    "value_error": "{error}.",
}


def message_for(error: Any) -> str:
    """Return a sentence for an error of pydantic's `errors()`."""
    type_ = error["type"]
    if type_.startswith(("datetime", "timezone")):
        return _INSTANT
    return _MESSAGES.get(type_, DEFAULT_MESSAGE).format(**error.get("ctx", {}))
