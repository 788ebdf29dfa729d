"""What goes wrong between us and a mail server, before any reader is concerned."""

from newsletter.errors import NewsletterError


class RelayError(NewsletterError):
    """The mail server cannot be used now."""


class RelayDownError(RelayError):
    """The mail server cannot be reached."""


class RelayBusyError(RelayDownError):
    """The mail server says "not now"."""


class ProtocolError(RelayDownError):
    """The mail server does not speak SMTP."""


class RelayRefusedError(RelayError):
    """The mail server refuses us until a person changes something."""
