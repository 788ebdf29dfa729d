"""Posts of the simulated page: made, changed, deleted, read and listed."""

import json
import re
import sqlite3
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from newsletter.sandbox.graph import failures, fields, opengraph
from newsletter.sandbox.graph.calls import Call
from newsletter.sandbox.graph.faults import Fault, one
from newsletter.sandbox.graph.store import Store

MESSAGE_CHARACTERS = 63_206
LIST_LIMIT = 100
KNOWN = frozenset(
    [
        "message",
        "link",
        "published",
        "scheduled_publish_time",
        "unpublished_content_type",
        "fields",
        "appsecret_proof",
        "is_published",
        "is_hidden",
        "is_pinned",
    ]
)
"""Parameters that mean something here; others are ignored, as Graph does, and counted."""


def publish(store: Store, call: Call, plan: list[Fault]) -> dict[str, Any]:
    """Make a post; return its id and the `fields` asked for."""
    message, link = call.params.get("message", ""), call.params.get("link", "")
    photos = _photos(store, call)
    scheduled = _scheduled(store, call)
    _check(store, message, link, photos)
    _count_unknown(store, call)
    card = opengraph.card(store, link) if link else {}
    now = store.now()
    lag = one(plan, "list_lag")
    n = store.run(
        "INSERT INTO post (message, link, card, photos, created, scheduled, published, development, listed_from)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        message,
        link,
        json.dumps(card),
        json.dumps(photos),
        now,
        scheduled,
        call.flag("published", default=True),
        store.setting("app_mode") != "live",
        _listed_from(now, lag, hide=one(plan, "list_hide")),
    )
    for photo in photos:
        store.run("UPDATE photo SET used = 1 WHERE id = ?", photo)
    node = _node(store, call, _get(store, n))
    return fields.project(node, fields.parse(call.params.get("fields", "id")), "PagePost")


def publish_photo(store: Store, photo: int, caption: str) -> str:
    """Make a post of one photo; return its id."""
    n = store.run(
        "INSERT INTO post (message, link, card, photos, created, published, development)"
        " VALUES (?, '', '{}', ?, ?, 1, ?)",
        caption,
        json.dumps([photo]),
        store.now(),
        store.setting("app_mode") != "live",
    )
    return f"{store.setting('page_id')}_{n}"


def read(store: Store, call: Call, n: int) -> dict[str, Any]:
    """Return one post."""
    node = _node(store, call, _get(store, n))
    return fields.project(node, fields.parse(call.params.get("fields", "id,message,created_time")), "PagePost")


def change(store: Store, call: Call, n: int) -> dict[str, Any]:
    """Change the text or the visibility of a post."""
    _get(store, n)
    if "message" in call.params:
        store.run("UPDATE post SET message = ? WHERE n = ?", call.params["message"], n)
    if "is_hidden" in call.params:
        store.run("UPDATE post SET hidden = ? WHERE n = ?", call.flag("is_hidden"), n)
    if call.flag("is_published"):
        store.run("UPDATE post SET published = 1, scheduled = NULL WHERE n = ?", n)
    return {"success": True}


def delete(store: Store, n: int) -> dict[str, Any]:
    """Delete a post."""
    _get(store, n)
    store.run("UPDATE post SET deleted = 1 WHERE n = ?", n)
    return {"success": True}


def listing(store: Store, call: Call, plan: list[Fault]) -> dict[str, Any]:
    """Return a page of the published posts, newest first, without those that the list does not show."""
    now = store.now()
    rows = [row for row in visible(store) if row["listed_from"] is None or row["listed_from"] <= now]
    return _paged(store, call, [] if one(plan, "list_hide") else rows, plan)


def scheduled(store: Store, call: Call) -> dict[str, Any]:
    """Return the posts that wait for their time."""
    return _paged(store, call, store.rows(_QUEUED, store.now()), [])


def visible(store: Store) -> list[sqlite3.Row]:
    """Return the posts that visitors of the page see, newest first: published, or scheduled for a time now past."""
    return store.rows(
        "SELECT * FROM post WHERE NOT deleted AND NOT hidden AND (published OR scheduled <= ?) ORDER BY n DESC",
        store.now(),
    )


def permalink(store: Store, base: str, n: int) -> str:
    """Return the address of a post."""
    return f"{base}/{store.setting('page_id')}/posts/{n}"


_QUEUED = "SELECT * FROM post WHERE NOT deleted AND NOT published AND scheduled > ? ORDER BY n DESC"


def _check(store: Store, message: str, link: str, photos: list[int]) -> None:
    if not message and not link and not photos:
        raise failures.invalid("Either message or link must be given.")
    if len(message) > MESSAGE_CHARACTERS:
        raise failures.invalid("Param message is too long.")
    if link:
        host = urlsplit(link).hostname or ""
        if urlsplit(link).scheme not in ("http", "https") or not host:
            raise failures.BAD_LINK
        if host == "facebook.com" or host.endswith(".facebook.com"):
            raise failures.FACEBOOK_LINK
        if photos and not store.setting("links_with_photos"):
            raise failures.invalid("A link cannot be combined with attached media.")
    last = store.row("SELECT message FROM post WHERE NOT deleted ORDER BY n DESC LIMIT 1")
    if message and last is not None and last["message"] == message:
        raise failures.DUPLICATE


def _photos(store: Store, call: Call) -> list[int]:
    chosen = [int(str(entry.get("media_fbid", 0))) for entry in call.listed("attached_media")]
    for photo in chosen:
        if store.row("SELECT 1 FROM photo WHERE id = ? AND (used OR created > ?)", photo, store.now() - 86_400) is None:
            raise failures.invalid("Unknown media_fbid.")
    return chosen


def _scheduled(store: Store, call: Call) -> float | None:
    text = call.params.get("scheduled_publish_time", "")
    if not text:
        return None
    if call.flag("published", default=True):
        raise failures.invalid("You cannot schedule a post that is published.")
    at = float(text) if text.isdigit() else datetime.fromisoformat(text).astimezone(UTC).timestamp()
    ahead = at - store.now()
    full = len(store.rows(_QUEUED, store.now())) >= store.setting("schedule_queue")
    if not 600 <= ahead < 86_400 * store.setting("schedule_days") or full:  # noqa: PLR2004 - ten minutes
        raise failures.BAD_TIME
    return at


def _listed_from(now: float, lag: Fault | None, *, hide: Fault | None) -> float | None:
    if hide:
        return now * 1000  # never
    return now + lag.seconds if lag else None


def _count_unknown(store: Store, call: Call) -> None:
    for name in call.params:
        if name not in KNOWN and not re.fullmatch(r"attached_media(\[\d+\])?", name):
            store.run("INSERT INTO unknown VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET count = count + 1", name)


def _get(store: Store, n: int) -> sqlite3.Row:
    row = store.row("SELECT * FROM post WHERE n = ? AND NOT deleted", n)
    if row is None:
        node = f"{store.setting('page_id')}_{n}"
        raise failures.missing(node)
    return row


def _node(store: Store, call: Call, row: sqlite3.Row) -> dict[str, Any]:
    """Return everything that is known of a post; PagePost has no `link` field, the address stands in its attachment."""
    page = {"id": store.setting("page_id"), "name": store.setting("page_name")}
    nobody = {"data": [], "summary": {"total_count": 0}}
    return {
        "id": f"{page['id']}_{row['n']}",
        "message": row["message"] or None,
        "created_time": _time(row["scheduled"] or row["created"]),
        "updated_time": _time(row["created"]),
        "scheduled_publish_time": int(row["scheduled"]) if row["scheduled"] else None,
        "permalink_url": permalink(store, call.base, row["n"]),
        "is_published": bool(row["published"] or (row["scheduled"] and row["scheduled"] <= store.now())),
        "is_hidden": bool(row["hidden"]),
        "from": page,
        "shares": None,
        "reactions": nobody,
        "comments": nobody,
        "attachments": _attachments(call, json.loads(row["card"])),
    }


def _attachments(call: Call, card: dict[str, Any]) -> dict[str, Any] | None:
    if not card:
        return None
    shim = f"{call.base}/l.php?u={quote(card['url'], safe='')}"
    entry = {
        "unshimmed_url": card["url"],
        "url": shim,
        "target": {"url": shim},
        "title": card["title"],
        "type": "share",
    }
    return {"data": [entry | {"description": card["description"]}]}


def _paged(store: Store, call: Call, rows: list[sqlite3.Row], plan: list[Fault]) -> dict[str, Any]:
    limit = int(call.params.get("limit", "25"))
    if not 0 < limit <= LIST_LIMIT:
        raise failures.invalid("Param limit must be between 1 and 100.")
    after = _cursor_number(call.params.get("after", ""))
    rest = [row for row in rows if after is None or row["n"] < after]
    if one(plan, "page_empty_with_next"):
        newest = str(rest[0]["n"] + 1 if rest else 1)
        return {"data": [], "paging": _paging(call, newest, newest, more=True)}
    tree = fields.parse(call.params.get("fields", "id,message,created_time"))
    chosen = rest[:limit]
    data = [fields.project(_node(store, call, row), tree, "PagePost") for row in chosen]
    if not chosen:
        return {"data": []}
    more = len(rest) > limit
    return {"data": data, "paging": _paging(call, str(chosen[0]["n"]), str(chosen[-1]["n"]), more=more)}


def _paging(call: Call, first: str, last: str, *, more: bool) -> dict[str, Any]:
    before, after = (urlsafe_b64encode(mark.encode()).decode() for mark in (first, last))
    paging: dict[str, Any] = {"cursors": {"before": before, "after": after}}
    if more:  # the address holds the token, as in reality
        query = urlencode(call.params | {"access_token": call.token, "after": after})
        paging["next"] = f"{call.base}/{call.asked_version or 'v26.0'}{call.path}?{query}"
    return paging


def _cursor_number(cursor: str) -> int | None:
    if not cursor:
        return None
    try:
        return int(urlsafe_b64decode(cursor))
    except ValueError as error:
        raise failures.invalid("Param after is not a cursor.") from error


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
