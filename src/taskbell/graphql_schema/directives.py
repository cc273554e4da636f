"""AppSync's scalars and directives: declared for tools; AppSync itself declares them and takes no declaration.

Source: AWS AppSync Developer Guide, "Scalar types in AppSync" and "Configuring authorization and authentication".
"""

from typing import NewType

import strawberry
from strawberry import UNSET
from strawberry.schema_directive import Location
from strawberry.types.scalar import ScalarDefinition

_SPECIFIED_BY = "https://docs.aws.amazon.com/appsync/latest/devguide/scalars.html"
AWSDate = NewType("AWSDate", str)
AWSDateTime = NewType("AWSDateTime", str)

SCALARS: dict[object, ScalarDefinition] = {
    AWSDate: strawberry.scalar(
        name="AWSDate",
        description="A date in extended ISO 8601: `2027-01-15`.",
        specified_by_url=_SPECIFIED_BY,
    ),
    AWSDateTime: strawberry.scalar(
        name="AWSDateTime",
        description="A date, a time and an offset in extended ISO 8601: `2027-01-15T18:00:00+01:00`, or with `Z`. "
        "Answers are in UTC, with milliseconds.",
        specified_by_url=_SPECIFIED_BY,
    ),
}

_WHERE = [Location.OBJECT, Location.FIELD_DEFINITION]


@strawberry.schema_directive(locations=_WHERE, name="aws_api_key", description="Authorizes callers with an API key.")
class ByApiKey:
    """Authorizes callers with an API key."""


@strawberry.schema_directive(
    locations=_WHERE,
    name="aws_cognito_user_pools",
    description="Authorizes users of the Cognito user pool, or of some of its groups.",
)
class ByUserPool:
    """Authorizes users of the Cognito user pool, or of some of its groups."""

    groups: list[str] | None = strawberry.directive_field(name="cognito_groups", default=UNSET)


@strawberry.schema_directive(
    locations=_WHERE, name="aws_iam", description="Authorizes AWS principals whose IAM policy allows the field."
)
class ByIam:
    """Authorizes AWS principals whose IAM policy allows the field."""


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="aws_subscribe",
    description="Publishes the results of these mutations to subscribers.",
)
class Subscribe:
    """Publishes the results of these mutations to subscribers."""

    mutations: list[str]


PEOPLE = [ByUserPool(), ByApiKey()]
STAFF = [ByUserPool(groups=["staff", "admins"])]
ADMINS = [ByUserPool(groups=["admins"])]
PIPELINE = [ByIam()]
EVERYONE = [*PEOPLE, *PIPELINE]
