"""Places, borders, routes and map tiles over HTTP. Borders and tiles are public data and need no session.

What a caller said and where somebody is stands in a POST's body, so that no log of addresses keeps it. The same
questions by GET are for tools that can only follow an address.
"""

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import ConfigDict, Field

from sigap.geo import borders, roads
from sigap.geo.finding import OpenPlaces
from sigap.geo.major import major_roads_json
from sigap.geo.places import Found
from sigap.geo.roads import NoRoute, RoadsNotImported
from sigap.geo.search_pool import SearchPool
from sigap.identity.http import ServerClock, SignedIn
from sigap.identity.model import NoSession
from sigap.kernel.paths import Home
from sigap.kernel.place import Point
from sigap.kernel.problems import Invalid
from sigap.kernel.web import Body, Lat, Lon, Text, View, refuses

log = logging.getLogger("sigap.geo")


class NoSuchPoint(Invalid):
    """A point is missing one of its halves or lies outside the globe."""

    code = "geo.no_such_point"


LOOK_EVERY_S = 5.0
"""How often a running app looks whether an import has finished."""


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """The searching processes live as long as the app."""
    home: Home = app.state.home
    borders.use(home.root / "borders")
    app.state.roads, app.state.places = SearchPool(home), OpenPlaces(home)
    warming = asyncio.create_task(_keep_warm(home, app.state.roads, app.state.places))
    yield
    warming.cancel()
    app.state.roads.stop()


async def _keep_warm(home: Home, pool: SearchPool, places: OpenPlaces) -> None:
    """Names and roads are read before somebody waits for them: at the start, and after each import."""
    warm: Path | None = None
    while True:
        found = roads.folder(home)
        if found is not None and found != warm:
            try:
                await places.ready()
                await pool.warm()
            except (OSError, ValueError, BrokenProcessPool):
                log.exception("The imported roads cannot be read.", extra={"action": "roads.unreadable"})
            warm = found
        await asyncio.sleep(LOOK_EVERY_S)


router = APIRouter(tags=["geo"], lifespan=_lifespan)

QueryLon = Annotated[float, Query(ge=-180, le=180, examples=[106.5191])]
QueryLat = Annotated[float, Query(ge=-90, le=90, examples=[-6.1742])]
Vehicle = Literal["ambulance", "police_car", "rescue", "fire_engine", "motorcycle", "car", "truck"]


class PlacesAsked(Body):
    """The caller's words, and where the call seems to be: both of `lon` and `lat`, or neither."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"q": "jl melati rt 3/5 balaraja"}]})

    q: Annotated[Text, Field(max_length=400)]
    lon: Lon | None = None
    lat: Lat | None = None


class WhereAsked(Body):
    """A point."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"lon": 106.5191, "lat": -6.1742}]})

    lon: Lon
    lat: Lat


class RouteAsked(Body):
    """Both ends of a way as longitude, latitude; and what drives it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"from": [106.4469, -6.2005], "to": [106.5191, -6.1742]}]}
    )

    start: Annotated[tuple[Lon, Lat], Field(alias="from")]
    to: tuple[Lon, Lat]
    vehicle: Vehicle = "ambulance"


class WhereView(View):
    """The administrative place of a point; codes are null outside the regency."""

    kecamatan_code: Annotated[str | None, Field(examples=["36.03.01"])]
    kecamatan: Annotated[str | None, Field(examples=["Balaraja"])]
    desa_code: Annotated[str | None, Field(examples=["36.03.01.2005"])]
    desa: Annotated[str | None, Field(examples=["Talagasari"])]
    outside: bool
    neighbour: Annotated[str | None, Field(examples=["Kota Tangerang"])]
    snapped: bool


class PlaceView(View):
    """One proposal of the place search.

    `area`: the point is only somewhere inside; never pin it as an address. `ask`: what would settle an ambiguous
    result (`kecamatan`, or `direction` on the toll road). `detail` is text for the crew (RT/RW, block, house).
    """

    lon: float
    lat: float
    accuracy_m: float
    kind: Annotated[str, Field(examples=["street"])]
    name: Annotated[str, Field(examples=["Jalan Melati"])]
    kecamatan_code: str | None
    kecamatan: str | None
    desa_code: str | None
    desa: str | None
    area: bool
    matched: str
    score: float
    distance_m: float | None
    detail: str
    relation: str | None
    ambiguous: bool
    ask: str | None

    @classmethod
    def of(cls, found: Found) -> "PlaceView":
        """The view of one result."""
        place = found.place
        return cls(
            lon=place.lon,
            lat=place.lat,
            accuracy_m=place.accuracy_m,
            kind=place.kind,
            name=place.name,
            kecamatan_code=place.kecamatan_code,
            kecamatan=place.kecamatan,
            desa_code=place.desa_code,
            desa=place.desa,
            area=place.area,
            matched=found.matched,
            score=found.score,
            distance_m=found.distance_m,
            detail=found.detail,
            relation=found.relation,
            ambiguous=found.ambiguous,
            ask=found.ask,
        )


class RouteView(View):
    """The quickest way by road: seconds, metres, and the line as longitude, latitude pairs."""

    seconds: Annotated[float, Field(examples=[412.5])]
    metres: Annotated[float, Field(examples=[5120.0])]
    line: list[tuple[float, float]]


class StyleInfoView(View):
    """What the map must say about its roads: the credit is always shown; `synthetic` means made up for the demo."""

    imported: bool
    synthetic: bool
    credit: Annotated[str, Field(examples=["© OpenStreetMap contributors"])]
    bounds: list[float] | None
    version: str | None
    tiles: Annotated[str | None, Field(examples=["/api/tiles/roads.pmtiles?v=set-3"])]


@router.get("/geo/places", responses=refuses(NoSession, NoSuchPoint))
async def places(
    request: Request,
    by: SignedIn,
    q: Annotated[Text, Query(max_length=400, examples=["jl melati rt 3/5 balaraja"])],
    lon: QueryLon | None = None,
    lat: QueryLat | None = None,
) -> list[PlaceView]:
    """As `POST /geo/places`, which the screens use: here the caller's words are part of the address."""
    return await _places(request, q, lon, lat)


@router.post("/geo/places", responses=refuses(NoSession, NoSuchPoint))
async def places_asked(request: Request, by: SignedIn, asked: PlacesAsked) -> list[PlaceView]:
    """Places that the caller's words may mean, best first; near `lon`, `lat` (where the call seems to be) first."""
    return await _places(request, asked.q, asked.lon, asked.lat)


@router.get("/geo/where", responses=refuses(NoSession))
async def where(by: SignedIn, lon: QueryLon, lat: QueryLat) -> WhereView:
    """As `POST /geo/where`, which the screens use: here the point is part of the address."""
    return WhereView.model_validate(borders.where(Point(lon, lat)))


@router.post("/geo/where", responses=refuses(NoSession))
async def where_asked(by: SignedIn, asked: WhereAsked) -> WhereView:
    """Kecamatan and desa of a point; or that it lies outside, and in which neighbouring regency or city."""
    return WhereView.model_validate(borders.where(Point(asked.lon, asked.lat)))


@router.get("/geo/route", responses=refuses(NoSession, NoSuchPoint, RoadsNotImported, NoRoute))
async def route(
    request: Request,
    by: SignedIn,
    clock: ServerClock,
    start: Annotated[Text, Query(alias="from", max_length=80, examples=["106.4469,-6.2005"])],
    to: Annotated[Text, Query(max_length=80, examples=["106.5191,-6.1742"])],
    vehicle: Vehicle = "ambulance",
) -> RouteView:
    """As `POST /geo/route`, which the screens use: here both ends are part of the address."""
    return await _route(request, clock.now(), _point(start, "from"), _point(to, "to"), vehicle)


@router.post("/geo/route", responses=refuses(NoSession, RoadsNotImported, NoRoute))
async def route_asked(request: Request, by: SignedIn, clock: ServerClock, asked: RouteAsked) -> RouteView:
    """The quickest way for a vehicle at this hour. 503 while no roads are imported: nothing is guessed."""
    return await _route(request, clock.now(), Point(*asked.start), Point(*asked.to), asked.vehicle)


@router.get("/geo/style-info")
async def style_info(request: Request) -> StyleInfoView:
    """Whether roads are imported, whether they are made up, and the credit that the map must show."""
    home: Home = request.app.state.home
    folder = roads.folder(home)
    if folder is None:
        return StyleInfoView(
            imported=False, synthetic=False, credit="", bounds=None, version=None, tiles=None
        )
    facts = roads.facts(home)
    drawn = (folder / "roads.pmtiles").exists()
    return StyleInfoView(
        imported=True,
        synthetic=facts["synthetic"],
        credit=facts["credit"],
        bounds=facts["bounds"],
        version=folder.name,
        tiles=f"/api/tiles/roads.pmtiles?v={folder.name}" if drawn else None,
    )


@router.get(
    "/geo/borders/{layer}",
    response_class=Response,
    responses={200: {"content": {"application/geo+json": {}}, "description": "GeoJSON, WGS 84."}},
)
async def border(request: Request, layer: Literal["kecamatan", "desa", "neighbours"]) -> Response:
    """One layer of the borders in use as GeoJSON, compressed where the client can read it."""
    file = borders.current().folder / f"{layer}.geojson"
    plain, packed, tag = _packed(file, file.stat().st_mtime_ns)
    headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    zipped = "gzip" in request.headers.get("accept-encoding", "")
    if zipped:
        headers["Content-Encoding"] = "gzip"
    return Response(packed if zipped else plain, media_type="application/geo+json", headers=headers)


@router.get(
    "/geo/roads/major",
    response_class=Response,
    responses={200: {"content": {"application/geo+json": {}}, "description": "GeoJSON, WGS 84."}}
    | refuses(RoadsNotImported),
)
async def major(request: Request) -> Response:
    """The major roads of the set in use as lines by class, for a map without tiles. 503 while none are imported."""
    folder = roads.folder(request.app.state.home)
    if folder is None:
        raise RoadsNotImported
    plain = await asyncio.to_thread(major_roads_json, folder)
    return Response(
        plain, media_type="application/geo+json", headers={"Cache-Control": "private, max-age=3600"}
    )


@router.head("/tiles/roads.pmtiles", include_in_schema=False)
@router.get(
    "/tiles/roads.pmtiles",
    response_class=FileResponse,
    responses={206: {"description": "The bytes asked for by Range."}} | refuses(RoadsNotImported),
)
async def tiles(
    request: Request,
    v: Annotated[
        str | None, Query(max_length=40, description="The version of style-info, for caches.")
    ] = None,
) -> FileResponse:
    """The road tiles as one file, read piecewise by HTTP Range."""
    folder = roads.folder(request.app.state.home)
    if folder is None or not (folder / "roads.pmtiles").exists():
        raise RoadsNotImported()
    keep = "private, max-age=86400" if v == folder.name else "no-cache"
    return FileResponse(
        folder / "roads.pmtiles",
        media_type="application/vnd.pmtiles",
        headers={"Cache-Control": keep},
    )


@cache
def _packed(file: Path, changed_ns: int) -> tuple[bytes, bytes, str]:
    """A border file as it is, compressed, and its tag."""
    plain = file.read_bytes()
    return plain, gzip.compress(plain, 6, mtime=0), f'"{sha256(plain).hexdigest()[:16]}-{changed_ns}"'


async def _places(request: Request, q: str, lon: float | None, lat: float | None) -> list[PlaceView]:
    """Raises NoSuchPoint."""
    if (lon is None) != (lat is None):
        raise NoSuchPoint(point="lon" if lon is None else "lat")
    near = None if lon is None or lat is None else Point(lon, lat)
    search: OpenPlaces = request.app.state.places
    return [PlaceView.of(found) for found in await search.search(q, near)]


async def _route(request: Request, at: datetime, start: Point, to: Point, vehicle: Vehicle) -> RouteView:
    """Raises NoRoute, RoadsNotImported."""
    pool: SearchPool = request.app.state.roads
    found = await pool.route(start, to, vehicle, at)
    return RouteView(seconds=found.seconds, metres=found.metres, line=list(found.line))


def _point(text: str, name: str) -> Point:
    """`lon,lat` as a Point. Raises NoSuchPoint."""
    try:
        lon, lat = (float(part) for part in text.split(","))
        return Point(lon, lat)
    except ValueError as wrong:
        raise NoSuchPoint(point=name) from wrong
