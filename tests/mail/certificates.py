"""Certificates for a mail server on this machine, made for one test by an authority of its own."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

# TLS looks at the real clock, whatever the test's says.
BEGIN, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)


def authority(folder: Path, *, server: str = "localhost") -> tuple[Path, ssl.SSLContext]:
    """The file of an authority's certificate, and the context of a server of that name which it vouches for."""
    ours, theirs = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of this test")])
    root = _begun(name, name).public_key(ours.public_key())
    root = root.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    made = root.add_extension(usage, critical=True).sign(ours, hashes.SHA256())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, server)])
    leaf = _begun(subject, name).public_key(theirs.public_key())
    leaf = leaf.add_extension(x509.SubjectAlternativeName([x509.DNSName(server)]), critical=False)
    signed = leaf.sign(ours, hashes.SHA256())
    trusted, chain = folder / "authority.pem", folder / "server.pem"
    trusted.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key = theirs.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain.write_bytes(key + signed.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return trusted, context


def _begun(subject: x509.Name, issuer: x509.Name) -> x509.CertificateBuilder:
    begun = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
    begun = begun.serial_number(x509.random_serial_number())
    return begun.not_valid_before(BEGIN).not_valid_after(END)
