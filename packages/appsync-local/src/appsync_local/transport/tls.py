"""A certificate for this machine, from an authority that is created once for each folder.

Some clients insist on TLS (aws-amplify turns every address into `wss`). They trust the authority by
`NODE_EXTRA_CA_CERTS=<authority>` in Node, or by the browser's list of authorities. It can sign for this machine's own
names only (a name constraint), and its key never leaves the folder.
"""

from __future__ import annotations

import datetime
import ipaddress
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    from pathlib import Path

_NAMES = ("localhost",)
_ADDRESSES = (ipaddress.ip_network("127.0.0.1/32"), ipaddress.ip_network("::1/128"))
_AUTHORITY_DAYS = 3_650
_DAYS = 365  # browsers accept no more than 398
_RENEW_DAYS = 30


@dataclass(frozen=True, slots=True)
class Certificate:
    """Files in PEM: the authority to trust, the server's certificate with it, and the server's key."""

    authority: Path
    chain: Path
    key: Path


def certificate(folder: Path) -> Certificate:
    """Return the certificate in a folder.

    What is missing is made; a server certificate also when it expires within 30 days. Keys are readable to their owner
    alone.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = Certificate(folder / "authority.pem", folder / "server.pem", folder / "server-key.pem")
    authority_key = folder / "authority-key.pem"
    if not (made.authority.exists() and authority_key.exists()):
        _make_authority(made.authority, authority_key)
        made.chain.unlink(missing_ok=True)
    if not (made.chain.exists() and made.key.exists()) or _expires_soon(made.chain):
        _make_server(made, authority_key)
    return made


def _make_authority(path: Path, key_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"Local AppSync ({os.urandom(4).hex()})")
    allowed = [*map(x509.DNSName, _NAMES), *map(x509.IPAddress, _ADDRESSES)]
    signing = _usage(key_cert_sign=True, crl_sign=True)
    made = (
        _builder(name, name, key.public_key(), _AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.NameConstraints(permitted_subtrees=allowed, excluded_subtrees=None), critical=True)
        .add_extension(signing, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(key_path, _pem(key), 0o600)
    _write(path, made.public_bytes(serialization.Encoding.PEM), 0o644)


def _make_server(made: Certificate, authority_key: Path) -> None:
    authority = x509.load_pem_x509_certificate(made.authority.read_bytes())
    signer = serialization.load_pem_private_key(authority_key.read_bytes(), None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    addresses = [x509.IPAddress(network.network_address) for network in _ADDRESSES]
    issued_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    signed = (
        _builder(_name(_NAMES[0]), authority.subject, key.public_key(), _DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([*map(x509.DNSName, _NAMES), *addresses]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(issued_by, critical=False)
        .sign(signer, hashes.SHA256())
    )
    _write(made.key, _pem(key), 0o600)
    _write(made.chain, signed.public_bytes(serialization.Encoding.PEM) + made.authority.read_bytes(), 0o644)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=days))
    )


def _usage(*, digital_signature: bool = False, key_cert_sign: bool = False, crl_sign: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


def _expires_soon(path: Path) -> bool:
    left = x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc - datetime.datetime.now(datetime.UTC)
    return left < datetime.timedelta(days=_RENEW_DAYS)


def _write(path: Path, content: bytes, mode: int) -> None:
    """Write whole or not at all, and never readable to others before its mode is set."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    new.replace(path)
