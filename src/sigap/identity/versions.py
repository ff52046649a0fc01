"""Two people decide on one record: the second learns what it is now, and who made it so.

A verb asks under the record's lock, once it has seen that it is no mere repetition: that harms no version.
"""

from psycopg import AsyncConnection

from sigap.identity import store
from sigap.journal import store as journal
from sigap.journal.model import Row, public
from sigap.kernel.problems import Stale
from sigap.kernel.versions import Seen

_PERSON = "account:"


async def refuse_stale(conn: AsyncConnection, row: Row, seen: Seen, *, tell: bool = True) -> None:
    """Raises Stale if the record is not as it was seen: its rev and state now, and its last change, by whom and when.

    `tell` is False where the asker may know where the record stands, but perhaps not what is done to it.
    """
    now = public(row)
    if seen.holds(now["rev"]):
        return
    state = now.get("disposition") or now.get("status") or now.get("state")
    by, what, at = "somebody_else", "changed", None
    if tell and (last := await journal.last_change(conn, row.table, str(now["id"]), now["rev"])):
        what, at = last.kind, last.recorded_at
        known = await store.name_by_ref(conn, last.actor) if last.actor.startswith(_PERSON) else "the_system"
        by = known or by
    raise Stale(id=now["id"], rev=now["rev"], state=state, by=by, what=what, at=at)
