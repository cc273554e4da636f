"""Types of the schema for calendars that people subscribe to."""

import strawberry

from taskbell.domain.subscribed_calendar import TasksOfCalendar
from taskbell.graphql_schema.directives import PEOPLE, AWSDateTime
from taskbell.graphql_schema.inputs import repeatable
from taskbell.graphql_schema.types import UserError, described

strawberry.enum(
    TasksOfCalendar,
    description="What becomes of a calendar's tasks: KEEP all, or DELETE the pending ones that were not edited.",
)


@strawberry.type(description="A calendar that the caller subscribes to: its events are tasks.", directives=PEOPLE)
class SubscribedCalendar:
    calendar_id: strawberry.ID = described("Its id.")
    url: str = described("Its address.")
    name: str = described("What the caller calls it.")
    created_at: AWSDateTime = described("When it was subscribed to.")
    checked_at: AWSDateTime | None = described("When it was last fetched, with or without success.")
    next_fetch_at: AWSDateTime | None = described("When it is fetched by itself.")
    events: int = described("How many of its events are followed.")
    failures: int = described("How often fetching has failed since it last succeeded.")
    error: str | None = described("Why it failed, for people.")


@strawberry.type(description="The result of a change of a subscription.", directives=PEOPLE)
class SubscribedCalendarPayload:
    calendar: SubscribedCalendar | None = described("The calendar; with `error` if it could not be fetched.")
    errors: list[UserError] = described("Empty if the change was made.")


@strawberry.input(description="A calendar to subscribe to.")
class SubscribeCalendarInput:
    url: str = described("Its public address: https or webcal, at most 2,000 characters.")
    name: str = described("What to call it, 1 to 200 characters.")
    client_mutation_id: strawberry.ID | None = repeatable()


@strawberry.input(description="A calendar to fetch now.")
class RefreshCalendarInput:
    calendar_id: strawberry.ID = described("Its id.")
    client_mutation_id: strawberry.ID | None = repeatable()


@strawberry.input(description="A calendar to subscribe to no longer.")
class UnsubscribeCalendarInput:
    calendar_id: strawberry.ID = described("Its id.")
    tasks: TasksOfCalendar = described("What becomes of its tasks.")
    client_mutation_id: strawberry.ID | None = repeatable()
