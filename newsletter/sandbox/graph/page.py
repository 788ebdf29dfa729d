"""The simulated page as its visitors see it, in English and Japanese."""

import json
import re
import unicodedata
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from newsletter.sandbox.graph import nodes, times
from newsletter.sandbox.graph.store import Store
from newsletter.sandbox.graph.wire import Response
from newsletter.words import Words, load

FOLD_PHONE = 125
FOLD_DESKTOP = 477
"""Where long texts are said to be folded; a hint, since nobody at Facebook promises it."""
PHONE_LINES = 3
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'"
_HERE = Path(__file__).parent
_PICTURE = re.compile(r"/__sim/picture/([0-9a-f]{64})|/__sim/photo/(\d+)")


@dataclass(frozen=True)
class Text:
    """A message in three parts: what phones show, what desktops show besides, and what both fold away."""

    first: Markup
    second: Markup
    third: Markup


def serve(store: Store, target: str, headers: Message, base: str) -> Response | None:
    """Return the page, one post, or a picture for a reader; None where `target` is none of them."""
    parts = urlsplit(target)
    if found := _PICTURE.fullmatch(parts.path):
        return _picture(store, found)
    if "Authorization" in headers or "access_token" in parts.query:
        return None  # the same paths are calls when somebody with a token asks
    page_id = re.escape(str(store.setting("page_id")))
    if parts.path == "/":
        return Response(302, b"", "text/html", {"Location": f"/{store.setting('page_id')}"})
    if shown := re.fullmatch(rf"/{page_id}(?:/posts/(\d+))?/?", parts.path):
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        return _html(store, query, headers, base, only=int(shown[1]) if shown[1] else None)
    return None


def fold(message: str) -> Text:
    """Return `message` cut where phones and desktops fold it, never inside a character that is made of several."""
    lines = [found.end() - 1 for found in re.finditer("\n", message)]
    phone = min(FOLD_PHONE, lines[PHONE_LINES - 1] if len(lines) >= PHONE_LINES else FOLD_PHONE)
    first = _whole(message, phone)
    second = _whole(message, max(FOLD_DESKTOP, first))
    return Text(linked(message[:first]), linked(message[first:second]), linked(message[second:]))


def linked(text: str) -> Markup:
    """Return text as HTML with its addresses as links and its hashtags marked."""
    html = Markup()
    for piece in re.split(r"(https?://[^\s<>「」（）]+|(?<!\S)#\w+)", text):
        if piece.startswith(("http://", "https://")):
            html += Markup('<a href="{0}" rel="noopener">{0}</a>').format(piece)
        elif piece.startswith("#"):
            html += Markup('<span class="tag">{}</span>').format(piece)
        else:
            html += escape(piece)
    return html


def _html(store: Store, query: dict[str, str], headers: Message, base: str, *, only: int | None) -> Response:
    language = query.get("lang", "")
    if language not in ("en", "ja"):
        language = "ja" if headers.get("Accept-Language", "").lower().startswith("ja") else "en"
    public = query.get("view") != "staff"
    rows = [row for row in nodes.visible(store) if not (public and row["development"])]
    chosen = [row for row in rows if only is None or row["n"] == only]
    say = load("page", language, _HERE)
    names = {
        "say": say,
        "language": language,
        "public": public,
        "single": only is not None,
        "page": {"id": store.setting("page_id"), "name": store.setting("page_name")},
        "initial": str(store.setting("page_name"))[:1].upper(),
        "count": len(rows),
        "posts": [_shown(store, row, say, base) for row in chosen],
        "css": Markup((_HERE / "page.css").read_text(encoding="utf-8")),  # noqa: S704 - a file of ours
    }
    status = 404 if only is not None and not chosen else 200
    html = _environment().get_template("page.html.j2").render(names)
    policy = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Vary": "Accept-Language"}
    return Response(status, html.encode(), "text/html; charset=utf-8", policy)


def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True)


def _shown(store: Store, row: Any, say: Words, base: str) -> dict[str, Any]:
    at = row["scheduled"] or row["created"]
    photos = [store.row("SELECT id, alt FROM photo WHERE id = ?", photo) for photo in json.loads(row["photos"])]
    return {
        "id": row["n"],
        "permalink": nodes.permalink(store, base, row["n"]),
        "text": fold(row["message"]),
        "card": json.loads(row["card"]),
        "photos": [dict(photo) for photo in photos if photo],
        "iso": times.iso(at),
        "ago": times.ago(at, store.now(), say),
    }


def _picture(store: Store, found: re.Match[str]) -> Response:
    row = (
        store.row("SELECT media_type, content FROM picture WHERE hash = ?", found[1])
        if found[1]
        else store.row("SELECT media_type, content FROM photo WHERE id = ?", int(found[2]))
    )
    if row is None:
        return Response(404, b"", "text/plain")
    safe = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
    return Response(200, row["content"], row["media_type"], safe)


def _whole(text: str, at: int) -> int:
    """Return the place at or before `at` where `text` may be cut: at a blank if one is near, never inside a cluster."""
    if len(text) <= at:
        return len(text)
    blank = max(text.rfind(" ", at - 20, at), text.rfind("\n", at - 20, at + 1))
    if blank > 0:
        return len(text[:blank].rstrip())
    while at > 1 and (_joins(text[at]) or text[at - 1] == "\u200d"):
        at -= 1
    return at


def _joins(character: str) -> bool:
    return (
        bool(unicodedata.combining(character))
        or character in "\u200d\ufe0f"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )
