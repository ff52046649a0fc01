"""The reader by itself: what it makes of bytes, and that it never raises."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sigap.voice import offer
from sigap.voice.sip import message, sdp, via
from sigap.voice.sip.bodies import descriptions
from sigap.voice.sip.transport import Framing

HEAD = b"INVITE sip:112@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKa\r\nFrom: <sip:1@h>;tag=f\r\nTo: <sip:112@h>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n"


def read(data: bytes) -> message.Message:
    """A message that must be readable."""
    found = message.read(data)
    assert found is not None
    return found


def test_values_stay_as_they_are_and_names_become_full():
    found = read(HEAD + b"s:  a  b \r\n  c\r\nV: SIP/2.0/UDP x\r\n\r\n")
    assert found.get("subject") == "a  b c"
    assert found.all("via") == ["SIP/2.0/UDP h;branch=z9hG4bKa", "SIP/2.0/UDP x"]
    assert (found.method, found.uri, found.cseq, found.from_tag, found.to_tag) == (
        "INVITE",
        "sip:112@h",
        (1, "INVITE"),
        "f",
        "",
    )


@pytest.mark.parametrize(
    ("length", "body", "kept", "beyond", "flags"),
    [
        (b"5", b"helloX", b"hello", b"X", set()),
        (b"9", b"hello", b"hello", b"", {"body_short"}),
        (b"-1", b"hello", b"hello", b"", {"length"}),
        (b"", b"hello", b"hello", b"", set()),
    ],
)
def test_content_length_counts_bytes(length: bytes, body: bytes, kept: bytes, beyond: bytes, flags: set[str]):
    found = read(HEAD + b"Content-Length: " + length + b"\r\n\r\n" + body)
    assert (found.body, found.beyond, found.flags) == (kept, beyond, flags)


def test_caps_cut_what_is_not_needed_and_say_so():
    many = b"".join(b"X-%d: 1\r\n" % n for n in range(5000))
    found = read(b"INVITE sip:112@h SIP/2.0\r\n" + many[:50000] + HEAD.partition(b"\r\n")[2] + b"\r\n")
    assert "headers_cut" in found.flags
    assert len(found.headers) <= message.MAX_HEADERS + 5
    assert found.call_id == "c"
    huge = read(HEAD + b"\r\n" + b"x" * (message.MAX_BODY_BYTES + 5))
    assert len(huge.body) == message.MAX_BODY_BYTES
    assert huge.flags == {"body_cut"}


def test_a_tag_inside_the_uri_is_not_the_tag():
    assert message.tag_of('"x;tag=no" <sip:a@h;tag=no>;tag=yes') == "yes"
    assert message.tag_of("<sip:a@h;tag=no>") == ""
    assert message.tag_of("sip:a@h ; tag = yes") == "yes"


def test_a_description_cut_by_content_length_is_found_in_the_whole_datagram():
    body = b"v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 9 RTP/AVP 8\r\n"
    found = read(HEAD + b"Content-Type: application/sdp\r\nContent-Length: 10\r\n\r\n" + body)
    assert [sdp.read(one) is not None for one in descriptions(found)] == [False, True]


@given(
    st.binary(max_size=300)
    | st.builds(
        lambda a, b, n: HEAD[:n] + a + HEAD[n:] + b,
        st.binary(max_size=60),
        st.binary(max_size=200),
        st.integers(0, len(HEAD)),
    )
)
@example(HEAD + b"Content-Type: multipart/mixed;boundary=\r\n\r\n----\r\n")
@example(b"INVITE  SIP/2.0\r\n\r\n")
def test_nothing_raises(data: bytes):
    found = message.read(data)
    if found is None:
        return
    via.top(found)
    via.server_key(found)
    via.echoed(found, "127.0.0.1", 1)
    for body in descriptions(found):
        sdp.read(body)
    message.write_response(200, "OK", via.echoed(found, "::1", 1))
    if found.method:
        from datetime import UTC, datetime
        from uuid import uuid4

        told = offer.read(found, call_id=uuid4(), at=datetime.now(UTC), trunk="t", trusted=True)
        assert offer.from_json(offer.as_json(told)) == told


@given(st.binary(max_size=300))
def test_a_description_never_raises(data: bytes):
    sdp.read(data)
    sdp.read(b"v=0\r\nm=audio 9 RTP/AVP 8\r\n" + data)


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_a_stream_never_raises_and_loses_nothing_whole(pieces: list[bytes]):
    framing = Framing()
    for piece in pieces:
        framing.feed(piece)
    fresh = Framing()
    whole = HEAD + b"Content-Length: 3\r\n\r\nabc"
    cut = [b"".join(pieces)[:0], whole[:40], whole[40:], whole]
    found = [one for piece in cut for one in fresh.feed(piece)]
    assert found == [whole, whole]


def test_an_answer_mirrors_every_stream_of_the_offer():
    offered = sdp.read(
        b"v=0\r\nc=IN IP4 10.0.0.1\r\nm=text 11000 RTP/AVP 98\r\nm=audio 5000 RTP/AVP 97 0 8 101\r\na=rtpmap:97 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=sendonly\r\nm=video 5002 RTP/AVP 31\r\n"
    )
    assert offered
    assert (offered.host, offered.port, offered.payload, offered.codec, offered.dtmf) == (
        "10.0.0.1",
        5000,
        97,
        sdp.PCMA,
        101,
    )
    assert offered.held
    lines = sdp.write("127.0.0.1", 40000, session=1, offer=offered).decode().split("\r\n")
    assert [line for line in lines if line.startswith("m=")] == [
        "m=text 0 RTP/AVP 98",
        "m=audio 40000 RTP/AVP 97 101",
        "m=video 0 RTP/AVP 31",
    ]
    assert "a=recvonly" in lines
    assert "a=rtpmap:97 PCMA/8000" in lines
