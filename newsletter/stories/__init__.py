"""Stories: pieces of news in one or more languages, with every saved state kept."""

from newsletter.stories.decisions import accept, decline, possible, reopen
from newsletter.stories.drafts import clean, content, create, get, save
from newsletter.stories.fairs import next_year, successor
from newsletter.stories.pooling import Entry, entries, pool
from newsletter.stories.standings import TextStanding, assign, confirm, standing

__all__ = [
    "Entry",
    "TextStanding",
    "accept",
    "assign",
    "clean",
    "confirm",
    "content",
    "create",
    "decline",
    "entries",
    "get",
    "next_year",
    "pool",
    "possible",
    "reopen",
    "save",
    "standing",
    "successor",
]
