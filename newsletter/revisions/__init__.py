"""The saved states of stories and issues: kept for good, merged where editors meet, compared for people."""

from newsletter.revisions.comparing import Piece, pieces
from newsletter.revisions.differing import Change, diff, place, told, words_of
from newsletter.revisions.errors import ConflictError
from newsletter.revisions.merging import Conflict, Merged, merge
from newsletter.revisions.prose import markdown
from newsletter.revisions.storing import Version, append, history, read

__all__ = [
    "Change",
    "Conflict",
    "ConflictError",
    "Merged",
    "Piece",
    "Version",
    "append",
    "diff",
    "history",
    "markdown",
    "merge",
    "pieces",
    "place",
    "read",
    "told",
    "words_of",
]
