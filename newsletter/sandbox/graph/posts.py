"""Posts of the simulated page: made, changed and deleted."""

import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from newsletter.sandbox.graph import failures, nodes, opengraph
from newsletter.sandbox.graph.calls import Call
from newsletter.sandbox.graph.faults import Fault, one
from newsletter.sandbox.graph.store import Store

MESSAGE_CHARACTERS = 63_206
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
    return nodes.read(store, call, n, "id")


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


def change(store: Store, call: Call, n: int) -> dict[str, Any]:
    """Change the text or the visibility of a post."""
    nodes.get(store, n)
    if "message" in call.params:
        store.run("UPDATE post SET message = ? WHERE n = ?", call.params["message"], n)
    if "is_hidden" in call.params:
        store.run("UPDATE post SET hidden = ? WHERE n = ?", call.flag("is_hidden"), n)
    if call.flag("is_published"):
        store.run("UPDATE post SET published = 1, scheduled = NULL WHERE n = ?", n)
    return {"success": True}


def delete(store: Store, n: int) -> dict[str, Any]:
    """Delete a post."""
    nodes.get(store, n)
    store.run("UPDATE post SET deleted = 1 WHERE n = ?", n)
    return {"success": True}


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
    full = len(nodes.queued(store)) >= store.setting("schedule_queue")
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
