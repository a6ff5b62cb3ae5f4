"""https: a certificate that is expired, self-signed or of another name ends the request, and no other way is tried."""

from __future__ import annotations

import datetime
import ipaddress
import os
import ssl
from contextlib import ExitStack
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hostile_site import HostileSite, answer, serve_hostile
from local_site import article_page, rss
from run_crawl import articles, launch

from crawler.fetch import FetchError, fetch

NOW = datetime.datetime.now(datetime.UTC)
DAY = datetime.timedelta(days=1)


class Authority:
    """A certificate authority of the test's own."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])

    def issue(self, path: Path, *, names: list[x509.GeneralName], days: int = 30, own: bool = False) -> Path:
        """A certificate with its key; `own`: signed by itself. `days` are from now to its end."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, path.stem)])
        builder = self._start(name, name if own else self.name, key, days)
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return self._write(path, builder.sign(key if own else self.key, hashes.SHA256()), key)

    def write(self, path: Path) -> Path:
        builder = self._start(self.name, self.name, self.key, 30)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        return self._write(path, builder.sign(self.key, hashes.SHA256()), self.key)

    @staticmethod
    def _start(
        subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - 60 * DAY)
            .not_valid_after(NOW + days * DAY)
        )

    @staticmethod
    def _write(path: Path, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Path:
        pem = serialization.Encoding.PEM
        path.write_bytes(
            certificate.public_bytes(pem)
            + key.private_bytes(
                pem, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
            )
        )
        return path


def test_only_a_valid_certificate_is_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = Authority()
    here: list[x509.GeneralName] = [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    there: list[x509.GeneralName] = [x509.DNSName("shop.example")]
    certificates = {
        "Valid": authority.issue(tmp_path / "valid.pem", names=here),
        "Expired": authority.issue(tmp_path / "expired.pem", names=here, days=-1),
        "Own": authority.issue(tmp_path / "own.pem", names=here, own=True),
        "Another": authority.issue(tmp_path / "another.pem", names=there),
    }
    # OpenSSL's own variable, which both clients honour.
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.write(tmp_path / "authority.pem")))
    with ExitStack() as stack:
        sites = {}
        for name, path in certificates.items():
            tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            tls.load_cert_chain(path)
            sites[name] = stack.enter_context(serve_hostile(HostileSite(), tls=tls))
            sites[name].talks = {
                "/feed": answer(rss("/story").body),
                "/story": answer(article_page(f"A story of {name}")),
            }
        # A plain server at the same publisher would be the way down.
        sources = "".join(site.source(name) for name, site in sites.items())
        env = {"SSL_CERT_FILE": os.environ["SSL_CERT_FILE"]}
        result = launch(tmp_path, "sources:\n" + sources, env=env, settings={"RETRY_TIMES": 0}).result
        crawled = {name: list(site.asked) for name, site in sites.items()}
        page = fetch(f"{sites['Valid'].origin}/story", allow_loopback=True)
        for name in ("Expired", "Own", "Another"):
            with pytest.raises(FetchError, match="certificate"):
                fetch(f"{sites[name].origin}/story", allow_loopback=True)
            assert sites[name].asked == []
    assert b"A story of Valid" in page.body
    assert [article["headline"] for article in articles(tmp_path)] == ["A story of Valid"]
    assert crawled == {"Valid": ["/robots.txt", "/feed", "/story"], "Expired": [], "Own": [], "Another": []}
    messages = {problem["source"]: problem["message"] for problem in result["problems"]}
    assert set(messages) == {"expired", "own", "another"}
    for message in messages.values():
        assert "TLS error: " in message
        assert "certificate" in message
        assert " at 0x" not in message
