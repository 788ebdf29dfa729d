"""The small screens of the guide: the mail in two languages, the archive page, the post; each shown from here.

The real pages forbid being framed by others, so the guide fetches and serves them itself, scripts off.
"""

import re
import urllib.error
import urllib.request
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import escape

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from newsletter import urls
from newsletter.models import ArchivePage, Delivery, Edition, Issue, Post
from newsletter.sandbox.catcher import store
from newsletter.sandbox.catcher.store import Caught
from newsletter.sandbox.demo.cast import Office
from subscribers.models import Subscriber

POLICY = "default-src 'none'; style-src 'self' 'unsafe-inline' http:; img-src http: data:"


@dataclass(frozen=True)
class Frame:
    """One small screen; without an address it waits."""

    name: str
    url: str | None


def frames(session: Session, office: Office, issue: Issue | None, language: str) -> list[Frame]:
    """Return the four frames for the newest issue; the archive page is in the language of the guide."""
    mails = {one: newest_mail(session, office, issue, one) if issue else None for one in ("en", "ja")}
    page = _page(session, office, issue, language) if issue else None
    return [
        *(Frame(f"mail_{one}", message_url(office, mail) if mail else None) for one, mail in mails.items()),
        Frame("page", page),
        Frame("post", facebook_page(office, language) if page else None),
    ]


def facebook_page(office: Office, language: str) -> str:
    """Return the simulated page, labelled in that language."""
    return f"{office.ground.url('graph')}/{office.settings.facebook.page_id}?lang={language}"


def post_of(session: Session, office: Office, issue: Issue, language: str) -> str:
    """Return the page of the issue's post in that language, or the whole page while there is none.

    The page itself opens with the newest post, which is in the last language.
    """
    permalink = session.scalar(
        select(Post.permalink).where(Post.issue_id == issue.id, Post.language == language, Post.state == "published")
    )
    return f"{permalink}?lang={language}" if permalink else facebook_page(office, language)


def newest_mail(session: Session, office: Office, issue: Issue, language: str) -> Caught | None:
    """Return a caught copy of the issue's largest edition in that language."""
    reader = session.scalar(
        select(Subscriber.email)
        .join(Delivery, Delivery.subscriber_id == Subscriber.id)
        .join(Edition, Delivery.edition_id == Edition.id)
        .where(Delivery.issue_id == issue.id, Delivery.state == "sent", Edition.language == language)
        .order_by(func.length(Edition.stories).desc(), Delivery.id)
        .limit(1)
    )
    if reader is None:
        return None
    return last_to(office, reader)


def last_to(office: Office, address: str) -> Caught | None:
    """Return the newest caught message to that address."""
    every = store.read(office.ground.folder / "mail" / "messages")
    return next((caught for caught in reversed(every) if address in caught.envelope_to), None)


def message_url(office: Office, caught: Caught) -> str:
    """Return the catcher's page of a message."""
    return f"{office.ground.url('catcher')}/messages/{caught.id}"


def html_of(caught: Caught) -> str:
    """Return the HTML part of a message, or its text made into HTML."""
    message = message_from_bytes(caught.raw, policy=default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - what that policy makes
    part = message.get_body(("html",))
    if part:
        return str(part.get_content())
    plain = message.get_body(("plain",))
    return f"<pre>{escape(str(plain.get_content()) if plain else '')}</pre>"


def fetched(url: str) -> str:
    """Return a page of one of our servers with its addresses made absolute, or an empty page."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own servers on this machine
            page = answer.read().decode("utf-8")
    except (OSError, urllib.error.URLError):
        return ""
    return re.sub(r"<head>", f'<head><base href="{escape(url)}" target="_blank">', page, count=1)


def _page(session: Session, office: Office, issue: Issue, language: str) -> str | None:
    published = session.scalar(
        select(ArchivePage.id).where(
            ArchivePage.issue_id == issue.id,
            ArchivePage.language == language,
            ArchivePage.published_at.is_not(None),
        )
    )
    return urls.issue_page(office.settings, language, issue.slug) if published else None
