"""How far a follower has read the journal."""

from datetime import datetime

from psycopg import AsyncConnection


async def lock_cursor(conn: AsyncConnection, follower: str, *, at: datetime) -> int:
    """The last entry that the follower has dealt with; locked until commit, so that two never deal with one."""
    await conn.execute(
        "INSERT INTO reaction_cursor (follower, seq, at) VALUES (%s, 0, %s) ON CONFLICT DO NOTHING",
        (follower, at),
    )
    cursor = await conn.execute("SELECT seq FROM reaction_cursor WHERE follower = %s FOR UPDATE", (follower,))
    row = await cursor.fetchone()
    if row is None:
        raise RuntimeError(f"the follower {follower} has no cursor")
    return int(row[0])


async def move_cursor(conn: AsyncConnection, follower: str, seq: int, *, at: datetime) -> None:
    """The follower has dealt with everything up to here. `at` also says that it lives."""
    await conn.execute(
        "UPDATE reaction_cursor SET seq = %s, at = %s WHERE follower = %s", (seq, at, follower)
    )
