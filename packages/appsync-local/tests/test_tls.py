"""The certificate of this machine's gateway."""

from __future__ import annotations

import ssl
import stat
from typing import TYPE_CHECKING

from cryptography import x509

from appsync_local.transport.tls import certificate

if TYPE_CHECKING:
    from pathlib import Path


def test_the_authority_is_made_once_and_kept(tmp_path: Path) -> None:
    first = certificate(tmp_path / "tls")
    contents = [path.read_bytes() for path in (first.authority, first.chain, first.key)]
    again = certificate(tmp_path / "tls")
    assert [path.read_bytes() for path in (again.authority, again.chain, again.key)] == contents


def test_keys_are_for_their_owner_only(tmp_path: Path) -> None:
    certificate(tmp_path / "tls")
    for path in (tmp_path / "tls").glob("*-key.pem"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_new_authority_signs_a_new_certificate(tmp_path: Path) -> None:
    first = certificate(tmp_path)
    chain = first.chain.read_bytes()
    first.authority.unlink()
    assert certificate(tmp_path).chain.read_bytes() != chain


def test_the_authority_may_vouch_for_this_machine_only(tmp_path: Path) -> None:
    made = certificate(tmp_path)
    authority = x509.load_pem_x509_certificate(made.authority.read_bytes())
    allowed = authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees
    assert {str(one.value) for one in allowed or ()} == {"localhost", "127.0.0.1/32", "::1/128"}


def test_a_client_that_trusts_the_authority_trusts_the_server(tmp_path: Path) -> None:
    made = certificate(tmp_path)
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(made.chain, made.key)
    client = ssl.create_default_context(cafile=made.authority)
    for name in ("localhost", "127.0.0.1"):
        to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
        here = client.wrap_bio(to_client, to_server, server_hostname=name)
        there = server.wrap_bio(to_server, to_client, server_side=True)
        _shake_hands(here, there)
        assert here.version() == "TLSv1.3"


def _shake_hands(here: ssl.SSLObject, there: ssl.SSLObject) -> None:
    waiting = [here, there]
    for _ in range(10):
        for side in list(waiting):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            waiting.remove(side)
        if not waiting:
            return
    raise AssertionError("The handshake does not end.")
