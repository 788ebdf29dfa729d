"""After a restored backup or a move: what people wished is carried out again, and nothing is sent twice."""

from newsletter.restoring.answers import ANSWERS, Answer
from newsletter.restoring.finding import Finding, Question, find
from newsletter.restoring.moving import move_in, move_out
from newsletter.restoring.restoring import Restored, restore

__all__ = [
    "ANSWERS",
    "Answer",
    "Finding",
    "Question",
    "Restored",
    "find",
    "move_in",
    "move_out",
    "restore",
]
