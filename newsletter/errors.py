"""The errors of the newsletter package; each docstring is its default message."""

from collections.abc import Sequence

from newsletter.findings import Finding


class NewsletterError(Exception):
    """Something could not be done."""

    def __init__(self, message: str | None = None) -> None:
        """Take the message for a person; without one the class docstring is it."""
        super().__init__(message or (type(self).__doc__ or "").strip())


class SettingsError(NewsletterError):
    """A setting cannot be used."""


class InvalidContentError(NewsletterError):
    """A story or an issue cannot be read."""


class UploadError(InvalidContentError):
    """That file cannot be used."""

    def __init__(self, reason: str, message: str | None = None) -> None:
        """Take one word for which each screen has its own sentence, and the sentence in English."""
        super().__init__(message)
        self.reason = reason


class PermalinkError(InvalidContentError):
    """That is not the address of a post on Facebook."""


class PostTooLongError(InvalidContentError):
    """The text of the post is too long."""


class NotFoundError(NewsletterError):
    """There is no such thing."""


class StateError(NewsletterError):
    """That is not possible in the present state."""


class StaleError(NewsletterError):
    """Somebody else has changed this since you opened it."""


class CheckFailedError(NewsletterError):
    """The checks found errors that must be mended first."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        """Take what was found, warnings included."""
        super().__init__()
        self.findings = list(findings)


class EditorError(NewsletterError):
    """That editor cannot be kept so."""

    def __init__(self, reason: str, message: str | None = None) -> None:
        """Take one word of `newsletter.editors.REASONS`, for which each screen has its own sentence."""
        super().__init__(message)
        self.reason = reason


class NotAllowedError(NewsletterError):
    """Your role does not allow that."""


class InUseError(NewsletterError):
    """Another process already works on this data."""


class BusyError(NewsletterError):
    """Too many people are doing that at this moment; try again in a few seconds."""


class TemplateError(NewsletterError):
    """A template has a mistake."""
