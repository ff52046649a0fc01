"""Brings an installation's database up to date before its parts start; safe to repeat."""

import asyncio
import sys

import psycopg

from sigap.app import all_settings, installation
from sigap.app.migrate import migrate
from sigap.calls.actions import install_seats
from sigap.identity.model import Actor
from sigap.identity.seat_token import SEATS, ensure_keys
from sigap.intake.upgrade import seal_restricted
from sigap.kernel.clock import SystemClock
from sigap.kernel.paths import Home
from sigap.simulation import people
from sigap.units import actions as units
from sigap.units import roster


def prepare(home: Home, addresses: installation.Addresses, *, demo: bool, with_roster: bool) -> None:
    """Schema, seats and keys; for a demo also its people; with `with_roster` the shipped agencies and units."""
    all_settings.check(home)
    addresses.require_owner()
    ensure_keys(home)
    applied = migrate(addresses.owner)
    if applied:
        print(f"Database brought up to date ({len(applied)} steps).", file=sys.stderr)
    asyncio.run(_fill(addresses.app, demo=demo, with_roster=with_roster))


async def _fill(app_url: str, *, demo: bool, with_roster: bool) -> None:
    clock, machine = SystemClock(), Actor.machine("import")
    async with await psycopg.AsyncConnection.connect(app_url, autocommit=True) as conn:
        await install_seats(conn, list(SEATS.value), by=machine, clock=clock)
        sealed = await seal_restricted(conn, by=machine, clock=clock)
        if sealed:
            print(f"Restricted cases written again without their type: {sealed}.", file=sys.stderr)
        if demo:
            made = await people.seed(conn, clock)
            if made:
                print(f"Demo city made: {made} accounts.", file=sys.stderr)
        elif with_roster:
            await units.seed(conn, roster=roster.shipped(), by=machine, clock=clock)
