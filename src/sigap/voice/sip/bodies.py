"""Where a message keeps its session description: alone, among other parts, or cut short."""

from sigap.evidence import parts
from sigap.voice.sip import sdp
from sigap.voice.sip.message import Message
from sigap.voice.sip.sdp import Audio


def has_description(message: Message) -> bool:
    """Whether the message carries an SDP at all, usable or not."""
    return bool(descriptions(message))


def offered_audio(message: Message) -> Audio | None:
    """The first audio stream we can speak in any of the message's descriptions."""
    for body in descriptions(message):
        if audio := sdp.read(body):
            return audio
    return None


def descriptions(message: Message) -> list[bytes]:
    """The SDP bodies of a message; where Content-Length cut one short, the whole datagram's rest is tried too."""
    kind = message.get("content-type")
    found = [part.body for part in parts.split(kind, message.body) if part.content_type == "application/sdp"]
    if not found and (not kind or "sdp" in kind.lower()) and message.body.lstrip()[:2] == b"v=":
        found = [message.body]
    if message.beyond.strip() and b"v=" in message.body + message.beyond:
        whole = message.body + message.beyond
        found += [part.body for part in parts.split(kind, whole) if part.content_type == "application/sdp"]
    return found
