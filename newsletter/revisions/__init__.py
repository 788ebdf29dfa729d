"""The saved states of stories and issues: kept for good, merged where editors meet, compared for people."""

from newsletter.revisions.comparing import Piece, pieces
from newsletter.revisions.differing import Change, diff, place, told, words_of
from newsletter.revisions.errors import ConflictError
from newsletter.revisions.fields import Path
from newsletter.revisions.merging import Conflict, Merged, merge
from newsletter.revisions.prose import markdown
from newsletter.revisions.storing import Version, append, history, read
from newsletter.revisions.taking import at, take

__all__ = [
    "Change",
    "Conflict",
    "ConflictError",
    "Merged",
    "Path",
    "Piece",
    "Version",
    "append",
    "at",
    "diff",
    "history",
    "markdown",
    "merge",
    "pieces",
    "place",
    "read",
    "take",
    "told",
    "words_of",
]
