"""Where the faces listen: sockets bound by the supervisor, addresses to print, and the certificate for phones."""

from __future__ import annotations

import errno
import http.client
import ipaddress
import os
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tipline.datafolder import DataFolder, EmbeddedError

VALID_FOR: Final = timedelta(days=398)  # browsers trust no longer ones
RENEW_BEFORE: Final = timedelta(days=30)
ANSWER_WITHIN_S: Final = 5.0
OK: Final = 200


class PortInUse(EmbeddedError):
    """Another program listens on the port."""


class NotOurAddress(EmbeddedError):
    """The host is not an address of this machine, or the port needs rights that this account lacks."""


class NoCertificate(EmbeddedError):
    """The certificate or key given cannot be used."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Files of a certificate and its private key (PEM)."""

    certificate: Path
    key: Path


def listen(host: str, port: int, *, what: str, option: str) -> socket.socket:
    """Bind and listen for one face; the socket outlives the face, so a restart refuses nobody. Port 0: a free one.

    Raises:
        PortInUse, NotOurAddress: as they say; `what` and `option` fill the sentence.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as problem:
        raise NotOurAddress(
            f"the host {host!r} is not known", "give an address of this machine with --host"
        ) from problem
    door = socket.socket(family, kind, protocol)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(address)
        door.listen(2048)
    except OSError as problem:
        door.close()
        if problem.errno == errno.EADDRINUSE:
            raise PortInUse(
                f"port {port} ({what}) is in use by another program",
                f"stop that program, or choose another port with {option} (0 takes a free one)",
            ) from problem
        if problem.errno == errno.EACCES:
            raise NotOurAddress(f"port {port} needs root", f"choose one above 1023 with {option}") from problem
        raise NotOurAddress(f"{host} is not an address of this machine", "give one that is with --host") from problem
    return door


def url_of(door: socket.socket, host: str, *, is_tls: bool) -> str:
    """Return the address to print: `localhost` for a loopback or wildcard host (browsers trust it), else the host."""
    port = door.getsockname()[1]
    scheme = "https" if is_tls else "http"
    name = "localhost" if _is_local(host) else f"[{host}]" if ":" in host else host
    return f"{scheme}://{name}:{port}"


def is_healthy(door: socket.socket, *, is_tls: bool) -> bool:
    """Ask a face for `GET /health`; True when it answers 200."""
    host, port = door.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  compared, not bound
    if is_tls:
        # Our own child on an address of this machine, asked for its health only: nothing to be deceived about.
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            host, port, timeout=ANSWER_WITHIN_S, context=context
        )
    else:
        connection = http.client.HTTPConnection(host, port, timeout=ANSWER_WITHIN_S)
    try:
        connection.request("GET", "/health", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def given_certificate(certificate: Path, key: Path) -> Certificate:
    """Return the certificate the operator gave.

    Raises:
        NoCertificate: the files cannot be read or do not belong together.
    """
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as problem:
        raise NoCertificate(
            f"{certificate} and {key} cannot be used ({problem.strerror or problem})",
            "give a PEM certificate and its unencrypted PEM key with --cert and --key",
        ) from problem
    return Certificate(certificate.resolve(), key.resolve())


def self_signed(folder: DataFolder, host: str, *, now: datetime) -> Certificate:
    """Return the folder's own certificate for `host` and localhost; made anew when about to end or without the host."""
    folder.tls.mkdir(mode=0o700, exist_ok=True)
    kept = Certificate(folder.tls / "certificate.pem", folder.tls / "key.pem")
    names = ["localhost", socket.gethostname(), *([] if _is_local(host) else [host])]
    if not _covers(kept, names, now=now):
        _make_certificate(kept, names, now=now)
    return kept


def _is_local(host: str) -> bool:
    if host in {"localhost", "0.0.0.0", "::"}:  # noqa: S104  compared, not bound
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _covers(kept: Certificate, names: list[str], *, now: datetime) -> bool:
    try:
        certificate = x509.load_pem_x509_certificate(kept.certificate.read_bytes())
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(kept.certificate, kept.key)
        covered = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):
        return False
    return certificate.not_valid_after_utc > now + RENEW_BEFORE and all(
        _general_name(name) in covered for name in names
    )


def _make_certificate(kept: Certificate, names: list[str], *, now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tipline")])
    every_name = [_general_name(name) for name in dict.fromkeys([*names, "127.0.0.1", "::1"])]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now.astimezone(UTC) - timedelta(minutes=5))
        .not_valid_after(now.astimezone(UTC) + VALID_FOR)
        .add_extension(x509.SubjectAlternativeName(every_name), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    kept.key.unlink(missing_ok=True)
    with os.fdopen(os.open(kept.key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
    kept.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
