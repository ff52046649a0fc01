"""Who is calling, as the trunk tells it: number, whether it can be called back, display name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sigap.evidence import address
from sigap.evidence.address import Address
from sigap.evidence.model import NumberClass

LONGEST_NUMBER = 14
"""Digits of the longest number in use here with its country code; 15 and more is an equipment number (IMEI)."""
_NOBODY = frozenset(
    ("", "anonymous", "unavailable", "restricted", "unknown", "private", "withheld", "invalid")
)
_OURSELVES = frozenset(("110", "112", "113", "115", "117", "118", "119", "911"))


@dataclass(frozen=True, slots=True)
class Caller:
    """The caller's number as it is to be shown, None when there is none."""

    number: str | None
    number_class: NumberClass
    display_name: str | None


def read(asserted: Sequence[str], sender: str) -> Caller:
    """From P-Asserted-Identity values (those of trusted peers only) before From. A withheld number is shown all the same."""
    known = [address.read_address(item) for value in asserted for item in address.split_list(value)]
    found = [*known, address.read_address(sender)]
    readings = [(_number(one), one) for one in found]
    order = (NumberClass.USABLE, NumberClass.PLACEHOLDER, NumberClass.NONE)
    (number, number_class), _ = min(readings, key=lambda reading: order.index(reading[0][1]))
    names = (_name(one) for one in found)
    return Caller(number, number_class, next((name for name in names if name), None))


def _number(found: Address) -> tuple[str | None, NumberClass]:
    user = found.uri.user.partition(";")[0].strip()
    if user.lower() in _NOBODY or not any(char.isdigit() for char in user):
        return None, NumberClass.NONE
    number = re.sub(r"[\s().\-]", "", user)
    if not re.fullmatch(r"\+?[0-9*#]+", number):
        return user[:80], NumberClass.PLACEHOLDER
    return number[:80], NumberClass.PLACEHOLDER if _is_placeholder(number) else NumberClass.USABLE


def _is_placeholder(number: str) -> bool:
    """Equipment numbers of phones without SIM, fillers, and the emergency number itself."""
    digits = re.sub(r"\D", "", number)
    return (
        not 3 <= len(digits) <= LONGEST_NUMBER
        or digits in _OURSELVES
        or len(set(digits)) == 1
        or bool(re.fullmatch(r"911\d{7}", number))  # how networks write a phone that cannot be called back
    )


def _name(found: Address) -> str | None:
    """The display name, unless it only repeats the number or says that there is none."""
    name = (found.display or "").strip()
    plain = re.sub(r"[\s().\-+]", "", name)
    if not name or name.lower() in _NOBODY or plain.isdigit():
        return None
    return name[:120]
