"""Public pages kept in memory as they were answered, and answered from there before any routing.

A page is kept for as long as the archive has the version it was made from, on the same day of the office.
"""

import asyncio
import gzip
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Iterable
from dataclasses import dataclass

import structlog
from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CHECK_SECONDS = 0.25
"""How long the archive's version is believed without asking the database again."""
MOST_BYTES = 64_000_000
"""Of all pages kept; those not asked for longest give way."""
LARGEST = 1_000_000
"""Bytes of one page; what is larger is made for each reader."""
_WORTH_PACKING = 1_000
_Headers = list[tuple[bytes, bytes]]
_CONDITIONAL = {b"if-none-match", b"if-modified-since", b"range", b"if-range"}
_PACKED = (b"text/", b"application/atom+xml", b"application/xml", b"image/svg+xml")

_log = structlog.get_logger()
Seen = Callable[[Scope, bytes], None]
"""Is told of each answer with a page: the request and the page's media type."""


@dataclass(frozen=True)
class _Form:
    """One encoding of a page."""

    tag: bytes
    start: Message
    unchanged: Message
    body: Message
    empty: Message


@dataclass(frozen=True)
class _Kept:
    media_type: bytes
    plain: _Form
    packed: _Form | None
    size: int


class PageCache:
    """The middleware around everything else; `version` may wait for the database, `seen` may not."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        version: Callable[[], Hashable],
        firsts: Iterable[str],
        seen: Seen,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Wrap `app`; `firsts` are the first segments of the paths that may be kept."""
        self._app = app
        self._version = version
        self._firsts = frozenset(firsts)
        self._seen = seen
        self._clock = clock
        self._pages: OrderedDict[str, _Kept] = OrderedDict()
        self._size = 0
        self._known: Hashable = None
        self._checked = float("-inf")
        self._check: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory, or keep what the application answers."""
        if not self._may_be_kept(scope):
            await self._app(scope, receive, send)
            return
        if self._clock() - self._checked > CHECK_SECONDS:
            await self._look()
        path = scope["path"]
        kept = self._pages.get(path)
        if kept is None:
            kept = await self._make(scope, receive, send)
            if kept is None:
                return  # it has been answered
        else:
            self._pages.move_to_end(path)
        await self._answer(kept, scope, send)

    def _may_be_kept(self, scope: Scope) -> bool:
        return (
            scope["type"] == "http"
            and scope["method"] in {"GET", "HEAD"}
            and not scope["query_string"]
            and scope["path"].removeprefix("/").partition("/")[0] in self._firsts
        )

    async def _look(self) -> None:
        """Ask for the archive's version, once for all who wait; a database that does not answer changes nothing."""
        if self._check is None:
            self._check = asyncio.ensure_future(self._compare())
        await asyncio.shield(self._check)

    async def _compare(self) -> None:
        try:
            version = await to_thread.run_sync(self._version)
        except SQLAlchemyError as error:
            _log.warning("archive version unknown, pages are answered from memory", error=type(error).__name__)
        else:
            if version != self._known:
                self._pages.clear()
                self._size, self._known = 0, version
        finally:
            self._checked, self._check = self._clock(), None

    async def _make(self, scope: Scope, receive: Receive, send: Send) -> _Kept | None:
        """Return the page after keeping it, or pass on what is no page for everybody and return None."""
        known, answer = self._known, _Answer()
        plain = [pair for pair in scope["headers"] if pair[0] not in _CONDITIONAL]
        await self._app({**scope, "method": "GET", "headers": plain}, receive, answer.take)
        kept = answer.kept()
        if kept is None:
            await answer.pass_on(send, without_body=scope["method"] == "HEAD")
            return None
        if known == self._known:  # otherwise the archive has changed while the page was made
            self._keep(scope["path"], kept)
        return kept

    def _keep(self, path: str, kept: _Kept) -> None:
        replaced = self._pages.pop(path, None)
        self._pages[path] = kept
        self._size += kept.size - (replaced.size if replaced else 0)
        while self._size > MOST_BYTES:
            _, oldest = self._pages.popitem(last=False)
            self._size -= oldest.size

    async def _answer(self, kept: _Kept, scope: Scope, send: Send) -> None:
        tags, packing = b"", False
        for name, value in scope["headers"]:
            if name == b"if-none-match":
                tags += value
            elif name == b"accept-encoding":
                packing = b"gzip" in value
        form = kept.packed if packing and kept.packed else kept.plain
        self._seen(scope, kept.media_type)
        if tags and (kept.plain.tag in tags or (kept.packed and kept.packed.tag in tags)):
            await send(form.unchanged)
            await send(form.empty)
            return
        await send(form.start)
        await send(form.empty if scope["method"] == "HEAD" else form.body)


class _Answer:
    """What the application sent, whole."""

    def __init__(self) -> None:
        self._messages: list[Message] = []

    async def take(self, message: Message) -> None:
        self._messages.append(message)

    async def pass_on(self, send: Callable[[Message], Awaitable[None]], *, without_body: bool) -> None:
        for message in self._messages:
            await send({**message, "body": b""} if without_body and "body" in message else message)

    def kept(self) -> _Kept | None:
        """Return the page, if it is one that is the same for everybody."""
        start = self._messages[0]
        headers = {name.lower(): value for name, value in start["headers"]}
        body = b"".join(message.get("body", b"") for message in self._messages[1:])
        shared = headers.get(b"cache-control", b"").startswith(b"public")
        tag = headers.get(b"etag", b"")
        if start["status"] != 200 or not shared or not tag or len(body) > LARGEST or b"set-cookie" in headers:  # noqa: PLR2004 - an answer in full
            return None
        media_type = headers.get(b"content-type", b"")
        packed = None
        if media_type.startswith(_PACKED) and len(body) > _WORTH_PACKING:
            packed = _form(start["headers"], gzip.compress(body, mtime=0), tag[:-1] + b'-gz"', packed=True)
        plain = _form(start["headers"], body, tag, packed=False)
        size = len(body) + (len(packed.body["body"]) if packed else 0) + 2_000
        return _Kept(media_type, plain, packed, size)


def _form(headers: _Headers, body: bytes, tag: bytes, *, packed: bool) -> _Form:
    replaced = {b"etag", b"content-length", b"vary"}
    common = [pair for pair in headers if pair[0].lower() not in replaced]
    common += [(b"etag", tag), (b"vary", b"Accept-Encoding")]
    whole = [*common, (b"content-length", str(len(body)).encode())]
    if packed:
        whole.append((b"content-encoding", b"gzip"))
    short = [pair for pair in common if pair[0].lower() not in {b"content-type", b"content-language"}]
    return _Form(
        tag=tag,
        start={"type": "http.response.start", "status": 200, "headers": whole},
        unchanged={"type": "http.response.start", "status": 304, "headers": short},
        body={"type": "http.response.body", "body": body},
        empty={"type": "http.response.body", "body": b""},
    )
