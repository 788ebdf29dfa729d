"""Ask our own application without a network: the export sees exactly what readers see."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from anyio import sleep_forever
from anyio.from_thread import BlockingPortal, start_blocking_portal
from starlette.types import ASGIApp, Message, Scope

from newsletter.archive import export
from newsletter.archive.export import Answer, Written
from newsletter.web import app as web_app
from newsletter.web.context import Context

AGENT = b"newsletter export (robot)"
OK = 200
MOVED = (301, 302, 307, 308)


def write_archive(context: Context, folder: Path) -> Written:
    """Write the whole public archive into `folder`; return how many files there are and how many changed."""
    with _asking(web_app.create(context)) as ask:
        files = export.collect(context.settings, ask)
    return export.write(folder, files)


class _Ask:
    """Asks an application in an event loop of its own."""

    def __init__(self, portal: BlockingPortal, app: ASGIApp) -> None:
        self._portal, self._app = portal, app

    def __call__(self, address: str) -> Answer:
        return self._portal.call(self._answer, address)

    async def _answer(self, address: str) -> Answer:
        messages: list[Message] = []

        asked: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

        async def receive() -> Message:
            if not asked:
                await sleep_forever()  # nobody hangs up
            return asked.pop()

        async def send(message: Message) -> None:
            messages.append(message)

        await self._app(_scope(address), receive, send)
        headers = {name.decode().lower(): value.decode() for name, value in messages[0]["headers"]}
        if messages[0]["status"] in MOVED:
            return Answer(None, leads_to=headers.get("location", ""))
        if messages[0]["status"] != OK or not headers.get("cache-control", "").startswith("public"):
            return Answer(None)
        body = b"".join(message.get("body", b"") for message in messages[1:])
        return Answer(body, headers["content-type"].partition(";")[0])


@contextmanager
def _asking(app: ASGIApp) -> Iterator[_Ask]:
    with start_blocking_portal() as portal:
        yield _Ask(portal, app)


def _scope(address: str) -> Scope:
    parts = urlsplit(address)
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "root_path": "",
        "query_string": parts.query.encode(),
        "headers": [(b"host", b"localhost"), (b"user-agent", AGENT)],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 0),
        "state": {},
    }
