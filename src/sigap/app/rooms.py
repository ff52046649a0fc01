"""The rooms with a door to HTTP, in the order in which their paths are looked up."""

from fastapi import APIRouter

from sigap.app.catalogue import router as catalogue
from sigap.app.demo_doors import router as demo_doors
from sigap.app.health import router as health
from sigap.calls.api import router as calls
from sigap.dispatch.api import router as dispatch
from sigap.dispatch.closing_api import router as closing
from sigap.geo.api import router as geo
from sigap.identity.api import router as identity
from sigap.intake.api import router as intake
from sigap.live.api import router as live
from sigap.reporting.api import router as reporting
from sigap.units.api import router as units

ROUTERS: tuple[APIRouter, ...] = (
    identity,
    calls,
    intake,
    live,
    units,
    dispatch,
    closing,
    reporting,
    catalogue,
    geo,
    health,
    demo_doors,
)
