"""The database pool: autocommit connections, so that a transaction is always one that a verb opened.

psycopg would otherwise start one at the first SELECT, and a verb's own block would be a mere savepoint.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg import AsyncConnection, OperationalError
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from sigap.kernel.problems import Unavailable


class DatabaseDown(Unavailable):
    """No connection could be had in time. Nothing was written."""

    code = "database.down"


class Database:
    """A pool of connections as the role that owns no table."""

    def __init__(self, url: str, *, size: int = 16, wait_s: float = 3.0) -> None:
        self._pool = AsyncConnectionPool(
            url,
            min_size=1,
            max_size=size,
            timeout=wait_s,
            kwargs={"autocommit": True, "connect_timeout": 3},
            reconnect_timeout=5.0,
            open=False,
        )

    async def open(self) -> None:
        """Start the pool. Returns at once, also while the database is down: connections come when it does."""
        await self._pool.open(wait=False)

    async def close(self) -> None:
        """Give all connections back to the server."""
        await self._pool.close()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """Borrow one connection. Raises DatabaseDown when none can be had or the server dies under it."""
        try:
            async with self._pool.connection() as conn:
                yield conn
        except PoolTimeout as error:
            raise DatabaseDown(part="PostgreSQL") from error
        except OperationalError as error:
            # After kill -9 of the server every pooled connection is dead; testing each in turn takes seconds.
            await self._pool.drain()
            raise DatabaseDown(part="PostgreSQL") from error

    async def answers(self) -> bool:
        """Whether the database answers a question within a second."""
        try:
            async with self._pool.connection(timeout=1.0) as conn:
                await conn.execute("SELECT 1")
        except (PoolTimeout, OperationalError):
            await self._pool.drain()
            return False
        return True
