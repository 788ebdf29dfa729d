"""What the simulator knows, in one SQLite file that survives kill -9."""

import json
import secrets
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

FILE = "graph.sqlite"
FIRST_POST = 122_100_000_000_000
"""The number before that of the first post, long as real ones are."""
SCHEMA = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS post (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    message TEXT NOT NULL,
    link TEXT NOT NULL,
    card TEXT NOT NULL,
    photos TEXT NOT NULL,
    created REAL NOT NULL,
    scheduled REAL,
    published INTEGER NOT NULL,
    hidden INTEGER NOT NULL DEFAULT 0,
    development INTEGER NOT NULL,
    listed_from REAL,
    deleted INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS photo (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    media_type TEXT NOT NULL,
    content BLOB NOT NULL,
    alt TEXT NOT NULL,
    created REAL NOT NULL,
    temporary INTEGER NOT NULL,
    used INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS picture (hash TEXT PRIMARY KEY, media_type TEXT NOT NULL, content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS scrape (url TEXT PRIMARY KEY, card TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS unknown (name TEXT PRIMARY KEY, count INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS fault (
    id INTEGER PRIMARY KEY, spec TEXT NOT NULL, matched INTEGER NOT NULL DEFAULT 0, remaining INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    token TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    status INTEGER,
    stored INTEGER NOT NULL DEFAULT 0,
    fault TEXT
);
"""
FORGOTTEN = ("post", "photo", "picture", "scrape", "unknown", "fault", "log")
"""The tables that a reset empties; page, app and tokens stay."""
PROFILE: dict[str, Any] = {
    "app_mode": "live",  # development: posts are seen only by people with a role on the app
    "require_proof": True,
    "links_with_photos": False,
    "photo_megabytes": 10,
    "schedule_days": 30,
    "schedule_queue": 29,
    "page_token": "valid",
    "user_token": "valid",
    "clock_offset": 0.0,
}
"""What a test may change while the simulator runs, with its defaults."""


class Store:
    """The file, one connection and one lock; each call is a transaction."""

    def __init__(self, folder: Path) -> None:
        """Open or make the file in `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(folder / FILE, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + SCHEMA)
        self._begin()

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """Return the rows of a query."""
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> sqlite3.Row | None:
        """Return the first row of a query, if any."""
        return next(iter(self.rows(sql, *values)), None)

    def run(self, sql: str, *values: object) -> int:
        """Carry out a change; return the id of the row it added last."""
        with self._lock:
            return self._connection.execute(sql, values).lastrowid or 0

    def locked(self) -> threading.RLock:
        """Return the lock, for what must happen without anything in between."""
        return self._lock

    def setting(self, name: str, default: Any = "") -> Any:
        """Return a setting, by default one of `PROFILE`."""
        row = self.row("SELECT value FROM setting WHERE name = ?", name)
        return json.loads(row["value"]) if row else PROFILE.get(name, default)

    def put(self, name: str, value: object) -> None:
        """Keep a setting."""
        self.run("INSERT OR REPLACE INTO setting VALUES (?, ?)", name, json.dumps(value))

    def now(self) -> float:
        """Return the simulator's time: the real one and what was added to it."""
        return time.time() + float(self.setting("clock_offset"))

    def reset(self) -> None:
        """Forget posts, faults, log and profile; keep page, app and tokens."""
        with self._lock:
            for table in FORGOTTEN:
                self.run(f"DELETE FROM {table}")  # noqa: S608 - the names are ours
            for name in PROFILE:
                self.run("DELETE FROM setting WHERE name = ?", name)
            self._begin()

    def seed(self, **given: str) -> None:
        """Give the page, the app and their secrets values where they have none; `given` ones win."""
        made = {
            "page_id": "100000000000001",
            "page_name": "Sample page",
            "app_id": "200000000000002",
            "app_secret_value": secrets.token_hex(16),
            "page_token_value": f"EAA{secrets.token_hex(48)}",
            "user_token_value": f"EAA{secrets.token_hex(48)}",
        }
        for name, value in made.items():
            if given.get(name) or not self.setting(name):
                self.put(name, given.get(name) or value)

    def _begin(self) -> None:
        if not self.row("SELECT 1 FROM sqlite_sequence WHERE name = 'post'"):
            self.run("INSERT INTO sqlite_sequence (name, seq) VALUES ('post', ?)", FIRST_POST)
