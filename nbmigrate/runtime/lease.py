"""A lock by a row, for databases that have no lock of their own for such a thing.

``<version table>_lease`` holds one row while a run is under way: who, since when, and until when it is to be
believed. The run renews it from a thread with a connection of its own, so that a long statement does not let
it run out; a run that was killed does not renew it, and whoever comes next takes it over. Nobody's clock is
trusted for that alone: the row must also stay unchanged for as long as a living run would not leave it so.

Used where a dialect asks for it (Oracle), and where ``lock = lease`` does: behind a connection pool that
gives each statement another session, on a cluster that does not share ``GET_LOCK``, on a database that
nbmigrate knows nothing of. The table stays, empty: to drop it would race with the next run's row.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Column, String
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError

from nbmigrate.dialects.waiting import wait_for
from nbmigrate.errors import CommandError
from nbmigrate.runtime.records import LEASE, Records, signature

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

TERM = 30.0  # seconds that a row is believed after it was written or renewed
RENEWAL = 2.0  # seconds between two renewals
WATCH = 3 * RENEWAL  # seconds for which a row that has run out must stay as it is before it is taken over

log = logging.getLogger("alembic.runtime.migration")


class Lease(Records):
    """The lease of one history; ``engine`` gives it connections apart from the run's."""

    kind = LEASE

    def __init__(self, engine: Engine, version_table: str, schema: str | None) -> None:
        super().__init__(
            version_table,
            schema,
            Column("owner", String(36), nullable=False),
            Column("expires", BigInteger, nullable=False),  # milliseconds since 1970, UTC
        )
        self.engine = engine
        self.owner = str(uuid.uuid4())
        self.lost = ""  # who has taken it over
        self._seen: tuple[Any, float] | None = None

    @contextmanager
    def held(self, timeout: float) -> Iterator[None]:
        """Hold the lease for a block.

        Raises ``LockTimeout`` with who holds it and since when, where it can't be had in time.
        """
        self._make_table()
        wait_for(self._take, timeout, self._holder)
        ended = threading.Event()
        renewing = threading.Thread(target=self._renew, args=(ended,), name="nbmigrate-lease", daemon=True)
        renewing.start()
        try:
            yield
        finally:
            ended.set()
            renewing.join()
            with suppress(SQLAlchemyError), self.engine.begin() as connection:
                connection.execute(self.table.delete().where(self.table.c.owner == self.owner))

    def check(self) -> None:
        """Before each step: raise ``CommandError`` where another run has taken the lease over meanwhile."""
        if self.lost:
            raise CommandError(
                f"this run's lease ran out, and another run has begun ({self.lost}): nothing more is "
                "done here; `current` tells where the database stands"
            )

    def _make_table(self) -> None:
        try:
            with self.engine.begin() as connection:
                if not self.is_there(connection):
                    self.table.create(connection)
        except DBAPIError:
            with self.engine.connect() as connection:
                if not self.is_there(connection):  # nobody else was faster
                    raise

    def _take(self) -> bool:
        new = {"owner": self.owner, "expires": _from_now(), **signature()}
        try:
            with self.engine.begin() as connection:
                row = connection.execute(self.table.select()).first()
                if row is None:
                    connection.execute(self.table.insert().values(number=1, **new))
                    return True
                if not self._is_abandoned(row):
                    return False
                same = (self.table.c.owner == row.owner) & (self.table.c.expires == row.expires)
                taken = connection.execute(self.table.update().where(same).values(**new)).rowcount == 1
        except (IntegrityError, OperationalError):  # somebody else was faster
            return False
        if taken:
            told = "took over the lease of %s, since %s: it was not renewed any more"
            log.warning(told, row.run_by, row.at)
        return taken

    def _is_abandoned(self, row: Any) -> bool:
        """Run out, and unchanged for as long as we have been looking, which is long enough."""
        key = (row.owner, row.expires)
        if self._seen is None or self._seen[0] != key:
            self._seen = (key, time.monotonic())
        return time.monotonic() - self._seen[1] > WATCH and row.expires < time.time() * 1000

    def _renew(self, ended: threading.Event) -> None:
        mine = self.table.c.owner == self.owner
        while not ended.wait(RENEWAL):
            # where it can't be renewed now, the next time may do
            with suppress(SQLAlchemyError), self.engine.begin() as connection:
                renewed = connection.execute(self.table.update().where(mine).values(expires=_from_now()))
                if not renewed.rowcount:
                    self.lost = self._told(connection.execute(self.table.select()).first())
                    return

    def _holder(self) -> str:
        with self.engine.connect() as connection:
            return self._told(connection.execute(self.table.select()).first())

    def _told(self, row: Any) -> str:
        if row is None:
            return "it has just ended"
        left = row.expires / 1000 - time.time()
        until = f"lasts {left:.0f} s if it is not renewed" if left > 0 else "has run out"
        return f"{row.run_by}, since {row.at}; its lease {until}"


def _from_now() -> int:
    return round((time.time() + TERM) * 1000)
