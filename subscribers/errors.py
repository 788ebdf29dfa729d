"""The errors of the subscribers package; each docstring is its default message."""


class SubscriberError(Exception):
    """A subscriber's wish could not be carried out."""

    def __init__(self, message: str | None = None) -> None:
        """Take the message for a person; without one the class docstring is it."""
        super().__init__(message or (type(self).__doc__ or "").strip())


class AddressError(SubscriberError):
    """That is not an e-mail address that mail can be sent to."""

    def __init__(self, reason: str, message: str | None = None) -> None:
        """Take one word of `subscribers.address.REASONS`, for which each screen has its own sentence."""
        super().__init__(message)
        self.reason = reason


class TokenError(SubscriberError):
    """That link is not one of ours."""


class ExpiredError(TokenError):
    """That link is too old."""


class TransferError(SubscriberError):
    """The file cannot be imported."""


class MailboxError(SubscriberError):
    """The office's mailbox cannot be read."""


class UnreadableLetterError(MailboxError):
    """The mail server cannot show one letter."""

    def __init__(self, uid: int) -> None:
        """Take the letter's number."""
        super().__init__()
        self.uid = uid
