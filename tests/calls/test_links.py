"""Links to recordings: signed, short-lived, and never out of the recordings folder."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sigap.calls import links
from sigap.calls.model import LinkEnded
from sigap.kernel.clock import ManualClock
from sigap.kernel.ids import new_id
from sigap.kernel.paths import Home


def test_a_link_opens_its_call_until_its_time_is_over(home: Home, clock: ManualClock) -> None:
    call_id = new_id()
    signed = links.sign(home, call_id, clock.now() + timedelta(seconds=links.lifetime_s()))
    clock.tick(seconds=300)
    assert links.read(home, signed, clock.now()) == call_id
    clock.tick(seconds=1)
    with pytest.raises(LinkEnded):
        links.read(home, signed, clock.now())


def test_a_changed_link_opens_nothing(home: Home, clock: ManualClock) -> None:
    signed = links.sign(home, new_id(), clock.now() + timedelta(seconds=300))
    for place in range(len(signed)):
        other = signed[:place] + ("A" if signed[place] != "A" else "B") + signed[place + 1 :]
        with pytest.raises(LinkEnded):
            links.read(home, other, clock.now())


@given(text=st.text(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_is_answered(home: Home, clock: ManualClock, text: str) -> None:
    with pytest.raises(LinkEnded):
        links.read(home, text, clock.now())


def test_the_key_is_the_owners_alone(home: Home, clock: ManualClock) -> None:
    links.sign(home, new_id(), clock.now())
    assert (home.keys / "recording_links.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("reference", ["../keys/recording_links.key", "/etc/passwd", "nothing.wav", ""])
def test_a_reference_leads_to_a_recording_or_nowhere(home: Home, clock: ManualClock, reference: str) -> None:
    links.sign(home, new_id(), clock.now())
    with pytest.raises(LinkEnded):
        links.file_of(home, reference)
