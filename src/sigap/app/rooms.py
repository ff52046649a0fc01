"""The rooms with a door to HTTP, in the order in which their paths are looked up."""

from fastapi import APIRouter

from sigap.identity.api import router as identity
from sigap.live.api import router as live

ROUTERS: tuple[APIRouter, ...] = (identity, live)
