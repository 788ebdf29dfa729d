"""Proposals: a local government asks the office to tell its news, proves its address, and hears what became of it."""

from newsletter.proposals.answering import accept, decline
from newsletter.proposals.asking import ask, find, land, purge
from newsletter.proposals.people import forget, note, of_stories, of_story
from newsletter.proposals.thanking import due, thank
from newsletter.proposals.wishes import LIMITS, Wish, problems

__all__ = [
    "LIMITS",
    "Wish",
    "accept",
    "ask",
    "decline",
    "due",
    "find",
    "forget",
    "land",
    "note",
    "of_stories",
    "of_story",
    "problems",
    "purge",
    "thank",
]
