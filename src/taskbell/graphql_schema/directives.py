"""AppSync's own words: the scalars and directives that it declares itself, to be used in a schema but not printed.

Source: AWS AppSync Developer Guide, "Scalar types in AppSync" and "Configuring authorization and authentication".
"""

from typing import NewType

import strawberry
from strawberry import UNSET
from strawberry.schema_directive import Location
from strawberry.types.scalar import ScalarDefinition

AWSDateTime = NewType("AWSDateTime", str)

SCALARS: dict[object, ScalarDefinition] = {
    AWSDateTime: strawberry.scalar(name="AWSDateTime"),
}

_WHERE = [Location.OBJECT, Location.FIELD_DEFINITION]


@strawberry.schema_directive(locations=_WHERE, name="aws_api_key", print_definition=False)
class ByApiKey:
    """Open to callers with an API key."""


@strawberry.schema_directive(locations=_WHERE, name="aws_cognito_user_pools", print_definition=False)
class ByUserPool:
    """Open to users who signed in with Cognito, or to those of some groups alone."""

    groups: list[str] | None = strawberry.directive_field(name="cognito_groups", default=UNSET)


@strawberry.schema_directive(locations=_WHERE, name="aws_iam", print_definition=False)
class ByIam:
    """Open to AWS principals whose policy allows the field."""


@strawberry.schema_directive(locations=[Location.FIELD_DEFINITION], name="aws_subscribe", print_definition=False)
class Subscribe:
    """Pushed when one of the mutations succeeds."""

    mutations: list[str]


PEOPLE = [ByUserPool(), ByApiKey()]
ADMINS = [ByUserPool(groups=["admins"])]
PIPELINE = [ByIam()]
EVERYONE = [*PEOPLE, *PIPELINE]
