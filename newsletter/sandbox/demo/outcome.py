"""What came of an issue in the demo: the counts, the pages, the posts, and every message in the catcher."""

import json
import time
import urllib.error
import urllib.request
from collections import Counter
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http import HTTPStatus
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import database, urls
from newsletter.delivery import report as closing_report
from newsletter.models import ArchivePage, Delivery, Edition, Issue, Post
from newsletter.sandbox.catcher import store
from newsletter.sandbox.demo.cast import Office
from subscribers import languages, tokens
from subscribers.models import Subscriber

COUNTS = ("enlisted", "sent", "refused", "withdrawn", "uncertain", "given_up", "cancelled")
OPEN_POSTS = ("planned", "publishing", "waiting")


def is_over(session: Session, issue_id: int) -> bool:
    """Return whether the issue is closed and none of its posts is still on its way."""
    issue = session.get_one(Issue, issue_id)
    waiting = session.scalar(select(Post.id).where(Post.issue_id == issue_id, Post.state.in_(OPEN_POSTS)).limit(1))
    return issue.state == "closed" and waiting is None


def wait(office: Office, issue_id: int, seconds: float) -> bool:
    """Wait until the issue is over; return False where that takes longer than `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with database.reading(office.engine) as session:
            if is_over(session, issue_id):
                return True
        time.sleep(0.2)
    return False


def summarise(office: Office, issue_id: int) -> dict[str, Any]:
    """Return the counts, the archive's addresses and the post's, and write them to `report.json`."""
    with database.reading(office.engine) as session:
        issue = session.get_one(Issue, issue_id)
        counts = closing_report.build(session, issue).as_dict()
        pages = session.scalars(select(ArchivePage).where(ArchivePage.issue_id == issue_id)).all()
        posts = session.scalars(select(Post).where(Post.issue_id == issue_id).order_by(Post.language)).all()
        summary: dict[str, Any] = {
            "issue": issue.number,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            **{name: counts[name] for name in COUNTS},
            "archive": {
                page.language: urls.issue_page(office.settings, page.language, issue.slug)
                for page in pages
                if page.published_at
            },
            "post": next((post.permalink for post in posts), None),
            "posts": {post.language: post.permalink for post in posts},
        }
    path = office.ground.folder / "report.json"
    path.write_text(json.dumps(summary, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return summary


def missing(office: Office, issue_id: int, summary: dict[str, Any]) -> list[str]:
    """Return a sentence for everything that should be there and is not; nothing means all is well."""
    sentences = []
    if summary["enlisted"] != sum(summary[name] for name in COUNTS[1:]):
        sentences.append("The sum does not add up.")
    if summary["sent"] == 0:
        sentences.append("Nobody was sent anything.")
    archive, posts = summary["archive"], summary["posts"]
    sentences += [
        f"The archive page in {language!r} cannot be read."
        for language in office.settings.publication.languages
        if not _answers(archive.get(language, ""))
    ]
    sentences += [
        f"The post in {language!r} is not on the page."
        for language in office.settings.facebook.languages
        if not _answers(posts.get(language) or "")
    ]
    return sentences + _wrong_messages(office, issue_id)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - our own servers on this machine
            return bool(answer.status == HTTPStatus.OK)
    except (OSError, ValueError, urllib.error.URLError):
        return False


def _wrong_messages(office: Office, issue_id: int) -> list[str]:
    copies = _copies(office)
    sentences = Counter[str]()
    with database.reading(office.engine) as session:
        issue = session.get_one(Issue, issue_id)
        sent = (
            select(Delivery.subscription_id, Edition.language, Subscriber.name)
            .join(Edition, Delivery.edition_id == Edition.id)
            .join(Subscriber, Delivery.subscriber_id == Subscriber.id)
            .where(Delivery.issue_id == issue_id, Delivery.state == "sent")
        )
        for subscription_id, language, name in session.execute(sent):
            token = tokens.unsubscribe_token(office.keys.unsubscribe, subscription_id)
            mine = copies.get(f"{issue.slug}.{subscription_id}", [])
            sentences.update(_faults(mine, language, name, urls.unsubscribe(office.settings, token)))
    return [f"{count} readers: {sentence}" for sentence, count in sentences.items()]


def _copies(office: Office) -> dict[str, list[EmailMessage]]:
    """Return the messages in the catcher by the local part of their Message-ID, which names issue and reader."""
    copies: dict[str, list[EmailMessage]] = {}
    for caught in store.read(office.ground.folder / "mail" / "messages"):
        message = message_from_bytes(caught.raw, policy=default)
        assert isinstance(message, EmailMessage)  # noqa: S101 - what that policy makes
        copies.setdefault(str(message["Message-ID"]).lstrip("<").partition("@")[0], []).append(message)
    return copies


def _faults(copies: list[EmailMessage], language: str, name: str, link: str) -> list[str]:
    if len(copies) != 1:
        return [f"their message is in the catcher {len(copies)} times."]
    message = copies[0]
    html = message.get_body(("html",))
    content = html.get_content() if html else ""
    shown = message["To"].addresses[0].display_name
    return [
        sentence
        for sentence, right in (
            ("the wrong language.", message["Content-Language"] == ", ".join(languages.of(language))),
            ("the wrong name.", "".join(shown.split()) == "".join(name.split())),
            ("no unsubscribe link.", link in content and link in message["List-Unsubscribe"]),
        )
        if not right
    ]
