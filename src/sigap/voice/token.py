"""The seat token: who may sit where this shift, checked offline with the api's public key.

The api signs it at sign-in (Ed25519); voice needs only `keys/seat_verify.pub` (PEM), so a seat whose browser holds a token
signs in with the api and the database dead. The file is read at each check: keys may be made or renewed while voice runs.
"""

from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from sigap.voice.queue.model import Occupant

_MAX_TOKEN_CHARS = 8192


class TokenRefused(Exception):
    """The token opens no seat; `why` is `expired`, `bad_signature`, `not_for_seats`, `unreadable` or `no_key`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def verify(token: str, key_file: Path) -> Occupant:
    """Who this token speaks for. Raises TokenRefused."""
    if not token or len(token) > _MAX_TOKEN_CHARS:
        raise TokenRefused("unreadable")
    try:
        claims = jwt.decode(
            token, _key(key_file), algorithms=["EdDSA"], options={"require": ["exp", "sub"]}, leeway=30
        )
    except jwt.ExpiredSignatureError as error:
        raise TokenRefused("expired") from error
    except jwt.InvalidSignatureError as error:
        raise TokenRefused("bad_signature") from error
    except jwt.PyJWTError as error:
        raise TokenRefused("unreadable") from error
    perms, seats = claims.get("perms"), claims.get("seats")
    if not isinstance(perms, list) or "seat.take" not in perms or not isinstance(seats, list):
        raise TokenRefused("not_for_seats")
    return Occupant(
        account_id=str(claims["sub"]),
        username=str(claims.get("username", "")),
        name=str(claims.get("name", "")),
        simulated=claims.get("simulated") is True,
        seats=frozenset(str(seat) for seat in seats),
    )


def _key(key_file: Path) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(key_file.read_bytes())
    except (OSError, ValueError) as error:
        raise TokenRefused("no_key") from error
    if not isinstance(key, Ed25519PublicKey):
        raise TokenRefused("no_key")
    return key
