"""Why the journal stops something."""

from newsletter.errors import NewsletterError


class JournalError(NewsletterError):
    """The journal cannot be used."""

    def __init__(self, reason: str, message: str | None = None) -> None:
        """Take the reason by which screens choose their sentence (`standing.REASONS`), and the sentence in English."""
        super().__init__(message)
        self.reason = reason


class HeldError(NewsletterError):
    """Nothing is sent or posted until a person has answered: `newsletter restore` asks."""
