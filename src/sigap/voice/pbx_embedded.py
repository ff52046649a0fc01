"""The exchange in this process: trunk calls by our own SIP and RTP, mixed and recorded here."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any
from uuid import UUID

from sigap.kernel.clock import Clock, SystemClock
from sigap.kernel.ids import new_id
from sigap.voice import offer, prompts
from sigap.voice.mixer import Mixer, Room
from sigap.voice.pbx import (
    CallAnswered,
    CallCancelled,
    CallEnded,
    CallHeld,
    CallOffered,
    CallState,
    Dtmf,
    EndedBy,
    MediaBack,
    MediaLeg,
    MediaLost,
    NoSuchCall,
    PbxAlarm,
    PbxCall,
    PbxDown,
    PbxEvent,
    RecordingFailed,
    RecordingStarted,
    RecordingStopped,
    TrunkCounted,
)
from sigap.voice.pbx_config import LOOPBACK, PbxConfig, media_admission
from sigap.voice.recorder import Recorder, Recording, Stopped
from sigap.voice.rtp.session import PortsExhausted, RtpPorts, RtpSession
from sigap.voice.saved_calls import SavedCalls
from sigap.voice.sip.message import Message
from sigap.voice.sip.sdp import Audio
from sigap.voice.sip.transport import Flow, in_networks
from sigap.voice.sip.trunk import Trunk
from sigap.voice.sip.trunk_call import GONE, TrunkCall
from sigap.voice.standing import Standing
from sigap.voice.watch import Watch

log = logging.getLogger(__name__)

RING_ANYWAY_S = 1.0
"""Seconds until a caller hears ringing even when nobody told the exchange to ring."""
RING_ON_S = 20.0
"""Seconds a dead process may have been away for its waiting callers to be offered again; later they are gone."""
HEARS_S = 3.0
"""Seconds since the last packet within which a caller counts as being there."""
READ_BESIDE_BYTES = 16 * 1024
"""Location documents larger than this are read in a thread: parsing one must not delay other callers' sound."""
_REFUSALS = {"failed": (500, "Server Internal Error"), "overflowed": (503, "Service Unavailable")}


class EmbeddedPbx:
    """Pbx over our own SIP trunk. One per process; everything but the recorder runs on the event loop."""

    def __init__(self, config: PbxConfig, *, clock: Clock | None = None) -> None:
        self._config, self._clock = config, clock or SystemClock()
        admits = in_networks(tuple(peer.network for peer in config.peers))
        self._peers = [(in_networks((peer.network,)), peer) for peer in config.peers]
        self._admits_media = media_admission(config, admits)
        self.trunk = Trunk(self, admits=admits, advertised_host=config.advertised_host)
        self.mixer = Mixer()
        self._ports = RtpPorts(config.sip_host, *config.rtp_ports)
        self._recorder = Recorder(config.recordings, self._recorder_reports)
        self._saved = SavedCalls(config.saved_calls)
        self.standing: dict[UUID, Standing] = {}
        self._events: asyncio.Queue[PbxEvent] = asyncio.Queue()
        self._readers = ThreadPoolExecutor(1, "evidence")
        self._tasks: set[asyncio.Task[None]] = set()
        self._counted: Counter[str] = Counter()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._watched = Watch(self)

    @property
    def sip_address(self) -> tuple[str, int]:
        """Host and port the trunk listens on."""
        return self.trunk.endpoint.host, self.trunk.endpoint.port

    # ------------------------------------------------------------ the port

    async def start(self) -> None:
        """Open the trunk and take up the calls that stood. Raises OSError when the port or the folder is in use."""
        self._saved.lock()
        try:
            await self.trunk.start(self._config.sip_host, self._config.sip_port, tls=self._config.tls)
        except OSError:
            self._saved.unlock()
            raise
        self._loop = asyncio.get_running_loop()
        self._recorder.start()
        saved = list(self._saved.load())
        waiting = [(call_id, state) for call_id, state in saved if "waiting" in state]
        restored = [await self._restore(call_id, state) for call_id, state in saved if "waiting" not in state]
        kept = {standing.recording.file for standing in restored if standing and standing.recording}
        self._recorder.mend(kept, self._clock.now())
        for standing in restored:
            if standing:
                self.trunk.restore(standing.call)
        for call_id, state in waiting:
            await self._ring_on(call_id, state)
        self.trunk.endpoint.listen()
        self.mixer.start()
        self._spawn(self._watch())

    async def stop(self) -> None:
        """Close everything; answered calls stay on disk for the next start."""
        for task in list(self._tasks):
            task.cancel()
        self.mixer.stop()
        for standing in self.standing.values():
            if standing.answered_at:
                self._save(standing)
            if standing.rtp:
                standing.rtp.close()
        await self.trunk.stop()
        await asyncio.to_thread(self._recorder.stop)
        self._readers.shutdown(wait=False)
        self._saved.unlock()
        self._loop = None

    async def ring(self, call_id: UUID) -> None:
        """180."""
        self._get(call_id).call.ring()

    async def announce(self, call_id: UUID, prompt: str, *, loop: bool = False) -> None:
        """183 with the prompt before the answer, in the mix after it."""
        frames = prompts.frames(prompt)
        standing = self._get(call_id)
        room = await self._open(standing)
        if standing.call.state != CallState.ANSWERED and not standing.call.progress():
            self._count("no_early_media")
            return
        if standing.call.audio and standing.rtp and standing.call.state == CallState.EARLY:
            standing.rtp.describe(standing.call.audio, standing.call.dialog.host)
        room.announce(frames, loop=loop)
        if standing.answered_at is None:
            self._save_waiting(standing)

    async def stop_announcement(self, call_id: UUID) -> None:
        """Silence."""
        room = self._get(call_id).room
        if room:
            room.announce((), loop=False)

    async def answer(self, call_id: UUID, leg: MediaLeg | None) -> None:
        """200, leg joined, recording started."""
        standing = self._get(call_id)
        room = await self._open(standing)
        if standing.answered_at is None:
            if not standing.call.accept():
                raise NoSuchCall(str(call_id))
            standing.answered_at, standing.open_since = self._clock.now(), time.monotonic()
            room.announce((), loop=False)
            if standing.rtp and standing.call.audio:
                self.described(standing.call, standing.call.audio)
            self._record(standing, self._recorder.begin(call_id, standing.answered_at))
            self._save(standing)
        if leg:
            await self.join(call_id, leg)

    async def join(self, call_id: UUID, leg: MediaLeg) -> None:
        """Add a party."""
        standing = self._get(call_id)
        room = self._room_of(standing)
        standing.restored = False
        if leg.leg_id not in room.legs:
            leg.joined()
        room.legs[leg.leg_id] = leg

    async def leave(self, call_id: UUID, leg: MediaLeg) -> None:
        """Take a party out."""
        room = self._get(call_id).room
        if room and room.legs.get(leg.leg_id) is leg:  # not the one that took its place after a reload
            del room.legs[leg.leg_id]

    async def hang_up(self, call_id: UUID, cause: str) -> None:
        """BYE, or a refusal."""
        if (standing := self._found(call_id)) is None:
            return
        code = None
        if standing.call.state == CallState.ANSWERED:
            standing.call.hang_up()
        else:
            code, reason = _REFUSALS.get(cause, (480, "Temporarily Unavailable"))
            standing.call.refuse(code, reason)
        self._finish(standing, self._ended(standing, EndedBy.ROOM, cause, code))

    def calls(self) -> list[PbxCall]:
        """Every call that stands."""
        return [
            PbxCall(
                call_id=call_id,
                state=standing.call.state,
                offered=standing.offered,
                answered_at=standing.answered_at,
                legs=tuple(standing.room.legs) if standing.room else (),
                recording=bool(standing.recording and not standing.recording.lost_reason),
                held=standing.held,
                restored=standing.restored,
            )
            for call_id, standing in self.standing.items()
            if standing.told
        ]

    async def events(self) -> AsyncIterator[PbxEvent]:
        """What happens, for one reader."""
        while True:
            yield await self._events.get()

    # ------------------------------------------------------------ from the trunk

    def offered(self, call: TrunkCall, invite: Message, flow: Flow) -> None:
        """A new INVITE."""
        peer = next((peer for admits, peer in self._peers if admits(flow.host)), LOOPBACK[0])
        call_id, at = new_id(), self._clock.now()

        def read(*, location: bool) -> CallOffered:
            return offer.read(
                invite, call_id=call_id, at=at, trunk=peer.name, trusted=peer.trusted, location=location
            )

        beside = offer.location_bytes(invite) > READ_BESIDE_BYTES
        standing = Standing(call, read(location=not beside))
        self.standing[call_id] = standing
        self._save_waiting(standing)
        self.trunk.transactions.later(RING_ANYWAY_S, call.ring)
        if beside:
            self._spawn(self._read_beside(standing, lambda: read(location=True)))
        else:
            self._tell_offered(standing)

    def confirmed(self, call: TrunkCall) -> None:
        """ACK."""
        if standing := self._of(call):
            self._save(standing)
            self._emit(CallAnswered(call_id=standing.offered.call_id, at=self._clock.now()), standing)

    def cancelled(self, call: TrunkCall) -> None:
        """CANCEL."""
        if standing := self._of(call):
            self._finish(standing, CallCancelled(call_id=standing.offered.call_id, at=self._clock.now()))

    def ended(self, call: TrunkCall, by: EndedBy, sip_code: int | None) -> None:
        """BYE from the far end, or it is not there any more."""
        if standing := self._of(call):
            lost = "lost" if sip_code in GONE else "failed"
            cause = "caller_released" if by == EndedBy.CALLER else lost
            self._finish(standing, self._ended(standing, by, cause, sip_code))

    def described(self, call: TrunkCall, audio: Audio) -> None:
        """The far end's sound address, codec or hold changed."""
        standing = self._of(call)
        if standing is None or standing.rtp is None:
            return
        standing.rtp.describe(audio, call.dialog.host)
        if standing.answered_at and audio.held != standing.held:
            standing.held, standing.open_since = audio.held, time.monotonic()
            self._emit(
                CallHeld(call_id=standing.offered.call_id, at=self._clock.now(), held=audio.held), standing
            )
        if standing.answered_at:
            self._save(standing)

    def key(self, call: TrunkCall, key: str) -> None:
        """DTMF by INFO."""
        if standing := self._of(call):
            self._emit(Dtmf(call_id=standing.offered.call_id, at=self._clock.now(), digit=key), standing)

    def hears(self, call: TrunkCall) -> bool:
        """Sound in the last seconds."""
        standing = self._of(call)
        heard = standing.rtp.heard_at if standing and standing.rtp else None
        return heard is not None and time.monotonic() - heard < HEARS_S

    # ------------------------------------------------------------ inside

    def _found(self, call_id: UUID) -> Standing | None:
        if self._loop is None:
            raise PbxDown("the exchange is not running")
        return self.standing.get(call_id)

    def _get(self, call_id: UUID) -> Standing:
        if (standing := self._found(call_id)) is None:
            raise NoSuchCall(str(call_id))
        return standing

    def _of(self, call: TrunkCall) -> Standing | None:
        return next((standing for standing in self.standing.values() if standing.call is call), None)

    async def _open(self, standing: Standing) -> Room:
        """The call's port and room, made at first need. Raises PbxDown without a free port, NoSuchCall if it ended."""
        if standing.room is None:
            try:
                rtp = await self._sound(standing.call)
            except PortsExhausted as error:
                self.alarm("port_exhausted", str(error))
                raise PbxDown(str(error)) from error
            if standing.room is not None or standing.offered.call_id not in self.standing:
                rtp.close()
                return self._room_of(standing)
            self._set_sound(standing, rtp)
        return self._room_of(standing)

    def _room_of(self, standing: Standing) -> Room:
        if standing.room is None:
            raise NoSuchCall(str(standing.offered.call_id))
        return standing.room

    def _set_sound(self, standing: Standing, rtp: RtpSession) -> None:
        standing.rtp, standing.room = rtp, Room(rtp)
        standing.call.local = self.trunk.local_host(standing.call.dialog.host), rtp.port
        self.mixer.rooms[standing.offered.call_id] = standing.room

    def _record(self, standing: Standing, recording: Recording) -> None:
        standing.recording = recording
        if standing.room:
            standing.room.record = lambda sound: self._recorder.write(recording, sound)
            standing.room.missed = lambda seconds: self._recorder.miss(recording, seconds, "exchange_late")
        event = RecordingStarted(call_id=recording.call_id, at=self._clock.now(), file=recording.file)
        self._emit(event, standing)

    def _finish(self, standing: Standing, last: PbxEvent) -> None:
        """The call is over: give back port, room and file, and say so."""
        call_id = standing.offered.call_id
        self.standing.pop(call_id, None)
        self.mixer.rooms.pop(call_id, None)
        if standing.room:
            standing.room.flush_recording()
        if standing.recording:
            self._recorder.end(standing.recording)
        if standing.rtp:
            standing.rtp.close()
        self._saved.remove(call_id)
        self._emit(last, standing)

    def _ended(self, standing: Standing, by: EndedBy, cause: str, code: int | None) -> CallEnded:
        call_id = standing.offered.call_id
        return CallEnded(call_id=call_id, at=self._clock.now(), by=by, cause=cause, sip_code=code)

    def _emit(self, event: PbxEvent, standing: Standing | None = None) -> None:
        """Hand an event out, after the call's own CallOffered."""
        if standing and not standing.told:
            standing.later.append(event)
        else:
            self._events.put_nowait(event)

    def _tell_offered(self, standing: Standing) -> None:
        standing.told = True
        self._events.put_nowait(standing.offered)
        for event in standing.later:
            self._events.put_nowait(event)
        standing.later.clear()

    async def _read_beside(self, standing: Standing, read: Callable[[], CallOffered]) -> None:
        standing.offered = await asyncio.get_running_loop().run_in_executor(self._readers, read)
        self._tell_offered(standing)

    def _recorder_reports(self, recording: Recording, what: Stopped | str) -> None:
        """From the recorder's thread to the loop."""
        if self._loop:
            self._loop.call_soon_threadsafe(self._recorder_told, recording.call_id, what)

    def _recorder_told(self, call_id: UUID, what: Stopped | str) -> None:
        now = self._clock.now()
        if isinstance(what, str):
            self._emit(RecordingFailed(call_id=call_id, at=now, reason=what))
            self.alarm("recording_failed", what)
        else:
            self._emit(
                RecordingStopped(
                    call_id=call_id,
                    at=now,
                    file=what.file,
                    sha256=what.sha256,
                    seconds=what.seconds,
                    gaps=what.gaps,
                )
            )

    def _save(self, standing: Standing) -> None:
        state = standing.as_json()
        if state and not self._saved.save(standing.offered.call_id, state):
            self.alarm("disk", "a standing call could not be saved")

    def _save_waiting(self, standing: Standing) -> None:
        """A call nobody answered yet: it rings on after a restart, as a new call of the same caller."""
        port = standing.rtp.port if standing.rtp else None
        self._saved.save(
            standing.offered.call_id, {"waiting": standing.call.waiting_json(), "rtp_port": port}
        )

    async def _ring_on(self, call_id: UUID, state: dict[str, Any]) -> None:
        """Offer a call again that rang when the last process died; with the port its caller may know already."""
        fresh = self._saved.age_s(call_id) < RING_ON_S
        self._saved.remove(call_id)
        if not fresh:
            return
        try:
            call = self.trunk.offer_again(state["waiting"])
            standing = self._of(call) if call else None
            if standing and state["rtp_port"]:
                self._set_sound(standing, await self._sound(standing.call, state["rtp_port"]))
        except (KeyError, TypeError, ValueError, OSError):
            log.exception(
                "A waiting call could not ring on.", extra={"action": "call.lost", "call_id": str(call_id)}
            )

    async def _sound(self, call: TrunkCall, port: int | None = None) -> RtpSession:
        return await RtpSession.open(
            self._ports, on_key=lambda key: self.key(call, key), admits=self._admits_media, port=port
        )

    async def _restore(self, call_id: UUID, state: dict[str, Any]) -> Standing | None:
        """Take up one call: same port, dialog, codec and clocks. None when that cannot be."""
        try:
            call = TrunkCall.restored(self.trunk, self, state["signalling"])
            standing = Standing.taken_up(call, state)
            rtp = await self._sound(call, state["rtp"]["port"])
            rtp.resume(state["rtp"])
            started_at = datetime.fromisoformat(state["recording"]["started_at"])
        except (KeyError, TypeError, ValueError, OSError):
            log.exception(
                "A call could not be taken up.", extra={"action": "call.lost", "call_id": str(call_id)}
            )
            self._saved.remove(call_id)
            now = self._clock.now()
            self._emit(CallEnded(call_id=call_id, at=now, by=EndedBy.SYSTEM, cause="failed", sip_code=None))
            return None
        self.standing[call_id] = standing
        self._set_sound(standing, rtp)
        file = state["recording"]["file"]
        self._record(standing, self._recorder.resume(call_id, file, started_at, self._clock.now()))
        return standing

    async def _watch(self) -> None:
        """Once a second: sound lost or back, traffic counted, the mixer's punctuality."""
        while True:
            await asyncio.sleep(1.0)
            try:
                self._watched.look()
            except Exception:  # the watch must go on
                log.exception("The watch stumbled.", extra={"action": "voice.watch_failed"})

    # ------------------------------------------------------------ for the watch

    def counted(self) -> Counter[str]:
        """What was counted since the last call of this."""
        found = self.trunk.counted + self._counted
        self.trunk.counted.clear()
        self._counted.clear()
        return found

    def tell_counted(self, what: str, count: int) -> None:
        """TrunkCounted."""
        self._emit(TrunkCounted(call_id=None, at=self._clock.now(), what=what, count=count))

    def tell_sound(self, standing: Standing, *, lost: bool) -> None:
        """MediaLost or MediaBack."""
        kind = MediaLost if lost else MediaBack
        self._emit(kind(call_id=standing.offered.call_id, at=self._clock.now()), standing)

    def ask(self, standing: Standing) -> None:
        """OPTIONS inside the call."""
        standing.call.ask()

    def give_up(self, standing: Standing, cause: str) -> None:
        """BYE into the silence."""
        standing.call.hang_up()
        self._finish(standing, self._ended(standing, EndedBy.SYSTEM, cause, None))

    def still_waiting(self, call_id: UUID) -> None:
        """Keep its file fresh."""
        self._saved.touch(call_id)

    def alarm(self, what: str, detail: str) -> None:
        """PbxAlarm, and a line in the log."""
        log.error("The exchange is unwell.", extra={"action": "voice.alarm", "what": what, "detail": detail})
        self._emit(PbxAlarm(call_id=None, at=self._clock.now(), what=what, detail=detail))

    def _count(self, what: str) -> None:
        self._counted[what] += 1

    def _spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
