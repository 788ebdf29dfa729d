"""Corrections: an issue put right half-way or afterwards, once for everybody, and nobody told twice."""

from newsletter.corrections.applying import Step, advance, stragglers, sweep, waiting
from newsletter.corrections.asking import ask
from newsletter.corrections.changes import Changed, Offer, changed, offer_of, offers
from newsletter.corrections.deciding import give, may_give, record, refuse, take_back
from newsletter.corrections.drafts import (
    begin,
    drop,
    get,
    notes_of,
    of_issue,
    pending,
    save,
    short_of,
    stories_of,
    tongues,
)
from newsletter.corrections.preparing import Prepared, lacking, prepare
from newsletter.corrections.reach import Reach, reach
from newsletter.corrections.redating import overdue
from newsletter.corrections.reminders import stop_reminders
from newsletter.corrections.sealing import broken
from newsletter.corrections.sealing import hold as hold_broken
from newsletter.corrections.suggesting import suggest, wanting
from newsletter.corrections.texts import differences
from newsletter.corrections.texts import of as own_words_of

__all__ = [
    "Changed",
    "Offer",
    "Prepared",
    "Reach",
    "Step",
    "advance",
    "ask",
    "begin",
    "broken",
    "changed",
    "differences",
    "drop",
    "get",
    "give",
    "hold_broken",
    "lacking",
    "may_give",
    "notes_of",
    "of_issue",
    "offer_of",
    "offers",
    "overdue",
    "own_words_of",
    "pending",
    "prepare",
    "reach",
    "record",
    "refuse",
    "save",
    "short_of",
    "stop_reminders",
    "stories_of",
    "stragglers",
    "suggest",
    "sweep",
    "take_back",
    "tongues",
    "waiting",
    "wanting",
]
