"""Caller numbers as trunks write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigap.evidence import address, caller
from sigap.evidence.model import NumberClass

USABLE, NONE, PLACEHOLDER = NumberClass.USABLE, NumberClass.NONE, NumberClass.PLACEHOLDER


@pytest.mark.parametrize(
    ("asserted", "sender", "number", "number_class"),
    [
        ([], "<sip:+6281234567890@telco>;tag=1", "+6281234567890", USABLE),
        ([], "sip:081234567890@telco;tag=1", "081234567890", USABLE),
        ([], '"x" <tel:+62-812-3456-7890;phone-context=+62>', "+6281234567890", USABLE),
        ([], "<sip:(021)5987.654@telco;user=phone>", "0215987654", USABLE),
        ([], "<sip:%2B6281234567890@telco>", "+6281234567890", USABLE),
        ([], "<sip:+6281234567890;npdi@telco>", "+6281234567890", USABLE),
        ([], "<sip:203@pbx>", "203", USABLE),
        (["<sip:+6281111111112@telco>"], "<sip:anonymous@anonymous.invalid>", "+6281111111112", USABLE),
        (['"A" <sip:+6281111111112@t>, <tel:+6281111111112>'], "<sip:+62899@t>", "+6281111111112", USABLE),
        (["<sip:anonymous@t>"], "<sip:+6281234567890@t>", "+6281234567890", USABLE),
        ([], '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=1', None, NONE),
        ([], "<sip:unavailable@unknown.invalid>", None, NONE),
        ([], "<sip:telco.example>", None, NONE),
        ([], "<sip:sipp@127.0.0.1>", None, NONE),
        ([], "", None, NONE),
        ([], "<<<;;;", None, NONE),
        ([], "<sip:358239059042542@telco>", "358239059042542", PLACEHOLDER),
        ([], "<sip:0000000000@telco>", "0000000000", PLACEHOLDER),
        ([], "<sip:9110542542@telco>", "9110542542", PLACEHOLDER),
        ([], "<sip:112@telco>", "112", PLACEHOLDER),
        ([], "<sip:line7a@telco>", "line7a", PLACEHOLDER),
        (["<sip:0000000@t>"], "<sip:+6281234567890@t>", "+6281234567890", USABLE),
    ],
)
def test_numbers(asserted: list[str], sender: str, number: str | None, number_class: NumberClass):
    found = caller.read(asserted, sender)
    assert (found.number, found.number_class) == (number, number_class)


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ('"Budi \\"Si Jago\\" <x>" <sip:1@h>', 'Budi "Si Jago" <x>'),
        ("Siti Aminah <sip:1@h>", "Siti Aminah"),
        ('"Andr\xc3\xa9" <sip:1@h>', "André"),
        ('"Andr\xe9" <sip:1@h>', "André"),
        ('"+62 812 345" <sip:1@h>', None),
        ('"Anonymous" <sip:1@h>', None),
        ("<sip:1@h>", None),
    ],
)
def test_names(sender: str, name: str | None):
    assert caller.read([], sender).display_name == name


@given(st.text(max_size=200), st.lists(st.text(max_size=80), max_size=3))
def test_nothing_raises(sender: str, asserted: list[str]):
    found = caller.read(asserted, sender)
    assert (found.number is None) == (found.number_class == NONE)
    address.read_uri(sender)
