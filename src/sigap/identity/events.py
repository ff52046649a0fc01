"""What happens to accounts. Sign-ins of people are facts too: the room must be able to say who sat where."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sigap.journal.model import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCreated(Event):
    """Somebody can sign in from now on."""

    kind: ClassVar[str] = "account.created"
    subject: ClassVar[str] = "account_id"
    account_id: UUID
    roles: list[str]
    agency: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDeactivated(Event):
    """The account can no longer sign in; its sessions have ended."""

    kind: ClassVar[str] = "account.deactivated"
    subject: ClassVar[str] = "account_id"
    account_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPasswordSet(Event):
    """The account has a new password; its sessions have ended."""

    kind: ClassVar[str] = "account.password_set"
    subject: ClassVar[str] = "account_id"
    account_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOpened(Event):
    """A person or a simulated colleague signed in."""

    kind: ClassVar[str] = "session.opened"
    subject: ClassVar[str] = "account_id"
    account_id: UUID
    session_id: UUID
    client: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionClosed(Event):
    """Signed out by themselves."""

    kind: ClassVar[str] = "session.closed"
    subject: ClassVar[str] = "account_id"
    account_id: UUID
    session_id: UUID
