"""AppSync's scalars and directives: used in the schema, but not printed, because AppSync declares them itself.

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
    """Authorizes callers with an API key."""


@strawberry.schema_directive(locations=_WHERE, name="aws_cognito_user_pools", print_definition=False)
class ByUserPool:
    """Authorizes users of the Cognito user pool, or of some of its groups."""

    groups: list[str] | None = strawberry.directive_field(name="cognito_groups", default=UNSET)


@strawberry.schema_directive(locations=_WHERE, name="aws_iam", print_definition=False)
class ByIam:
    """Authorizes AWS principals whose IAM policy allows the field."""


@strawberry.schema_directive(locations=[Location.FIELD_DEFINITION], name="aws_subscribe", print_definition=False)
class Subscribe:
    """Publishes the results of these mutations to subscribers."""

    mutations: list[str]


PEOPLE = [ByUserPool(), ByApiKey()]
ADMINS = [ByUserPool(groups=["admins"])]
PIPELINE = [ByIam()]
EVERYONE = [*PEOPLE, *PIPELINE]
