"""Pages in memory are what the application would answer, for as long as it would."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable, Hashable, MutableMapping
from typing import Any

from sqlalchemy.exc import OperationalError

from newsletter.web.pagecache import CHECK_SECONDS, PageCache

Messages = list[MutableMapping[str, Any]]
PAGE = b"<p>" + b"word " * 1_000


class Site:
    """An application behind the cache, with a clock and a version that tests set."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.version: Hashable = 1
        self.now = 0.0
        self.seen: list[str] = []
        self.headers = [(b"content-type", b"text/html"), (b"cache-control", b"public, max-age=300"), (b"etag", b'"a"')]
        self.status = 200
        self.while_made: Callable[[], None] = lambda: None
        self.cache = PageCache(
            self._answer,
            version=self._version,
            firsts=("en",),
            seen=lambda scope, _: self.seen.append(scope["path"]),
            clock=lambda: self.now,
        )

    def ask(self, path: str = "/en/", method: str = "GET", query: bytes = b"", **headers: str) -> Messages:
        """Return the messages of an answer."""
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query,
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        }
        sent: Messages = []

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.request"}

        asyncio.run(self.cache(scope, receive, send))
        return sent

    def _version(self) -> Hashable:
        if isinstance(self.version, Exception):
            raise self.version
        return self.version

    async def _answer(
        self,
        scope: MutableMapping[str, Any],
        _receive: object,
        send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ) -> None:
        self.asked.append(dict(scope))
        self.while_made()
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": PAGE})


def _head(messages: Messages) -> dict[bytes, bytes]:
    return dict(messages[0]["headers"])


def test_a_page_is_made_once_until_the_archive_changes() -> None:
    site = Site()

    first, again = site.ask(), site.ask()
    site.version, site.now = 2, CHECK_SECONDS + 1
    site.ask()

    assert first == again
    assert first[1]["body"] == PAGE
    assert len(site.asked) == 2
    assert site.seen == ["/en/"] * 3


def test_a_page_made_while_the_archive_changed_is_not_kept() -> None:
    site = Site()

    site.while_made = lambda: setattr(site.cache, "_known", "newer")  # somebody else's request has noticed
    site.ask()
    site.while_made = lambda: None
    site.ask()

    assert len(site.asked) == 2


def test_a_browser_that_has_the_page_is_told_so_in_either_encoding() -> None:
    site = Site()
    packed = site.ask(accept_encoding="gzip, br")

    assert gzip.decompress(packed[1]["body"]) == PAGE
    assert _head(packed)[b"etag"] == b'"a-gz"'
    assert _head(packed)[b"vary"] == b"Accept-Encoding"
    for known in ('"a"', 'W/"a-gz"', '"x", "a-gz"'):
        unchanged = site.ask(if_none_match=known)
        assert (unchanged[0]["status"], unchanged[1]["body"]) == (304, b"")
    assert site.ask(if_none_match='"other"')[0]["status"] == 200


def test_what_a_browser_has_does_not_keep_the_page_from_being_made() -> None:
    site = Site()

    answer = site.ask(if_none_match='"a"')

    assert answer[0]["status"] == 304
    assert (b"if-none-match", b'"a"') not in site.asked[0]["headers"]
    assert site.ask()[1]["body"] == PAGE


def test_head_has_the_length_and_no_body() -> None:
    site = Site()

    answer = site.ask(method="HEAD")

    assert _head(answer)[b"content-length"] == str(len(PAGE)).encode()
    assert answer[1]["body"] == b""


def test_what_is_one_persons_business_or_no_page_is_never_kept() -> None:
    for change in (
        {"headers": [(b"cache-control", b"no-store"), (b"etag", b'"a"')]},
        {"status": 404},
        {"headers": [(b"cache-control", b"public"), (b"etag", b'"a"'), (b"set-cookie", b"a=b")]},
    ):
        site = Site()
        vars(site).update(change)
        site.ask()
        site.ask()

        assert len(site.asked) == 2
        assert site.seen == []


def test_questions_posts_and_other_paths_go_by() -> None:
    site = Site()

    for request in ({"query": b"q=1"}, {"method": "POST"}, {"path": "/desk/"}, {"path": "/"}, {"path": ""}):
        site.ask(**request)
        site.ask(**request)

    assert len(site.asked) == 10


def test_a_database_that_does_not_answer_leaves_the_pages_up() -> None:
    site = Site()
    site.ask()
    site.version, site.now = OperationalError("", {}, Exception()), CHECK_SECONDS + 1

    answer = site.ask()

    assert answer[1]["body"] == PAGE
    assert len(site.asked) == 1


def test_memory_is_bounded_and_the_least_wanted_pages_go_first() -> None:
    site = Site()
    site.cache._size = 63_990_000

    site.ask("/en/1")
    site.ask("/en/2")
    site.ask("/en/1")
    site.ask("/en/3")
    made = len(site.asked)
    site.ask("/en/3")

    assert len(site.asked) == made
    assert site.cache._size <= 64_000_000 or not site.cache._pages
