"""People and the pipeline in any order, with the store in DynamoDB."""

from hypothesis import settings
from moto import mock_aws

from taskbell.adapters.dynamodb.cursors import Cursors
from taskbell.adapters.dynamodb.pagination import Pages
from taskbell.adapters.dynamodb.task_repository import DynamoTaskStore
from taskbell.application.ports import TaskStore
from tests.support.any_order import AnyOrder
from tests.support.aws import empty_table


class AnyOrderInDynamoDB(AnyOrder):
    """The same with the adapter, on moto."""

    def make_store(self) -> TaskStore:
        self.aws = mock_aws()
        self.aws.start()
        client = empty_table()
        return DynamoTaskStore(client, "tasks", Pages(client, "tasks", Cursors(lambda: "secret")))

    def teardown(self) -> None:
        try:
            super().teardown()
        finally:
            self.aws.stop()


AnyOrderInDynamoDB.TestCase.settings = settings(max_examples=20, stateful_step_count=30, deadline=None)
TestAnyOrderInDynamoDB = AnyOrderInDynamoDB.TestCase
