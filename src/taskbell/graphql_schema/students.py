"""Types of the schema for students, whom staff finds."""

import strawberry

from taskbell.graphql_schema.directives import STAFF
from taskbell.graphql_schema.types import PageInfo, described


@strawberry.type(description="A student, whose tasks staff may read.", directives=STAFF)
class Student:
    id: strawberry.ID = described("Globally unique and opaque; for caches, it is no `Node`.")
    owner_id: strawberry.ID = described("The `ownerId` of the student's tasks.")
    name: str = described("The student's user name.")


@strawberry.type(description="A student and its cursor.", directives=STAFF)
class StudentEdge:
    cursor: str = described("The cursor of this student; valid only for this list.")
    node: Student = described("The student.")


@strawberry.type(description="A page of students.", directives=STAFF)
class StudentConnection:
    edges: list[StudentEdge] = described("The students with their cursors.")
    nodes: list[Student] = described("The students.")
    page_info: PageInfo = described("The position of the page.")
