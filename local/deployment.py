"""Deploys the compiled template to the local AWS as a CloudFormation stack, and returns its physical ids."""

import contextlib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, WaiterError

from local.credentials import FUNCTIONS, write_json
from local.ministack import boto3_arguments
from local.references import References
from local.settings import CHECKOUT, Settings
from local.template_transform import CodeLocation, EmulatedApiValues, transform
from local.workers.package import bootstrap_script, function_zip

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

STACK = "taskbell-local"
CODE_BUCKET = "taskbell-local-functions"
FINGERPRINT = "DeploymentFingerprint"  # an output of the stack: of the template that it was deployed from
WAITER_CONFIG: Any = {"Delay": 1, "MaxAttempts": 120}


class DeploymentError(Exception):
    """The local AWS refused the stack; the message has its reasons."""


@dataclass(frozen=True)
class Deployment:
    """A deployed stack: the compiled template and the physical id of each resource that the local AWS holds."""

    template: Mapping[str, Any]
    physical: Mapping[str, str]
    api_values: EmulatedApiValues

    @property
    def references(self) -> References:
        return References(self.template, self.physical, self.api_values)

    def only(self, type_: str) -> str:
        """The physical id of the only resource of a type."""
        names = [name for name, resource in self.template["Resources"].items() if resource["Type"] == type_]
        if len(names) != 1:
            raise DeploymentError(
                f"The template has {len(names)} resources of type {type_}, and the local system needs one."
            )
        return self.physical[names[0]]


def deploy(settings: Settings, template: Mapping[str, Any], api_values: EmulatedApiValues) -> Deployment:
    """Create or update the stack, unless it is up to date; blocking. Raises DeploymentError."""
    package = function_zip(bootstrap_script(CHECKOUT / ".venv/bin/python", settings.logs))
    code = CodeLocation(CODE_BUCKET, f"{hashlib.sha256(package).hexdigest()}.zip")
    write_json(settings.state / FUNCTIONS, runnable(template))
    transformed = transform(template, code, api_values)
    text = json.dumps(transformed, sort_keys=True)
    fingerprint = hashlib.sha256(f"{settings.aws_port} {text}".encode()).hexdigest()
    client: CloudFormationClient = boto3.client("cloudformation", config=_client_config(), **boto3_arguments(settings))
    if _outputs(client).get(FINGERPRINT) != fingerprint:
        outputs = {**transformed.get("Outputs", {}), FINGERPRINT: {"Value": fingerprint}}
        body = json.dumps({**transformed, "Outputs": outputs}).encode()
        template_key = f"{fingerprint}.json"
        _upload(settings, {code.key: package, template_key: body})
        _create_or_update(client, f"{settings.aws_endpoint}/{CODE_BUCKET}/{template_key}", settings)
    return Deployment(template, _physical(client), api_values)


def runnable(template: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what the local Lambda can run: the handlers of the template's functions, and their variables' names."""
    resources = template["Resources"].values()
    functions = [each["Properties"] for each in resources if each["Type"] == "AWS::Lambda::Function"]
    variables = (function.get("Environment", {}).get("Variables", {}) for function in functions)
    return {
        "handlers": sorted({function["Handler"] for function in functions}),
        "variables": sorted({name for names in variables for name in names}),
    }


def _client_config() -> Config:
    return Config(connect_timeout=5, read_timeout=120, retries={"total_max_attempts": 1})


def _upload(settings: Settings, files: Mapping[str, bytes]) -> None:
    """Upload the bootstrap and the template: CloudFormation takes at most 51,200 bytes of one in a request."""
    s3 = boto3.client("s3", config=Config(s3={"addressing_style": "path"}), **boto3_arguments(settings))
    here: Any = {"LocationConstraint": settings.region}
    with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket=CODE_BUCKET, CreateBucketConfiguration=here)
    for key, body in files.items():
        s3.put_object(Bucket=CODE_BUCKET, Key=key, Body=body)


def _create_or_update(client: "CloudFormationClient", url: str, settings: Settings) -> None:
    """Create or update, and wait; a stack whose creation failed is removed first, as AWS demands."""
    if _status(client) in {"ROLLBACK_COMPLETE", "CREATE_FAILED", "ROLLBACK_FAILED"}:
        client.delete_stack(StackName=STACK)
        client.get_waiter("stack_delete_complete").wait(StackName=STACK, WaiterConfig=WAITER_CONFIG)
    capabilities: Any = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]
    try:
        if _status(client) is None:
            client.create_stack(StackName=STACK, TemplateURL=url, Capabilities=capabilities)
            client.get_waiter("stack_create_complete").wait(StackName=STACK, WaiterConfig=WAITER_CONFIG)
        else:
            client.update_stack(StackName=STACK, TemplateURL=url, Capabilities=capabilities)
            client.get_waiter("stack_update_complete").wait(StackName=STACK, WaiterConfig=WAITER_CONFIG)
    except ClientError as error:
        if "No updates are to be performed" not in str(error):
            raise DeploymentError(f"The local AWS refused the stack: {error}") from error
    except WaiterError as error:
        reasons = f"The local AWS could not bring up the stack:\n{_failures(client)}"
        raise DeploymentError(
            f"{reasons}\nTo begin again without its data, remove {settings.state / 'aws'}."
        ) from error


def _status(client: "CloudFormationClient") -> str | None:
    try:
        return client.describe_stacks(StackName=STACK)["Stacks"][0]["StackStatus"]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise


def _outputs(client: "CloudFormationClient") -> dict[str, str]:
    """The outputs of the stack; none unless it was deployed as a whole."""
    if _status(client) not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
        return {}
    outputs = client.describe_stacks(StackName=STACK)["Stacks"][0].get("Outputs", [])
    return {output["OutputKey"]: output["OutputValue"] for output in outputs}


def _failures(client: "CloudFormationClient") -> str:
    events = client.describe_stack_events(StackName=STACK)["StackEvents"]
    failed = [event for event in events if event.get("ResourceStatus", "").endswith("_FAILED")]
    lines = [f"{e.get('LogicalResourceId')} ({e.get('ResourceType')}): {e.get('ResourceStatusReason')}" for e in failed]
    return "\n".join(f"  {line}" for line in reversed(lines))


def _physical(client: "CloudFormationClient") -> dict[str, str]:
    resources = client.describe_stack_resources(StackName=STACK)["StackResources"]
    return {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in resources}
