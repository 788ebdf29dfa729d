"""Test mails: a copy to named colleagues, marked in subject and body, never to readers."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import letters
from newsletter.config import Settings
from newsletter.errors import NewsletterError
from newsletter.letters import Written
from newsletter.models import Editor, Issue
from newsletter.previews.copies import Copy
from newsletter.rendering import banner
from subscribers import address
from subscribers.errors import AddressError

MOST = 10
"""Addresses of one test; a test is for colleagues, not for a list."""


class RecipientsError(NewsletterError):
    """A test can go only to colleagues."""

    def __init__(self, reason: str, addresses: Sequence[str] = ()) -> None:
        """Take none, many or strangers, and the addresses it is about."""
        super().__init__(f"A test cannot go to {', '.join(addresses) or 'nobody'}.")
        self.reason = reason
        self.addresses = tuple(addresses)


def recipients(session: Session, settings: Settings, text: str) -> list[str]:
    """Return the addresses in `text`, separated by commas, blanks or lines, each once.

    Allowed are the editors' own and those of the office's domains. Raises RecipientsError for all others.
    """
    typed = list(dict.fromkeys(text.replace(",", " ").replace("、", " ").replace(";", " ").split()))
    if not typed:
        raise RecipientsError("none")
    if len(typed) > MOST:
        raise RecipientsError("many", typed)
    staff = set(session.scalars(select(Editor.email).where(Editor.disabled_at.is_(None))))
    known = {one: _colleague(settings, staff, one) for one in typed}
    strangers = [one for one, email in known.items() if not email]
    if strangers:
        raise RecipientsError("strangers", strangers)
    return list(dict.fromkeys(known.values()))


def written(settings: Settings, issue: Issue, copy: Copy, *, language: str, by: str) -> Written:
    """Return the test of a copy: the mail itself under a banner in `language` that says what it is and who sent it.

    PDFs that travel with the readers' mail do not travel with a test; the banner names them.
    """
    names = [name for name, _ in copy.enclosed]
    marked = banner.mark(
        settings,
        "test",
        language,
        subject=copy.subject,
        html=copy.html,
        text=copy.text,
        enclosed=names,
        name=by,
        number=issue.number,
    )
    return Written(marked.language, marked.subject, marked.text, marked.html)


def send(session: Session, test: Written, to: Sequence[str], *, now: datetime) -> int:
    """Queue a test as a letter to each address; return how many. It leaves ahead of all issues."""
    for one in to:
        letters.queue(session, "test", test, to=one, now=now)
    return len(to)


def _colleague(settings: Settings, staff: set[str], typed: str) -> str:
    """Return a colleague's address as mail is sent to it; empty for anybody else's."""
    try:
        known = address.parse(typed)
    except AddressError:
        return ""
    ours = {mail.rpartition("@")[2].casefold() for mail in (settings.office.address, settings.publication.from_address)}
    is_ours = known.key.rpartition("@")[2] in ours or known.key in {email.casefold() for email in staff}
    return known.email if is_ours else ""
