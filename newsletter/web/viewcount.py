"""How often public pages are looked at: counted in memory, written now and then; no cookie, no address, no person."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import date
from typing import Any

import structlog
from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import Scope

from newsletter import database
from newsletter.archive import views
from newsletter.web.context import Context

WRITE_SECONDS = 10.0
_ROBOT = re.compile(
    rb"bot|crawl|spider|slurp|preview|externalhit|monitor|feed|curl|wget|python|java/|go-http|headless", re.IGNORECASE
)
_PREFETCH = {b"sec-purpose", b"purpose", b"x-moz"}

_log = structlog.get_logger()


class ViewCount:
    """The counter of one process."""

    def __init__(self, context: Context) -> None:
        """Count for the office's days."""
        self._context = context
        self._counted: Counter[tuple[date, str]] = Counter()

    def saw(self, scope: Scope, media_type: bytes) -> None:
        """Note one answer with a page; what programs fetch, and what a browser fetches in advance, is no view."""
        if not media_type.startswith(b"text/html") or scope["method"] != "GET":
            return
        for name, value in scope["headers"]:
            if name in _PREFETCH or (name == b"user-agent" and _ROBOT.search(value)):
                return
        self._counted[self._context.today(), scope["path"]] += 1

    def write(self) -> None:
        """Add what was counted to the database; what cannot be written now is kept for the next time."""
        counted, self._counted = self._counted, Counter()
        if not counted:
            return
        try:
            with database.writing(self._context.engine) as session:
                views.add(session, counted)
        except SQLAlchemyError as error:
            self._counted.update(counted)
            _log.warning("views not written, kept for later", error=type(error).__name__)

    @asynccontextmanager
    async def writing(self, _app: Any) -> AsyncIterator[None]:
        """Write now and then while the application runs, and once more at its end (its lifespan)."""
        ticking = asyncio.ensure_future(_every(WRITE_SECONDS, self.write))
        try:
            yield
        finally:
            ticking.cancel()
            with suppress(asyncio.CancelledError):
                await ticking
            await to_thread.run_sync(self.write)


async def _every(seconds: float, action: Callable[[], None]) -> None:
    while True:
        await asyncio.sleep(seconds)
        await to_thread.run_sync(action)
