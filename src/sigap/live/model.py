"""The room as this process knows it, and the groups of people who see the same of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from sigap.identity.model import Actor

type RowDict = dict[str, Any]
type Key = tuple[str, str]
"""(table, id)."""

TABLES: Final = ("agency", "unit", "account", "seat", "incident", "assignment", "call", "callback")
"""What the room consists of, in the order in which a screen needs it."""

SEEN_BY: Final = frozenset(
    {
        "incident.read",
        "incident.read_restricted",
        "incident.read_agency",
        "incident.read_assigned",
        "wall.view",
    }
)
"""Permissions with which there is anything to see at all."""


def _no_rows() -> dict[str, dict[str, RowDict]]:
    return {table: {} for table in TABLES}


@dataclass(frozen=True, slots=True)
class Audience:
    """Everybody with the same permissions, agency and unit: each event is encoded once for all of them."""

    permissions: frozenset[str]
    agency: str | None
    unit_id: str | None
    granted: frozenset[str] = frozenset()
    """Restricted incidents that these people opened or gave a reason for."""

    @classmethod
    def of(cls, actor: Actor, granted: frozenset[str] = frozenset()) -> "Audience":
        """The audience that a person belongs to. Agency and unit count only where a permission looks at them."""
        agency = actor.agency if actor.may("incident.read_agency") else None
        unit_id = str(actor.unit_id) if actor.unit_id and actor.may("incident.read_assigned") else None
        return cls(actor.permissions, agency, unit_id, granted)

    def may(self, permission: str) -> bool:
        """Whether these people hold the permission."""
        return permission in self.permissions


@dataclass(slots=True)
class World:
    """Every row of the room with its personal columns: {table: {id: row}}, folded from the journal."""

    rows: dict[str, dict[str, RowDict]] = field(default_factory=_no_rows)
    _of_incident: dict[str, set[Key]] = field(default_factory=dict)
    _access: dict[str, dict[str, RowDict]] = field(default_factory=dict)
    """Who opened a restricted case: {account id: {incident id: access}}, the latest each."""
    _last_job: dict[str, str] = field(default_factory=dict)
    """{unit id: assignment id} of the job that holds a unit or was its last, until the unit is available again."""

    def take_access(self, row: RowDict) -> None:
        """Somebody may read a restricted case from now on. Rows come in the order in which they were given."""
        self._access.setdefault(row["account_id"], {})[row["incident_id"]] = row

    def granted(self, account_id: str, now: str) -> frozenset[str]:
        """The restricted incidents that this person may read at a moment (RFC 3339 text)."""
        return frozenset(
            incident_id
            for incident_id, access in self._access.get(account_id, {}).items()
            if (incident := self.rows["incident"].get(incident_id))
            and (access["expires_at"] > now if access["expires_at"] else incident["closed_at"] is None)
        )

    def put(self, table: str, row_id: str, row: RowDict) -> None:
        """Take a row in, newer or not: the caller reads in order."""
        if table == "unit":
            self._take_unit(row_id, row)
        elif table == "assignment" and row_id not in self.rows[table]:
            self._take_job(row_id, row)
        self.rows[table][row_id] = row
        if table in {"assignment", "call"} and row.get("incident_id"):
            self._of_incident.setdefault(row["incident_id"], set()).add((table, row_id))

    def _take_unit(self, unit_id: str, unit: RowDict) -> None:
        if unit["assignment_id"]:
            self._last_job[unit_id] = unit["assignment_id"]
        elif unit["status"] == "available":
            self._last_job.pop(unit_id, None)

    def _take_job(self, job_id: str, job: RowDict) -> None:
        """A snapshot gives the units first: which job an unavailable one comes from, its assignments tell."""
        unit = self.rows["unit"].get(job["unit_id"] or "")
        if unit is None or unit["assignment_id"] or unit["status"] == "available":
            return
        known = self.rows["assignment"].get(self._last_job.get(unit["id"], ""))
        if known is None or known["sent_at"] < job["sent_at"]:
            self._last_job[unit["id"]] = job_id

    def last_incident_of(self, unit_id: str) -> RowDict | None:
        """The incident that a unit is at, or comes from while it is not available again."""
        job = self.rows["assignment"].get(self._last_job.get(unit_id, ""))
        return self.rows["incident"].get(job["incident_id"]) if job else None

    def drop(self, table: str, row_id: str) -> None:
        """Let a row go."""
        row = self.rows[table].pop(row_id, None)
        if row and row.get("incident_id"):
            self._of_incident.get(row["incident_id"], set()).discard((table, row_id))

    def assignments_of(self, incident_id: str) -> Iterator[RowDict]:
        """The assignments of one incident."""
        for table, row_id in self._of_incident.get(incident_id, ()):
            if table == "assignment":
                yield self.rows[table][row_id]

    def touched_by(self, changed: Iterable[Key]) -> list[Key]:
        """The changed rows and all that can be seen or hidden because of them.

        That is an incident's whole group and the units of its assignments: whoever gains or loses sight of the
        incident gains or loses what the room tells of them.
        """
        keys: dict[Key, None] = {}
        for table, row_id in changed:
            keys[(table, row_id)] = None
            row = self.rows[table].get(row_id)
            incident_id = row_id if table == "incident" else (row or {}).get("incident_id")
            if incident_id and table != "call":
                keys[("incident", incident_id)] = None
                keys.update(dict.fromkeys(sorted(self._of_incident.get(incident_id, ()))))
                units = (job["unit_id"] for job in self.assignments_of(incident_id))
                keys.update(dict.fromkeys(sorted(("unit", unit_id) for unit_id in units if unit_id)))
        return list(keys)

    def everything(self) -> Iterator[tuple[str, str, RowDict]]:
        """All rows, in the order of the tables."""
        for table in TABLES:
            for row_id, row in self.rows[table].items():
                yield table, row_id, row

    def forget(self, before: str) -> None:
        """Let go of what ended before this moment (RFC 3339 text, comparable): a day's memory is enough for a screen."""
        for row_id, row in list(self.rows["incident"].items()):
            if row["closed_at"] and row["closed_at"] < before:
                for table, other in list(self._of_incident.pop(row_id, ())):
                    self.rows[table].pop(other, None)
                self.drop("incident", row_id)
                for held in self._access.values():
                    held.pop(row_id, None)
        for table in ("call", "callback"):
            for row_id, row in list(self.rows[table].items()):
                ended = row.get("ended_at") if table == "call" else row.get("done_at")
                if ended and ended < before:
                    self.drop(table, row_id)
