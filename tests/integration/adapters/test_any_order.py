"""Users and the pipeline in any order, with the repository in DynamoDB."""

from hypothesis import settings
from moto import mock_aws

from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.adapters.dynamodb.pagination import Paginator
from taskbell.adapters.dynamodb.task_repository import DynamoDBTaskRepository
from taskbell.application.ports import TaskRepository
from tests.support.any_order import AnyOrder
from tests.support.aws import empty_table


class AnyOrderInDynamoDB(AnyOrder):
    """The same with the adapter, on moto."""

    def make_store(self) -> TaskRepository:
        self.aws = mock_aws()
        self.aws.start()
        client = empty_table()
        return DynamoDBTaskRepository(client, "tasks", Paginator(client, "tasks", CursorCodec(lambda: "secret")))

    def teardown(self) -> None:
        try:
            super().teardown()
        finally:
            self.aws.stop()


AnyOrderInDynamoDB.TestCase.settings = settings(max_examples=20, stateful_step_count=30, deadline=None)
TestAnyOrderInDynamoDB = AnyOrderInDynamoDB.TestCase
