"""Accounts, roles and what each role may do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from sigap.journal.model import Row
from sigap.kernel.problems import Conflict, Denied, Problem


class Role(StrEnum):
    """A set of permissions, not a person: on a quiet night one person holds several."""

    AGENT = "agent"  # Agen / Operator
    DISPATCHER = "dispatcher"  # Petugas Dispatch
    SUPERVISOR = "supervisor"  # Penyelia
    AGENCY_OFFICER = "agency_officer"  # Petugas OPD
    FIELD_UNIT = "field_unit"  # Petugas Lapangan
    PPA_OFFICER = "ppa_officer"  # Petugas PPA
    MINISTRY_VIEWER = "ministry_viewer"  # Pengamat Kementerian
    EXECUTIVE = "executive"  # Pimpinan
    ADMIN = "admin"  # Administrator
    WALL_DEVICE = "wall_device"  # Layar Dinding


_AGENT: Final = frozenset(
    {
        "incident.open",
        "incident.read",
        "incident.edit",
        "incident.access_restricted",
        "call.take",
        "call.classify",
        "call.read",
        "call.read_number",
        "recording.play",
        "callback.do",
    }
)
_DISPATCHER: Final = frozenset(
    {
        "incident.open",
        "incident.read",
        "incident.edit",
        "incident.access_restricted",
        "incident.close",
        "incident.cancel",
        "call.read",
        "assignment.send",
        "assignment.cancel",
        "assignment.acknowledge_any",
        "alarm.acknowledge",
        "unit.status_any",
    }
)
PERMISSIONS: Final[dict[Role, frozenset[str]]] = {
    Role.AGENT: _AGENT,
    Role.DISPATCHER: _DISPATCHER,
    Role.SUPERVISOR: _AGENT
    | _DISPATCHER
    | {
        "incident.lower_priority",
        "report.read",
        "report.read_personal",
        "dashboard.read",
        "room.supervise",
    },
    Role.AGENCY_OFFICER: frozenset({"incident.read_agency", "assignment.act_agency", "unit.status_agency"}),
    Role.FIELD_UNIT: frozenset(
        {"incident.read_assigned", "assignment.act_unit", "unit.status_own", "unit.position_own"}
    ),
    Role.PPA_OFFICER: frozenset({"incident.read_restricted"}),
    Role.MINISTRY_VIEWER: frozenset({"report.read"}),
    Role.EXECUTIVE: frozenset({"dashboard.read"}),
    Role.ADMIN: frozenset({"account.admin"}),
    Role.WALL_DEVICE: frozenset({"wall.view"}),
}
"""Who may do what. The one table; a verb asks `by.require(permission)`."""

MACHINES: Final[dict[str, frozenset[str]]] = {
    "voice": frozenset({"voice.report"}),
    "worker": frozenset({"assignment.escalate"}),
    "import": frozenset({"account.admin", "incident.seal", "unit.seed"}),
}
"""What each of our own processes may do."""

HOME_SCREEN: Final[tuple[tuple[Role, str], ...]] = (
    (Role.WALL_DEVICE, "/layar"),
    (Role.FIELD_UNIT, "/lapangan"),
    (Role.AGENCY_OFFICER, "/opd"),
    (Role.PPA_OFFICER, "/opd"),
    (Role.SUPERVISOR, "/supervisor"),
    (Role.DISPATCHER, "/dispatch"),
    (Role.AGENT, "/panggilan"),
    (Role.EXECUTIVE, "/dasbor"),
    (Role.MINISTRY_VIEWER, "/laporan"),
    (Role.ADMIN, "/"),
)
"""Where each role lands, first match first. The administrator works on the server; "/" says so."""


class UnknownAccount(Problem):
    """Name or password is wrong; which of the two is not said."""

    code = "session.wrong_password"
    status = 401


class NoSession(Problem):
    """Nobody is signed in, or the session has ended."""

    code = "session.missing"
    status = 401


class TooManyTries(Problem):
    """Too many wrong passwords for this name; facts: wait_s."""

    code = "session.too_many_tries"
    status = 429


class NoSimulation(Denied):
    """A simulated colleague asked to sit down in a room that is no demo."""

    code = "session.no_simulation"


class UsernameTaken(Conflict):
    """Another account has this name."""

    code = "account.username_taken"


class KeyReused(Problem):
    """The idempotency key was used for another request: its first answer would be a lie for this one."""

    code = "idempotency.key_reused"
    status = 422


class ReadAgain(Conflict):
    """Done by the first request with this key; the answer held a restricted case and is not kept; facts: id."""

    code = "idempotency.read_again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(Row):
    """A person, or a device such as the wall, that can sign in. Crew accounts name their unit, officers their agency."""

    table: ClassVar[str] = "account"

    id: UUID
    username: str
    display_name: str
    roles: list[str]
    agency: str | None
    unit_id: UUID | None
    active: bool
    rev: int

    def home_screen(self) -> str:
        """The route this person lands on."""
        return next((screen for role, screen in HOME_SCREEN if role in self.roles), "/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: an account or one of our machines, with what it may do."""

    kind: str
    name: str
    account_id: UUID | None = None
    roles: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()
    agency: str | None = None
    unit_id: UUID | None = None

    @classmethod
    def person(cls, account: Account) -> "Actor":
        """A signed-in account."""
        return cls(
            kind="person",
            name=account.username,
            account_id=account.id,
            roles=frozenset(account.roles),
            permissions=permissions_of(account.roles),
            agency=account.agency,
            unit_id=account.unit_id,
        )

    @classmethod
    def machine(cls, name: str) -> "Actor":
        """One of our own processes."""
        return cls(kind="machine", name=name, permissions=MACHINES[name])

    @property
    def ref(self) -> str:
        """How the journal names this actor."""
        return f"account:{self.account_id}" if self.account_id else f"machine:{self.name}"

    def may(self, permission: str) -> bool:
        """Whether one of the actor's roles carries the permission."""
        return permission in self.permissions

    def require(self, permission: str) -> None:
        """Raises Denied without the permission."""
        if permission not in self.permissions:
            raise Denied(permission=permission)

    def require_any(self, *permissions: str) -> None:
        """Raises Denied unless one of the permissions is there."""
        if self.permissions.isdisjoint(permissions):
            raise Denied(permission=permissions[0])


def permissions_of(roles: list[str]) -> frozenset[str]:
    """The union of what the roles may do; an unknown role carries nothing."""
    known = [PERMISSIONS[Role(role)] for role in roles if role in Role]
    return frozenset().union(*known)
