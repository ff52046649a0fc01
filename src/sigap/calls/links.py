"""Links to a recording that work for a few minutes and name nobody: signed, so that nothing has to be kept of them."""

import base64
import hmac
import os
import secrets
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final
from uuid import UUID

from sigap.calls.model import LINK_S, LinkEnded
from sigap.kernel.paths import Home

LONGEST_S: Final = 300.0
"""No setting makes a link work longer (domain rule)."""
_KEY: Final = "recording_links.key"
_SIGNATURE_BYTES: Final = 18
"""With the 24 bytes before it a multiple of three: base64 leaves no bits that could be changed unseen."""


def sign(home: Home, call_id: UUID, expires_at: datetime) -> str:
    """The last part of the link's path."""
    body = call_id.bytes + int(expires_at.timestamp()).to_bytes(8)
    signature = hmac.digest(_key(home), body, sha256)[:_SIGNATURE_BYTES]
    return base64.urlsafe_b64encode(body + signature).decode()


def read(home: Home, signed: str, now: datetime) -> UUID:
    """The call whose recording the link opens. Raises LinkEnded."""
    try:
        raw = base64.b64decode(signed, altchars=b"-_", validate=True)
    except ValueError as error:
        raise LinkEnded() from error
    body, signature = raw[:24], raw[24:]
    expected = hmac.digest(_key(home), body, sha256)[:_SIGNATURE_BYTES]
    if len(body) != 24 or not hmac.compare_digest(signature, expected):
        raise LinkEnded()
    if now.timestamp() > int.from_bytes(body[16:]):
        raise LinkEnded()
    return UUID(bytes=body[:16])


def lifetime_s() -> float:
    """Seconds a new link works."""
    return min(LINK_S.value, LONGEST_S)


def file_of(home: Home, reference: str) -> Path:
    """The recording on disk. Raises LinkEnded for a reference that leads out of the recordings folder or to nothing."""
    folder = home.recordings.resolve()
    path = (folder / reference).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise LinkEnded()
    return path


def _key(home: Home) -> bytes:
    """The installation's signing key; the first process that needs it makes it."""
    path = home.keys / _KEY
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    fresh = path.with_name(f"{_KEY}.{secrets.token_hex(8)}")
    fresh.touch(mode=0o600)
    fresh.write_bytes(secrets.token_bytes(32))
    try:
        os.link(fresh, path)  # fails where another process was first: one key wins, never half a key
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_bytes()
