"""The errors of the newsletter package; each docstring is its default message."""


class NewsletterError(Exception):
    """Something could not be done."""

    def __init__(self, message: str | None = None) -> None:
        """Take the message for a person; without one the class docstring is it."""
        super().__init__(message or (type(self).__doc__ or "").strip())


class SettingsError(NewsletterError):
    """A setting cannot be used."""


class InvalidContentError(NewsletterError):
    """A story or an issue cannot be read."""


class NotFoundError(NewsletterError):
    """There is no such thing."""


class StateError(NewsletterError):
    """That is not possible in the present state."""


class StaleError(NewsletterError):
    """Somebody else has changed this since you opened it."""


class CheckFailedError(NewsletterError):
    """The checks found errors that must be mended first."""


class InUseError(NewsletterError):
    """Another process already works on this data."""


class TemplateError(NewsletterError):
    """A template has a mistake."""
