"""What crews' devices send, at every door that hears them."""

from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import AfterValidator, AwareDatetime

EARLIEST: Final = datetime(2020, 1, 1, tzinfo=UTC)
"""A device that has lost its clock says 1970; such a time is no time."""


def _plausible(at: datetime) -> datetime:
    if at < EARLIEST:
        raise ValueError("lies before 2020: the device has lost its clock")
    return at


DeviceTime = Annotated[AwareDatetime, AfterValidator(_plausible)]
"""When something happened, by the clock of the device that tells it; with an offset, RFC 3339."""
