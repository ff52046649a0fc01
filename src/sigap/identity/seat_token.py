"""The token a seat shows to voice: signed here, checked there offline, so that a ring needs nothing else alive."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from sigap.identity.model import Account
from sigap.kernel import settings
from sigap.kernel.paths import Home

TOKEN_HOURS = settings.declare(
    "seat.token_hours",
    9.0,
    "Hours a seat's token outlives the api: a shift and its hand-over.",
    owner="admin",
)
SEATS = settings.declare(
    "seat.names", ("meja-1", "meja-2", "meja-3", "penyelia"), "The seats of the room.", owner="admin"
)


def ensure_keys(home: Home) -> None:
    """Make the signing key, its public half and the machine token where they are missing."""
    home.make()
    signing = home.keys / "seat_signing.key"
    if not signing.exists():
        key = Ed25519PrivateKey.generate()
        _write(signing, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        _write(home.keys / "seat_verify.pub", public)
    machine = home.keys / "voice.token"
    if not machine.exists():
        _write(machine, token_urlsafe(32).encode())


def _write(file: Path, content: bytes) -> None:
    """A secret is never readable by others, not even for the moment between making and closing it."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)


def sign(home: Home, account: Account, *, simulated: bool, at: datetime) -> str:
    """A seat token (JWT, EdDSA) for one account. Raises FileNotFoundError before `ensure_keys`."""
    claims = {
        "sub": str(account.id),
        "username": account.username,
        "name": account.display_name,
        "seats": list(SEATS.value),
        "perms": ["seat.take"],
        "simulated": simulated,
        "iat": int(at.timestamp()),
        "exp": int((at + timedelta(hours=TOKEN_HOURS.value)).timestamp()),
    }
    return jwt.encode(claims, (home.keys / "seat_signing.key").read_bytes(), algorithm="EdDSA")
