"""Rounds: what was frozen each time approval was asked for, and what differs from the time before."""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import links, urls
from newsletter.approvals import specimen
from newsletter.config import Settings
from newsletter.links import addresses
from newsletter.models import ApprovalRound, ApprovalTicket, Issue
from newsletter.revisions import Piece, pieces
from newsletter.revisions.comparing import shortened
from newsletter.social import posts
from subscribers import guarded

KINDS = ("subject", "text", "pictures", "post")
"""What a round tells of each language, in the order in which a person reads it."""

Told = dict[str, dict[str, str]]
"""By language, and in it by kind."""

_DRAWN = re.compile(r"^[=\-_]{3,}[^\S\n]*$\n?", re.MULTILINE)
_BREAK = re.compile(r"(?<=(\S))\n[^\S\n]*(?=(?![-*•・◆■]|\d+[.)]\s|https?://)(\S))")
"""A line end inside a paragraph: not before an entry of a list, nor before an address."""
_PICTURE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\b(src|alt)\s*=\s*\"([^\"]*)\"", re.IGNORECASE)


@dataclass(frozen=True)
class Change:
    """One thing that differs, as pieces that were kept, are gone or are new."""

    language: str
    kind: str  # of KINDS
    pieces: list[Piece]


def keep(session: Session, settings: Settings, issue: Issue, *, now: datetime) -> None:
    """Keep what is frozen of the issue as text, for the rounds that may follow."""
    told = json.dumps(tell(session, settings, issue), ensure_ascii=False)
    row = {"issue_id": issue.id, "frozen_hash": issue.frozen_hash, "revision": issue.frozen_revision}
    guarded.insert(session, ApprovalRound, **row, told=told, at=now)


def tell(session: Session, settings: Settings, issue: Issue) -> Told:
    """Return what readers will see of what is frozen, as text; short links are told as what they lead to."""
    targets = {link.code: link.target for link in links.held(session, issue.id)}
    told: Told = {}
    for mail in specimen.of_issue(session, settings, issue):
        short = {urls.short(settings, addresses.token(code, mail.language)): to for code, to in targets.items()}
        told[mail.language] = {
            "subject": mail.subject,
            "text": _flowing(_expanded(mail.text, short)),
            "pictures": _pictures(mail.html),
        }
    for post in posts.of_issue(session, issue.id):
        told.setdefault(post.language, {})["post"] = post.text
    return told


def earlier(session: Session, issue: Issue, editor_id: int | None = None) -> ApprovalRound | None:
    """Return the last round before what is frozen now, or the last in which `editor_id` was asked."""
    query = select(ApprovalRound).where(
        ApprovalRound.issue_id == issue.id, ApprovalRound.frozen_hash != (issue.frozen_hash or "")
    )
    if editor_id is not None:
        asked = select(ApprovalTicket.frozen_hash).where(
            ApprovalTicket.issue_id == issue.id, ApprovalTicket.editor_id == editor_id
        )
        query = query.where(ApprovalRound.frozen_hash.in_(asked))
    return session.scalar(query.order_by(ApprovalRound.id.desc()).limit(1))


def changes(session: Session, issue: Issue, editor_id: int | None = None) -> list[Change] | None:
    """Return what differs from the round an editor saw last (any round, without `editor_id`), or None for a first."""
    before = earlier(session, issue, editor_id)
    now = session.scalar(
        select(ApprovalRound).where(
            ApprovalRound.issue_id == issue.id, ApprovalRound.frozen_hash == (issue.frozen_hash or "")
        )
    )
    return compare(json.loads(before.told), json.loads(now.told)) if before and now else None


def compare(before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]]) -> list[Change]:
    """Return what differs, language by language; unchanged stretches are cut short."""
    found = []
    for language in dict.fromkeys((*after, *before)):
        for kind in KINDS:
            old, new = before.get(language, {}).get(kind, ""), after.get(language, {}).get(kind, "")
            if old != new:
                found.append(Change(language, kind, shortened(_pieces(old, new))))
    return found


def _pieces(before: str, after: str) -> list[Piece]:
    """Return two texts as one, compared by paragraphs first and by words within those that differ."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    found: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        was, is_now = "".join(old[i:j]), "".join(new[k:m])
        found += [Piece("same", was)] if tag == "equal" else pieces(was, is_now)
    return [_joined(kind, group) for kind, group in groupby(found, key=lambda piece: piece.kind)]


def _joined(kind: Literal["same", "gone", "new"], group: Iterable[Piece]) -> Piece:
    return Piece(kind, "".join(piece.text for piece in group))


def _expanded(text: str, short: Mapping[str, str]) -> str:
    for address, target in short.items():
        text = text.replace(address, target)
    return text


def _flowing(text: str) -> str:
    """Return a text without its line ends inside paragraphs and without drawn lines, which move with every word."""
    return _BREAK.sub(lambda found: "" if _is_wide(found[1]) and _is_wide(found[2]) else " ", _DRAWN.sub("", text))


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _pictures(html: str) -> str:
    """Return a line for each picture: what it says to those who do not see it, and which file it is."""
    lines = []
    for tag in _PICTURE.findall(html):
        said = {name.lower(): value for name, value in _ATTRIBUTE.findall(tag)}
        lines.append(f"{said.get('alt', '')} ({said.get('src', '').rpartition('/')[2][:12]})")
    return "\n".join(lines)
