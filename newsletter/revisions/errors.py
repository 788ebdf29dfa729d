"""What happens when two editors change the same words."""

from collections.abc import Sequence
from typing import Any

from newsletter.errors import StaleError
from newsletter.revisions.merging import Conflict, Merged


class ConflictError(StaleError):
    """Somebody else has changed the same words since you opened them. Nothing is lost: compare and choose."""

    def __init__(self, merged: Merged[Any], *, base: int, head: int) -> None:
        """Take what could be merged and what could not; `base` was edited, `head` is the newest revision."""
        super().__init__()
        self.merged = merged
        self.base = base
        self.head = head

    @property
    def conflicts(self) -> Sequence[Conflict]:
        """Return each field that both have changed, with all three texts."""
        return self.merged.conflicts
