"""What may stand between an editor and a seat."""

from typing import Literal

from newsletter.errors import NotAllowedError, NotFoundError

Reason = Literal["own", "twice", "turn", "stranger"]
"""own: they asked for it themselves; twice: they have agreed already; turn: another seat's turn; stranger: no seat."""


class LinkOverError(NotFoundError):
    """That link is not valid any more."""


class SeatError(NotAllowedError):
    """You may not decide about this issue now."""

    def __init__(self, reason: Reason) -> None:
        """Take the word of `Reason`, for which each screen has its own sentence."""
        super().__init__(SENTENCES[reason])
        self.reason: Reason = reason


SENTENCES: dict[Reason, str] = {
    "own": "Whoever asked for approval does not give it.",
    "twice": "Nobody approves twice in one chain.",
    "turn": "Another seat decides first.",
    "stranger": "You hold no seat in the approval chain.",
}
