"""Who may do what on which resource: by the roles of a compiled template, and by what AWS itself does with a role."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.infrastructure.compiled import Properties, Template
from tests.infrastructure.resources import listed, mappings, of_type, referred

_TRACES = ("xray:PutTraceSegments", "xray:PutTelemetryRecords")
_SAMPLING = ("xray:GetSamplingRules", "xray:GetSamplingTargets")
_LOG = ("logs:CreateLogStream", "logs:PutLogEvents")
_READ_QUEUE = ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")
_READ_STREAM = tuple(f"dynamodb:{name}" for name in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"))
# AWS Step Functions Developer Guide, "Using CloudWatch Logs to log execution history": it knows no narrower resource.
_DELIVER_LOG = tuple(
    f"logs:{name}"
    for name in (
        "CreateLogDelivery", "DeleteLogDelivery", "DescribeLogGroups", "DescribeResourcePolicies", "GetLogDelivery",
        "ListLogDeliveries", "PutResourcePolicy", "UpdateLogDelivery",
    )
)  # fmt: skip
_ON_INDEXES = {"dynamodb:Query", "dynamodb:Scan"}  # no other action knows the indexes of a table
_PLACEHOLDER = re.compile(r"\$\{(\w+)(?:\.\w+)?\}")


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """A role's permission: an action on a resource, which is its logical id, or a part of it such as an index."""

    role: str
    action: str
    resource: str


def granted(template: Template) -> set[Grant]:
    """Everything that the roles of a template allow."""
    return {
        Grant(role, action, resource)
        for role, statement in _statements(template)
        for action in listed(statement["Action"])
        for value in listed(statement["Resource"])
        for resource in _resources(template, value)
        if "/index/" not in resource or action in _ON_INDEXES
    }


def needed_by_aws(template: Template) -> set[Grant]:
    """What Lambda, Step Functions and AppSync do with the roles that a template gives them."""
    return {
        *_by_functions(template),
        *_by_mappings(template),
        *_by_workflows(template),
        *_by_apis(template),
    }


def role_of(function: Properties) -> str:
    """The logical id of a function's role."""
    return str(referred(function["Role"]))


def _statements(template: Template) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, role in of_type(template, "AWS::IAM::Role").items():
        assert "ManagedPolicyArns" not in role, name
        for policy in role.get("Policies", []):
            yield from ((name, statement) for statement in policy["PolicyDocument"]["Statement"])
    for policy in of_type(template, "AWS::IAM::Policy").values():
        for role in policy["Roles"]:
            yield from ((str(referred(role)), statement) for statement in policy["PolicyDocument"]["Statement"])


def _resources(template: Template, value: Any) -> Iterator[str]:
    """The resources that a value of `Resource` stands for; every index for `index/*`."""
    match value:
        case "*":
            yield "*"
        case {"Fn::GetAtt": [str(name), "StreamArn"]}:
            yield f"{name}/stream"
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), "Arn"]}:
            yield name
        case {"Fn::Sub": str(text)}:
            yield from _filled_in(template, text)
        case _:
            raise AssertionError(f"Not a resource that is known: {value}")


def _filled_in(template: Template, text: str) -> Iterator[str]:
    (name,) = [found for found in _PLACEHOLDER.findall(text) if found in template["Resources"]]
    before, _, after = re.sub(_PLACEHOLDER, lambda match: "|" if match[1] == name else "", text).partition("|")
    if after == "/index/*":
        indexes = template["Resources"][name]["Properties"]["LocalSecondaryIndexes"]
        yield from (f"{name}/index/{index['IndexName']}" for index in indexes)
    elif before.endswith(":execution:"):
        assert after == ":*", text
        yield f"{name}/execution"
    else:
        yield f"{name}{after}"


def _by_functions(template: Template) -> Iterator[Grant]:
    groups = of_type(template, "AWS::Logs::LogGroup").items()
    logs = {str(group["LogGroupName"]): name for name, group in groups}
    for function in of_type(template, "AWS::Lambda::Function").values():
        log = logs[f"/aws/lambda/{function['FunctionName']}"]
        yield from (Grant(role_of(function), action, log) for action in _LOG)
        if function["TracingConfig"]["Mode"] == "Active":
            yield from (Grant(role_of(function), action, "*") for action in _TRACES)


def _by_mappings(template: Template) -> Iterator[Grant]:
    queues = of_type(template, "AWS::SQS::Queue")
    for source, function, mapping in mappings(template):
        role = role_of(template["Resources"][function]["Properties"])
        if source in queues:
            yield from (Grant(role, action, source) for action in _READ_QUEUE)
        else:
            yield from (Grant(role, action, f"{source}/stream") for action in _READ_STREAM)
        if failures := mapping.get("DestinationConfig", {}).get("OnFailure"):
            yield Grant(role, "sqs:SendMessage", str(referred(failures["Destination"])))


def _by_workflows(template: Template) -> Iterator[Grant]:
    for machine in of_type(template, "AWS::StepFunctions::StateMachine").values():
        role = str(referred(machine["RoleArn"]))
        if machine["TracingConfiguration"]["Enabled"]:
            yield from (Grant(role, action, "*") for action in _TRACES + _SAMPLING)
        if machine["LoggingConfiguration"]["Level"] != "OFF":
            yield from (Grant(role, action, "*") for action in _DELIVER_LOG)
        for state in machine["Definition"]["States"].values():
            if state["Type"] == "Task":
                yield _by_task(role, state, machine["DefinitionSubstitutions"])


def _by_task(role: str, state: dict[str, Any], values: dict[str, Any]) -> Grant:
    """What a state needs of Step Functions' integrations; another integration has to be added here."""
    integrations = {
        "arn:aws:states:::lambda:invoke": ("lambda:InvokeFunction", "FunctionName"),
        "arn:aws:states:::sqs:sendMessage": ("sqs:SendMessage", "QueueUrl"),
    }
    action, parameter = integrations[state["Resource"]]
    return Grant(role, action, str(referred(values[state["Parameters"][parameter].strip("${}")])))


def _by_apis(template: Template) -> Iterator[Grant]:
    for source in of_type(template, "AWS::AppSync::DataSource").values():
        if source["Type"] == "AWS_LAMBDA":
            function = str(referred(source["LambdaConfig"]["LambdaFunctionArn"]))
            yield Grant(str(referred(source["ServiceRoleArn"])), "lambda:InvokeFunction", function)
        else:
            assert source["Type"] == "NONE", source
    for name, api in of_type(template, "AWS::AppSync::GraphQLApi").items():
        role = str(referred(api["LogConfig"]["CloudWatchLogsRoleArn"]))
        yield from (Grant(role, action, f"{name}LogGroup") for action in (*_LOG, "logs:CreateLogGroup"))
