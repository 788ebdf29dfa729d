"""Stories: pieces of news in one or more languages, with every saved state kept."""

from newsletter.stories.drafts import clean, content, create, get, save
from newsletter.stories.pooling import pool
from newsletter.stories.standings import TextStanding, assign, confirm, standing

__all__ = ["TextStanding", "assign", "clean", "confirm", "content", "create", "get", "pool", "save", "standing"]
