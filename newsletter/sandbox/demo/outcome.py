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
from subscribers import tokens
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
            "post": {post.language: post.permalink for post in posts},
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
    archive, posts = summary["archive"], summary["post"]
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
    caught: dict[str, list[EmailMessage]] = {}
    for message in store.read(office.ground.folder / "mail" / "messages"):
        parsed = message_from_bytes(message.raw, policy=default)
        assert isinstance(parsed, EmailMessage)  # noqa: S101 - what that policy makes
        for recipient in message.envelope_to:
            caught.setdefault(recipient, []).append(parsed)
    sentences = Counter[str]()
    with database.reading(office.engine) as session:
        sent = select(Delivery, Edition, Subscriber).join(Edition, Delivery.edition_id == Edition.id)
        sent = sent.join(Subscriber, Delivery.subscriber_id == Subscriber.id)
        for delivery, edition, subscriber in session.execute(
            sent.where(Delivery.issue_id == issue_id, Delivery.state == "sent")
        ):
            token = tokens.unsubscribe_token(office.keys.unsubscribe, delivery.subscription_id)
            copies = [one for one in caught.get(subscriber.email or "", []) if one["Subject"] == edition.subject]
            sentences.update(_faults(copies, subscriber, edition, urls.unsubscribe(office.settings, token)))
    return [f"{count} readers: {sentence}" for sentence, count in sentences.items()]


def _faults(copies: list[EmailMessage], subscriber: Subscriber, edition: Edition, link: str) -> list[str]:
    if not copies:
        return ["their message is not in the catcher."]
    newest = copies[-1]
    html = newest.get_body(("html",))
    content = html.get_content() if html else ""
    recipient = newest["To"].addresses[0]
    return [
        sentence
        for sentence, right in (
            ("the wrong language.", newest["Content-Language"] == edition.language),
            ("the wrong name.", recipient.display_name.replace(" ", "") == subscriber.name.replace(" ", "")),
            ("no unsubscribe link.", link in content and link in newest["List-Unsubscribe"]),
        )
        if not right
    ]
