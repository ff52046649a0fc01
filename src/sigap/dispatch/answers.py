"""A verb's answer over HTTP, as far as the person who did it may read it."""

from typing import Annotated

from fastapi import Depends

from sigap.dispatch.model import Assignment
from sigap.dispatch.reading import shown, shown_end
from sigap.dispatch.shapes import AssignmentsView, AssignmentView, EndedView, ReplacedView
from sigap.identity.http import Conn, ServerClock, SignedIn
from sigap.incidents.model import Incident


class Shape:
    """Shapes what a verb made as far as the person who did it may read it."""

    def __init__(self, conn: Conn, by: SignedIn, clock: ServerClock) -> None:
        self._conn, self._by, self._clock = conn, by, clock

    async def one(self, assignment: Assignment) -> AssignmentView:
        """One assignment."""
        at = self._clock.now()
        return AssignmentView.of(await shown(self._conn, assignment, by=self._by, at=at))

    async def several(self, assignments: list[Assignment]) -> AssignmentsView:
        """Those that one verb made."""
        return AssignmentsView(assignments=[await self.one(assignment) for assignment in assignments])

    async def pair(self, pair: tuple[Assignment, Assignment]) -> ReplacedView:
        """The one that ended and the one that goes on."""
        return ReplacedView(old=await self.one(pair[0]), new=await self.one(pair[1]))

    async def ended(self, incident: Incident) -> EndedView:
        """An incident that is over."""
        at = self._clock.now()
        return EndedView.of(await shown_end(self._conn, incident, by=self._by, at=at))


Shaping = Annotated[Shape, Depends(scope="function")]
