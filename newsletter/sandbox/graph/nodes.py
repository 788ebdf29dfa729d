"""Posts as Graph tells of them: one by its fields, or page by page."""

import json
import sqlite3
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from newsletter.sandbox.graph import failures, fields
from newsletter.sandbox.graph.calls import Call
from newsletter.sandbox.graph.faults import Fault, one
from newsletter.sandbox.graph.store import Store

LIST_LIMIT = 100
DEFAULT_FIELDS = "id,message,created_time"
_QUEUED = "SELECT * FROM post WHERE NOT deleted AND NOT published AND scheduled > ? ORDER BY n DESC"


def read(store: Store, call: Call, n: int, default: str = DEFAULT_FIELDS) -> dict[str, Any]:
    """Return the `fields` of one post that the call asks for."""
    return fields.project(
        _node(store, call, get(store, n)), fields.parse(call.params.get("fields", default)), "PagePost"
    )


def listing(store: Store, call: Call, plan: list[Fault]) -> dict[str, Any]:
    """Return a page of the published posts, newest first, without those that the list does not show."""
    now = store.now()
    rows = [row for row in visible(store) if row["listed_from"] is None or row["listed_from"] <= now]
    return _paged(store, call, [] if one(plan, "list_hide") else rows, plan)


def scheduled(store: Store, call: Call) -> dict[str, Any]:
    """Return the posts that wait for their time."""
    return _paged(store, call, queued(store), [])


def queued(store: Store) -> list[sqlite3.Row]:
    """Return the posts that wait for their time, the last made first."""
    return store.rows(_QUEUED, store.now())


def visible(store: Store) -> list[sqlite3.Row]:
    """Return the posts that visitors of the page see, newest first: published, or scheduled for a time now past."""
    return store.rows(
        "SELECT * FROM post WHERE NOT deleted AND NOT hidden AND (published OR scheduled <= ?) ORDER BY n DESC",
        store.now(),
    )


def permalink(store: Store, base: str, n: int) -> str:
    """Return the address of a post."""
    return f"{base}/{store.setting('page_id')}/posts/{n}"


def get(store: Store, n: int) -> sqlite3.Row:
    """Return a post's row; raise GraphError where there is none."""
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
    tree = fields.parse(call.params.get("fields", DEFAULT_FIELDS))
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
