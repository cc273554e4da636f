"""Settings of the local system from the environment."""

import pytest

from local.settings import InvalidSettingError, Settings


def test_the_ports_follow_the_first_one() -> None:
    settings = Settings.from_environment({"PORT": "5000"})
    assert (settings.port, settings.rest_port, settings.aws_port) == (5000, 5001, 5066)
    assert settings.rest_url == "http://127.0.0.1:5001"
    assert Settings(port=5000).rest_port == 5001


def test_each_port_can_be_another() -> None:
    settings = Settings.from_environment({"PORT": "5000", "REST_PORT": "6000", "AWS_PORT": "7000"})
    assert (settings.port, settings.rest_port, settings.aws_port) == (5000, 6000, 7000)


def test_functions_find_everything_at_the_port_of_a_proxy_if_there_is_one() -> None:
    through = Settings.from_environment({"PORT": "5000", "FUNCTIONS_PORT": "8000"})
    assert (through.functions_aws_endpoint, through.aws_endpoint) == ("http://127.0.0.1:8000", "http://127.0.0.1:5066")
    assert (through.functions_graphql_url, through.graphql_url) == (
        "http://127.0.0.1:8000/graphql",
        "http://127.0.0.1:5000/graphql",
    )
    direct = Settings.from_environment({"PORT": "5000", "FUNCTIONS_PORT": ""})
    assert (direct.functions_aws_endpoint, direct.functions_graphql_url) == (direct.aws_endpoint, direct.graphql_url)


def test_origins_of_other_pages_are_named_with_commas_between_them() -> None:
    settings = Settings.from_environment({"ALLOWED_ORIGINS": "https://app.example.org, HTTP://10.0.2.2:8081"})
    assert settings.allowed_origins == ("https://app.example.org", "http://10.0.2.2:8081")
    assert Settings.from_environment({"ALLOWED_ORIGINS": " "}).allowed_origins == ()


@pytest.mark.parametrize("text", ["*", "null", "app.example.org", "https://app.example.org/path"])
def test_what_is_no_origin_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidSettingError, match=r"ALLOWED_ORIGINS: .* is no origin such as"):
        Settings.from_environment({"ALLOWED_ORIGINS": text})


@pytest.mark.parametrize("environment", [{"REST_PORT": "0"}, {"REST_PORT": "x"}, {"PORT": "65535"}])
def test_a_port_that_cannot_be_is_refused_by_name(environment: dict[str, str]) -> None:
    with pytest.raises(InvalidSettingError, match="REST_PORT"):
        Settings.from_environment({"AWS_PORT": "7000", **environment})
