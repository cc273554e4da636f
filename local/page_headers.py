"""The security headers of the pages, as the stack that serves them on AWS has them (infrastructure/web.yml)."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from string import Template
from typing import TYPE_CHECKING, Any

import yaml

from local.settings import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPLATE = CHECKOUT / "infrastructure/web.yml"
# Here the pages call their own origin alone, which `'self'` admits.
_ELSEWHERE = {"GraphQlUrl": "", "RealtimeUrl": "", "UserPoolUrl": ""}
# Without Strict-Transport-Security: a browser would ask every port of this machine over TLS from then on.
_NAMES = {
    "ContentSecurityPolicy": "content-security-policy",
    "FrameOptions": "x-frame-options",
    "ReferrerPolicy": "referrer-policy",
}

Headers = list[tuple[bytes, bytes]]


class TemplateLoader(yaml.SafeLoader):
    """Reads CloudFormation's short forms as the full ones: `!Sub x` as {"Fn::Sub": "x"}."""


def _full_form(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if tag == "GetAtt":
        value = value.split(".", 1)
    return {tag if tag in {"Ref", "Condition"} else f"Fn::{tag}": value}


TemplateLoader.add_multi_constructor("!", _full_form)


@dataclass(frozen=True, slots=True)
class PageHeaders:
    """The headers of each path: those of the first pattern that it matches, or else the others' ones."""

    by_pattern: tuple[tuple[str, Headers], ...]
    default: Headers

    @classmethod
    def read(cls) -> PageHeaders:
        """Read the template."""
        resources = yaml.load(TEMPLATE.read_text(encoding="utf-8"), TemplateLoader)["Resources"]  # noqa: S506 (it is a safe loader)
        distribution = resources["Distribution"]["Properties"]["DistributionConfig"]

        def headers_of(behavior: dict[str, Any]) -> Headers:
            policy = resources[behavior["ResponseHeadersPolicyId"]["Ref"]]["Properties"]
            found = _headers(policy["ResponseHeadersPolicyConfig"])
            return [(name.encode(), value.encode()) for name, value in found]

        by_pattern = ((behavior["PathPattern"], headers_of(behavior)) for behavior in distribution["CacheBehaviors"])
        return cls(tuple(by_pattern), headers_of(distribution["DefaultCacheBehavior"]))

    def of(self, path: str) -> Headers:
        """The headers of what a path answers."""
        return next((headers for pattern, headers in self.by_pattern if fnmatchcase(path, pattern)), self.default)


def _headers(config: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "x-content-type-options", "nosniff"
    security = config["SecurityHeadersConfig"]
    for kind, name in _NAMES.items():
        yield name, _text(next(value for key, value in security[kind].items() if key != "Override"))
    for item in config["CustomHeadersConfig"]["Items"]:
        yield item["Header"].lower(), item["Value"]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    text, _ = value["Fn::Sub"]
    return " ".join(Template(text).substitute(_ELSEWHERE).split()).replace(" ;", ";")
