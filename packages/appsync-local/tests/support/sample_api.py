"""An API of a few fields: its schema, and what the plugin would compile it to."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from appsync_local import ApiDefinition

if TYPE_CHECKING:
    from collections.abc import Mapping

API_KEY = "da2-known"
POOL = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_pool"
NOW = 1_800_000_000.0

SCHEMA = """
schema { query: Query mutation: Mutation subscription: Subscription }
enum Status { OPEN DONE }
type Task @aws_api_key @aws_cognito_user_pools @aws_iam {
  id: ID!
  title: String!
  status: Status
  labels: [String!]
  dueAt: AWSDateTime
  count: Int
  extra: AWSJSON
  parent: Task
  notes(first: Int = 3): [String!]
  marks: String @aws_cognito_user_pools(cognito_groups: ["staff"])
}
type Locked { id: ID! }
input TaskInput { id: ID! title: String status: Status labels: [String!] dueAt: AWSDateTime extra: AWSJSON count: Int }
type Query {
  task(id: ID!, status: Status, at: AWSDateTime): Task @aws_api_key @aws_cognito_user_pools @aws_iam
  tasks(first: Int = 2): [Task!] @aws_api_key
  must: Task! @aws_api_key
  mine: Task
  staffOnly: Task @aws_cognito_user_pools(cognito_groups: ["staff", "admins"])
  locked: Locked @aws_api_key
  nothing: String @aws_api_key
}
type Mutation {
  save(input: TaskInput!): Task @aws_api_key @aws_cognito_user_pools
  publish(event: TaskInput!): Task @aws_iam
  other(id: ID!): Task @aws_api_key
}
type Subscription {
  onTask(id: ID, status: Status): Task
    @aws_subscribe(mutations: ["publish", "save"]) @aws_api_key @aws_cognito_user_pools
  onStaff: Task @aws_subscribe(mutations: ["save"]) @aws_cognito_user_pools(cognito_groups: ["staff"])
  onOpen(id: ID): Task @aws_subscribe(mutations: ["save"]) @aws_api_key
}
"""
RESOLVED = {
    "Query": ("task", "tasks", "must", "mine", "staffOnly", "locked"),
    "Mutation": ("save", "other"),
    "Subscription": ("onTask", "onStaff"),
    "Task": ("notes",),
}
PASS_EVENT = """
// publish_task_event.js
function request(ctx) {
  return { payload: ctx.args.event };
}
function response(ctx) {
  return ctx.result;
}
export {
  request,
  response
};
//# sourceMappingURL=data:application/json;base64,e30=
"""


def marked_with(directive: str, schema: str = SCHEMA) -> str:
    """Return the schema with this one of the authorization directives."""
    return re.sub(rf"@aws_(?!subscribe)(?!{directive.removeprefix('aws_')}\b)\w+(\([^)]*\))?", "", schema)


def template() -> dict[str, Any]:
    """Return the compiled template of such an API."""
    api = {
        "Name": "sample",
        "XrayEnabled": True,
        "AuthenticationType": "AMAZON_COGNITO_USER_POOLS",
        "UserPoolConfig": {
            "AwsRegion": "eu-central-1",
            "UserPoolId": {"Ref": "UserPool"},
            "AppIdClientRegex": {"Ref": "UserPoolClient"},
            "DefaultAction": "ALLOW",
        },
        "AdditionalAuthenticationProviders": [{"AuthenticationType": "API_KEY"}, {"AuthenticationType": "AWS_IAM"}],
    }
    resources: dict[str, Any] = {
        "UserPool": {"Type": "AWS::Cognito::UserPool"},
        "TasksLambdaFunction": {"Type": "AWS::Lambda::Function"},
        "Api": {"Type": "AWS::AppSync::GraphQLApi", "Properties": api},
        "Key": {"Type": "AWS::AppSync::ApiKey", "Properties": {"ApiId": "a", "Expires": NOW + 60}},
        "Schema": {"Type": "AWS::AppSync::GraphQLSchema", "Properties": {"Definition": SCHEMA}},
        "Tasks": data_source("AWS_LAMBDA", LambdaConfig={"LambdaFunctionArn": get_att("TasksLambdaFunction", "Arn")}),
        "None": data_source("NONE"),
        "Publish": resolver("Mutation", "publish", "None", Code=PASS_EVENT, Runtime={"Name": "APPSYNC_JS"}),
    }
    for parent, fields in RESOLVED.items():
        resources |= {f"Resolver{parent}{name}": resolver(parent, name, "Tasks") for name in fields}
    return {"Resources": resources}


def get_att(name: str, attribute: str) -> dict[str, Any]:
    """Write a reference to an attribute."""
    return {"Fn::GetAtt": [name, attribute]}


def data_source(kind: str, **more: object) -> dict[str, Any]:
    """Write a data source."""
    return {"Type": "AWS::AppSync::DataSource", "Properties": {"ApiId": "a", "Name": kind, "Type": kind, **more}}


def resolver(parent: str, name: str, source: str, **more: object) -> dict[str, Any]:
    """Write a resolver."""
    own = {"TypeName": parent, "FieldName": name, "Kind": "UNIT", "DataSourceName": get_att(source, "Name")}
    return {"Type": "AWS::AppSync::Resolver", "Properties": {"ApiId": "a", **own, **more}}


def deployed(reference: object) -> object:
    """Resolve what a deployment would know."""
    known = {
        json.dumps({"Ref": "UserPool"}): "eu-central-1_pool",
        json.dumps({"Ref": "UserPoolClient"}): "web",
        json.dumps(get_att("Key", "ApiKey")): API_KEY,
    }
    return known[json.dumps(reference)]


def definition(compiled: Mapping[str, Any] | None = None) -> ApiDefinition:
    """Read a template."""
    return ApiDefinition.from_template(
        compiled or template(), deployed, api_id="api1", region="eu-central-1", account_id="000000000000"
    )
