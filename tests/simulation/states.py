"""What executions of the workflow call, and how long their transitions take."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.simulation.functions import FailedCall, Functions
from tests.simulation.world import World
from tests.support.simulated_aws.sqs import SimulatedSqs
from tests.support.simulated_aws.stepfunctions import StatesError


@dataclass
class States:
    """`Surroundings` of the executions."""

    world: World
    functions: Functions
    sqs: SimulatedSqs
    dead_letters_url: str

    def now(self) -> datetime:
        return self.world.now()

    def at(self, when: datetime, action: Callable[[], None]) -> None:
        self.world.at(when, action)

    def transition_seconds(self, execution: str) -> float:
        return 0.01 + 0.05 * self.world.chance.next(f"transition {execution}")

    def jitter(self, execution: str) -> float:
        return self.world.chance.next(f"jitter {execution}")

    def call(self, resource: str, parameters: Any) -> Any:
        self.world.log(f"execution calls {json.dumps(parameters.get('Payload', 'SQS'))}")
        if resource == "arn:aws:states:::lambda:invoke":
            return self._invoke(parameters["Payload"])
        if resource == "arn:aws:states:::sqs:sendMessage":
            return self._send(parameters)
        raise NotImplementedError(resource)

    def _invoke(self, payload: Any) -> Any:
        try:
            return {"Payload": self.functions.call("advanceTask", payload)}
        except FailedCall as failed:
            cause = json.dumps({"errorMessage": failed.message, "errorType": failed.name})
            raise StatesError(failed.name, cause) from failed

    def _send(self, parameters: Any) -> Any:
        if self.world.fault(f"execution's message#{self.world.number('execution message')} refused"):
            raise StatesError("SQS.SdkClientException")
        message = {**parameters, "QueueUrl": self.dead_letters_url}
        return self.sqs.send_message(**message | {"MessageBody": json.dumps(message["MessageBody"])})
