"""Users and the pipeline in any order, with the repository in memory."""

from hypothesis import settings

from tests.support.any_order import AnyOrder

AnyOrder.TestCase.settings = settings(max_examples=300, stateful_step_count=40, deadline=None)
TestAnyOrder = AnyOrder.TestCase
