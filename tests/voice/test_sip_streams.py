"""SIP over streams, TLS and IPv6, and who owns the port."""

import asyncio
import contextlib
import secrets
import socket
import ssl
from pathlib import Path

import pytest

from sigap.voice.pbx import CallEnded
from sigap.voice.sip.softphone import softphone
from tests.voice.certificate import self_signed
from tests.voice.ears import ToneLeg, level_of, tone
from tests.voice.exchange import SDP, Exchange, alive, exchange, header, invite


async def test_a_stream_is_cut_into_messages_however_it_arrives(running: Exchange):
    host, port = running.pbx.sip_address
    reader, writer = await asyncio.open_connection(host, port)
    first, second = (
        invite(5060, via=f"Via: SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bK{secrets.token_hex(4)}").encode(
            "latin-1"
        )
        for _ in range(2)
    )
    whole = b"\r\n\r\n" + first + second
    for at in range(0, len(whole), 97):
        writer.write(whole[at : at + 97])
        await asyncio.sleep(0.001)
    await running.offered(2)
    answer = await asyncio.wait_for(reader.read(65536), 1.0)
    assert answer.startswith(b"\r\n")
    assert b"SIP/2.0 100 " in answer
    writer.close()


async def test_endless_headers_on_a_stream_end_the_connection_and_nothing_else(running: Exchange):
    host, port = running.pbx.sip_address
    reader, writer = await asyncio.open_connection(host, port)
    with contextlib.suppress(ConnectionError):
        for _ in range(100):
            writer.write(b"X-Endless: " + b"x" * 2000 + b"\r\n")
            await writer.drain()
            await asyncio.sleep(0)
        await asyncio.wait_for(reader.read(), 2.0)
    writer.close()
    assert await alive(running)


async def test_a_megabyte_of_body_is_cut_and_the_call_offered(running: Exchange):
    host, port = running.pbx.sip_address
    _, writer = await asyncio.open_connection(host, port)
    padding = "x" * 3_000_000
    body = f"--b\r\nContent-Type: application/sdp\r\n\r\n{SDP}\r\n--b\r\nContent-Type: text/plain\r\n\r\n{padding}\r\n--b--\r\n"
    via = "Via: SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bKbig"
    writer.write(
        invite(5060, via=via, body=body, content="Content-Type: multipart/mixed;boundary=b").encode()
    )
    offered = await running.offered()
    parts = offered.raw["parts"]
    assert isinstance(parts, list)
    assert parts[0]["truncated"] is True
    assert len(parts[0]["text"]) == 256 * 1024
    writer.write(invite(5060, via="Via: SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bKafter").encode())
    await running.offered(2)
    writer.close()


async def test_only_one_socket_may_own_the_port(running: Exchange):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as second:
        second.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        with pytest.raises(OSError):
            second.bind(running.pbx.sip_address)


async def test_ipv6_is_spoken_too(tmp_path: Path):
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    async with exchange(tmp_path, sip_host="::1") as running, softphone(host="::1") as phone:
        for count, transport in enumerate(("UDP", "TCP"), 1):
            call = await phone.call(*running.pbx.sip_address, uri="sip:112@[::1]", transport=transport)
            offered = await running.offered(count)
            seat = ToneLeg(700)
            await running.pbx.answer(offered.call_id, seat)
            await call.wait(call.answered)
            call.play(tone(440), loop=True)
            await asyncio.sleep(0.6)
            assert level_of(call.sound(0.2), 700) > 2000
            assert level_of(seat.sound(0.2), 440) > 2000
            await call.hang_up()
            await running.event(CallEnded, offered.call_id)


async def test_tls_is_spoken_when_a_certificate_is_given(tmp_path: Path):
    certificate, key = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    trusting = ssl.create_default_context(cafile=certificate)
    async with exchange(tmp_path, tls=(port, context)) as running:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting)
        via = f"Via: SIP/2.0/TLS 127.0.0.1:{port};branch=z9hG4bKtls"
        writer.write(invite(port, via=via).encode())
        offered = await running.offered()
        await running.pbx.ring(offered.call_id)
        data = b""
        while b"SIP/2.0 180 " not in data:
            data += await asyncio.wait_for(reader.read(4096), 2.0)
        ringing = data[data.index(b"SIP/2.0 180 ") :]
        assert header(ringing, "Contact") == f"<sip:112@127.0.0.1:{port};transport=tls>"
        writer.close()


async def test_an_answer_finds_its_way_when_the_connection_broke(running: Exchange):
    answers: asyncio.Queue[bytes] = asyncio.Queue()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(4096):
            answers.put_nowait(data)
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    _, writer = await asyncio.open_connection(*running.pbx.sip_address)
    writer.write(invite(port, via=f"Via: SIP/2.0/TCP 127.0.0.1:{port};branch=z9hG4bKbroken").encode())
    offered = await running.offered()
    writer.close()
    await asyncio.sleep(0.05)
    await running.pbx.ring(offered.call_id)
    assert (await asyncio.wait_for(answers.get(), 2.0)).startswith(b"SIP/2.0 180 ")
    server.close()
