"""Lists, read to their ends."""

from taskbell.application.ports import TaskRepository
from taskbell.domain.queries import Page, TaskQuery
from taskbell.domain.task import Task


def all_pages(store: TaskRepository, query: TaskQuery, first: int) -> list[Page[Task]]:
    """The pages of a list, of so many tasks each."""
    pages = [store.page(query, first, None)]
    while pages[-1].has_next:
        pages.append(store.page(query, first, pages[-1].cursors[-1]))
    return pages
