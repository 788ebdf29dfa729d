"""Keep the picture of a frozen page; the same picture is kept once."""

from datetime import datetime

from sqlalchemy.orm import Session

from newsletter import images
from newsletter.models import ArchivePage


def keep(session: Session, page: ArchivePage, *, now: datetime) -> None:
    """Store the picture of a page that is not stored yet; call it before the page is added."""
    if page.card is not None:
        page.card.created_at = now
        page.card = images.keep(session, page.card)
