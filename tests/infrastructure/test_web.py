"""The pages of a stage: a private bucket, one distribution that reads it, and headers that trust nobody else."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from appsync_local import StaticPages

from local.page_headers import PageHeaders, TemplateLoader
from tests.infrastructure.resources import listed

Resources = dict[str, dict[str, Any]]

GRAPHQL = "https://abc.appsync-api.eu-central-1.amazonaws.com/graphql"
REALTIME = "wss://abc.appsync-realtime-api.eu-central-1.amazonaws.com/graphql"
SIGN_IN = "https://cognito-idp.${AWS::Region}.${AWS::URLSuffix}/"
PAGES_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "worker-src 'self'; manifest-src 'self'; connect-src 'self' {connections}; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
POLICIES = {
    "PageHeaders": PAGES_POLICY,
    "ExplorerHeaders": PAGES_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace(
        "font-src 'self'", "font-src 'self' data:"
    ),
}
ROUTES = {
    "/": "/index.html",
    "//": "/index.html",
    "/graphiql": "/graphiql/index.html",
    "/graphiql/": "/graphiql/index.html",
    "/ops": "/ops/index.html",
    "/ops/": "/ops/index.html",
}
FILES = [
    "/index.html",
    "/graphiql/index.html",
    "/amplify_outputs.json",
    "/icon.svg",
    "/opsx",
    "/ops/tasks",
    "/graphiql/ops",
    "/assets/board-1.js",
]


@pytest.fixture(scope="module")
def template(checkout: Path) -> dict[str, Any]:
    text = (checkout / "infrastructure/web.yml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.load(text, TemplateLoader)  # noqa: S506 (it is a safe loader)
    return found


@pytest.fixture(scope="module")
def resources(template: dict[str, Any]) -> Resources:
    return {name: resource["Properties"] for name, resource in template["Resources"].items()}


@pytest.fixture(scope="module")
def distribution(resources: Resources) -> dict[str, Any]:
    found: dict[str, Any] = resources["Distribution"]["DistributionConfig"]
    return found


@pytest.fixture(scope="module")
def behaviors(distribution: dict[str, Any]) -> dict[str, dict[str, Any]]:
    patterns = {behavior["PathPattern"]: behavior for behavior in distribution["CacheBehaviors"]}
    return {"*": distribution["DefaultCacheBehavior"], **patterns}


def test_the_bucket_is_private_encrypted_and_keeps_what_was_replaced_for_a_while(resources: Resources) -> None:
    bucket = resources["Files"]
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}  # no ACLs
    assert bucket["BucketEncryption"]
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    (rule,) = bucket["LifecycleConfiguration"]["Rules"]
    assert rule["NoncurrentVersionExpiration"]["NoncurrentDays"] <= 90
    assert "ExpirationInDays" not in rule  # pages that are open load files of earlier builds
    assert "WebsiteConfiguration" not in bucket


def test_this_distribution_alone_reads_the_bucket_and_only_over_tls(resources: Resources) -> None:
    tls, read = resources["FilesPolicy"]["PolicyDocument"]["Statement"]
    assert (tls["Effect"], tls["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    assert read["Effect"] == "Allow"
    assert read["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert listed(read["Action"]) == ["s3:GetObject"]
    source = {"Fn::Sub": "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}"}
    assert read["Condition"] == {"StringEquals": {"aws:SourceArn": source}}


def test_the_distribution_signs_every_request_to_its_one_origin(
    resources: Resources, distribution: dict[str, Any]
) -> None:
    control = resources["OriginAccess"]["OriginAccessControlConfig"]
    assert (control["SigningBehavior"], control["SigningProtocol"]) == ("always", "sigv4")
    (origin,) = distribution["Origins"]
    assert origin["DomainName"] == {"Fn::GetAtt": ["Files", "RegionalDomainName"]}
    assert origin["OriginAccessControlId"] == {"Fn::GetAtt": ["OriginAccess", "Id"]}
    assert origin["S3OriginConfig"] == {"OriginAccessIdentity": ""}


def test_pages_are_read_by_https_alone_compressed_with_http_3(
    distribution: dict[str, Any], behaviors: dict[str, dict[str, Any]]
) -> None:
    assert distribution["HttpVersion"] == "http2and3"
    for behavior in behaviors.values():
        assert behavior["ViewerProtocolPolicy"] == "redirect-to-https"
        assert behavior["AllowedMethods"] == ["GET", "HEAD"]
        assert behavior["Compress"] is True


def test_an_own_name_has_its_certificate_and_tls_1_2_at_least(
    template: dict[str, Any], distribution: dict[str, Any]
) -> None:
    _, named, unnamed = distribution["ViewerCertificate"]["Fn::If"]
    assert named["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert named["SslSupportMethod"] == "sni-only"
    assert unnamed == {"CloudFrontDefaultCertificate": True}
    (assertion,) = template["Rules"]["AliasWithCertificate"]["Assertions"]
    assert "given together" in assertion["AssertDescription"]


def test_cloudfront_keeps_only_files_that_are_named_by_their_content(behaviors: dict[str, dict[str, Any]]) -> None:
    disabled, optimized = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "658327ea-f89d-4fab-a63d-7e88639e58f6"
    policies = {pattern: behavior["CachePolicyId"] for pattern, behavior in behaviors.items()}
    assert policies == {"*": disabled, "/graphiql*": disabled, "/assets/*": optimized}


def test_every_answer_has_the_headers_of_its_page(behaviors: dict[str, dict[str, Any]]) -> None:
    headers = {pattern: behavior["ResponseHeadersPolicyId"]["Ref"] for pattern, behavior in behaviors.items()}
    assert headers == {"*": "PageHeaders", "/graphiql*": "ExplorerHeaders", "/assets/*": "PageHeaders"}


@pytest.mark.parametrize("name", POLICIES)
def test_a_page_runs_its_own_scripts_and_calls_its_stage_alone(resources: Resources, name: str) -> None:
    text, variables = _config(resources, name)["SecurityHeadersConfig"]["ContentSecurityPolicy"][
        "ContentSecurityPolicy"
    ]["Fn::Sub"]
    policy = text.replace("${GraphQlUrl}", GRAPHQL).replace("${RealtimeUrl}", REALTIME)
    policy = policy.replace("${UserPoolUrl}", variables["UserPoolUrl"]["Fn::Sub"])
    assert policy == POLICIES[name].format(connections=f"{GRAPHQL} {REALTIME} {SIGN_IN}")


def test_the_explorer_differs_from_the_other_pages_by_its_policy_alone(resources: Resources) -> None:
    page, explorer = (_config(resources, name) for name in POLICIES)
    policies = [each["SecurityHeadersConfig"].pop("ContentSecurityPolicy") for each in (page, explorer)]
    assert all(policy["Override"] for policy in policies)
    assert {**page, "Name": None} == {**explorer, "Name": None}


def test_headers_of_the_other_kinds_are_there(resources: Resources) -> None:
    config = _config(resources, "PageHeaders")
    security = config["SecurityHeadersConfig"]
    assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31_536_000
    assert security["ContentTypeOptions"] == {"Override": True}
    assert security["FrameOptions"]["FrameOption"] == "DENY"
    assert security["ReferrerPolicy"]["ReferrerPolicy"] == "no-referrer"
    custom = {item["Header"]: item["Value"] for item in config["CustomHeadersConfig"]["Items"]}
    assert custom["Cross-Origin-Opener-Policy"] == "same-origin"
    assert custom["Cross-Origin-Resource-Policy"] == "same-origin"
    assert {"camera=()", "geolocation=()", "microphone=()"} <= set(custom["Permissions-Policy"].split(", "))


@pytest.mark.parametrize(("parameter", "url"), [("GraphQlUrl", GRAPHQL), ("RealtimeUrl", REALTIME)])
def test_no_parameter_adds_another_source_to_the_policy(template: dict[str, Any], parameter: str, url: str) -> None:
    allowed = re.compile(template["Parameters"][parameter]["AllowedPattern"])
    assert allowed.fullmatch(url)
    for more in (" https://example.org", "; script-src *", ", default-src *", "*"):
        assert not allowed.fullmatch(url + more)
    assert not allowed.fullmatch(url.replace("abc", "*"))
    assert not allowed.fullmatch(url.replace("s://", "://"))


def test_a_page_is_the_index_of_its_folder_and_all_else_a_file(resources: Resources) -> None:
    expected = {**ROUTES, **dict(zip(FILES, FILES, strict=True))}
    answers = f"{json.dumps(list(expected))}.map((uri) => handler({{ request: {{ uri }} }}).uri)"
    program = f"{resources['ChoosePage']['FunctionCode']}\nconsole.log(JSON.stringify({answers}))"
    ran = subprocess.run(["node", "--input-type=commonjs", "--eval", program], capture_output=True, check=True)
    assert dict(zip(expected, json.loads(ran.stdout), strict=True)) == expected


@pytest.mark.parametrize("path", [*ROUTES, *FILES])
def test_the_gateway_of_a_laptop_finds_the_same_files(tmp_path: Path, path: str) -> None:
    for name in {*ROUTES.values(), "/icon.svg", "/assets/board-1.js"}:
        (tmp_path / name[1:]).parent.mkdir(exist_ok=True)
        (tmp_path / name[1:]).write_text(name)
    found = StaticPages(tmp_path, lambda _path: []).find(path)
    wanted = ROUTES.get(path, path)
    assert (found[0].decode() if found else None) == (wanted if (tmp_path / wanted[1:]).is_file() else None)


def test_the_function_runs_for_pages_and_fits_the_limits_of_cloudfront(
    resources: Resources, behaviors: dict[str, dict[str, Any]]
) -> None:
    assert len(resources["ChoosePage"]["FunctionCode"].encode()) < 10_240
    assert resources["ChoosePage"]["FunctionConfig"]["Runtime"] == "cloudfront-js-2.0"
    function = {"EventType": "viewer-request", "FunctionARN": {"Fn::GetAtt": ["ChoosePage", "FunctionARN"]}}
    for pattern, behavior in behaviors.items():
        assert behavior.get("FunctionAssociations", []) == ([] if pattern == "/assets/*" else [function]), pattern


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "PageHeaders"),
        ("/assets/a.js", "PageHeaders"),
        ("/ops", "PageHeaders"),
        ("/graphiql", "ExplorerHeaders"),
        ("/graphiql/", "ExplorerHeaders"),
    ],
)
def test_the_gateway_of_a_laptop_sends_the_same_headers_but_calls_itself_alone(path: str, name: str) -> None:
    headers = {key.decode(): value.decode() for key, value in PageHeaders.read().of(path)}
    assert headers.pop("content-security-policy") == POLICIES[name].format(connections="").replace(" ;", ";")
    assert headers == {
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    }


def _config(resources: Resources, name: str) -> dict[str, Any]:
    config: dict[str, Any] = resources[name]["ResponseHeadersPolicyConfig"]
    return {**config, "SecurityHeadersConfig": dict(config["SecurityHeadersConfig"])}
