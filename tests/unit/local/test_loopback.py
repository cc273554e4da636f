"""Every process on this machine takes the same Host headers for the loopback interface."""

from appsync_local.transport.origin import host_error
from hypothesis import example, given
from hypothesis import strategies as some

from local.loopback import is_loopback

PARTS = ["127.0.0.1", "localhost", "LocalHost", "[::1]", "evil.example", ".", ":", "@", "#", "4000", "65535", "123456"]


@given(some.lists(some.sampled_from(PARTS), max_size=4).map("".join))
@example("127.0.0.1")
@example("[::1]:4000")
@example("localhost.evil.example")
@example("127.0.0.1@evil.example")
def test_what_the_local_aws_takes_for_loopback_is_what_the_local_appsync_does(host: str) -> None:
    error = host_error({"headers": [(b"host", host.encode())]})
    assert is_loopback(host) == (error is None)
