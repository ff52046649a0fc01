"""Bodies of several parts: cut them as they are, byte for byte, and keep them as text or base64 (RFC 2046, RFC 5621)."""

import base64
import re
from dataclasses import dataclass

MAX_PARTS = 32
MAX_KEPT = 256 * 1024
"""Bytes of one part that are kept raw; what is beyond is cut and said so."""
MAX_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Part:
    """One body part; `content_type` lower case and without parameters, `content_id` without its angle brackets."""

    content_type: str
    content_id: str | None
    body: bytes

    def as_json(self) -> dict[str, object]:
        """The part as it is kept with the call."""
        kept = self.body[:MAX_KEPT]
        found: dict[str, object] = {
            "content_type": self.content_type,
            "content_id": self.content_id,
            "truncated": len(self.body) > MAX_KEPT,
        }
        try:
            found["text"] = kept.decode("utf-8")
            if "\0" in str(found["text"]):
                raise ValueError
        except ValueError:
            found.pop("text", None)
            found["base64"] = base64.b64encode(kept).decode("ascii")
        return found


def split(content_type: str, body: bytes, *, depth: int = 0) -> list[Part]:
    """The parts of a body; a body that is not multipart is one part, an empty one none. Never raises."""
    kind = content_type.partition(";")[0].strip().lower()
    if not kind.startswith("multipart/") or depth >= MAX_DEPTH:
        return [Part(kind, None, body)] if body.strip() else []
    found = re.search(r';\s*boundary\s*=\s*(?:"([^"]+)"|([^\s;]+))', content_type, re.I)
    boundary = (found[1] or found[2]).encode("latin-1", "replace") if found else _guess_boundary(body)
    if not boundary:
        return [Part(kind, None, body)] if body.strip() else []
    parts: list[Part] = []
    mark = re.compile(rb"(?:^|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?:\r?\n|$)")
    marks = list(mark.finditer(body))
    for at, opening in enumerate(marks[: MAX_PARTS + 1]):
        if opening[1]:
            break
        end = marks[at + 1].start() if at + 1 < len(marks) else len(body)
        parts += _read_part(body[opening.end() : end], depth)
    return parts[:MAX_PARTS]


def _read_part(data: bytes, depth: int) -> list[Part]:
    head, blank, body = _cut_head(data)
    if not blank:
        head, body = b"", data
    text = re.sub(r"\r?\n[ \t]+", " ", head.decode("latin-1"))
    fields = {}
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), value.strip())
    kind = fields.get("content-type", "text/plain")
    if fields.get("content-transfer-encoding", "").lower() == "base64":
        body = _from_base64(body)
    if kind.lower().startswith("multipart/"):
        return split(kind, body, depth=depth + 1)
    content_id = fields.get("content-id", "").strip().strip("<>") or None
    return [Part(kind.partition(";")[0].strip().lower(), content_id, body)]


def _cut_head(data: bytes) -> tuple[bytes, bytes, bytes]:
    if data[:1] == b"\n" or data[:2] == b"\r\n":
        return b"", b"\n", data.lstrip(b"\r").removeprefix(b"\n")
    found = re.search(rb"\r?\n\r?\n", data)
    return (data[: found.start()], found[0], data[found.end() :]) if found else (data, b"", b"")


def _guess_boundary(body: bytes) -> bytes:
    found = re.match(rb"\s*--([^\r\n]{1,70}?)[ \t]*\r?\n", body)
    return found[1] if found else b""


def _from_base64(body: bytes) -> bytes:
    try:
        return base64.b64decode(body)
    except ValueError:
        return body
