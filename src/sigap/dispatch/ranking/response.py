"""Which unit types answer which incident, by agency: data, read once."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from sigap.incidents.catalogue import TYPES
from sigap.units.model import UNIT_TYPES
from sigap.units.roster import shipped


@cache
def _read() -> tuple[Mapping[str, Mapping[str, list[str]]], Mapping[str, list[str]]]:
    text = (files("sigap") / "data" / "agencies" / "response.toml").read_text(encoding="utf-8")
    tables: dict[str, dict[str, list[str]]] = tomllib.loads(text)
    agencies = {agency.id for agency in shipped().agencies}
    reserve = tables.pop("reserve")
    if not agencies.issuperset({*reserve, *(one for those in reserve.values() for one in those)}):
        raise ValueError("response.toml: [reserve] names an unknown agency")
    for key, answer in tables.items():
        for agency, kinds in answer.items():
            if agency not in agencies or any(kind not in UNIT_TYPES for kind in kinds):
                raise ValueError(f"response.toml: [{key}] {agency} has an unknown agency or unit type")
    return tables, reserve


@cache
def wanted(incident_type: str) -> Mapping[str, tuple[str, ...]]:
    """Agency → unit types, best first, in the order of the type's agencies (the lead first)."""
    kind = TYPES[incident_type]
    tables, _ = _read()
    answer = {**tables.get(kind.category, {}), **tables.get(incident_type, {})}
    return {agency: tuple(answer[agency]) for agency in kind.agencies if agency in answer}


@cache
def reserves(incident_type: str) -> Mapping[str, str]:
    """Agency → the agency for which its units of the same types may go, where it is not asked for itself."""
    asked = wanted(incident_type)
    _, reserve = _read()
    return {other: agency for agency in asked for other in reserve.get(agency, ()) if other not in asked}


@cache
def informed(incident_type: str) -> tuple[str, ...]:
    """The type's agencies that are told but not asked for units."""
    asked = wanted(incident_type)
    return tuple(agency for agency in TYPES[incident_type].agencies if agency not in asked)
