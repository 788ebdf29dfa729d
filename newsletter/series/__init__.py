"""Series: rules that make issues by themselves, under a standing approval or asking in time."""

from newsletter.series.days import Occasion, planned, upcoming
from newsletter.series.keeping import create, get, in_order, rule_of, save, start, stop
from newsletter.series.making import due, make
from newsletter.series.picking import Picked, pick
from newsletter.series.proceeding import open_runs, prepare, proceed
from newsletter.series.rule import Picking, Rhythm, Rule, Wording

__all__ = [
    "Occasion",
    "Picked",
    "Picking",
    "Rhythm",
    "Rule",
    "Wording",
    "create",
    "due",
    "get",
    "in_order",
    "make",
    "open_runs",
    "pick",
    "planned",
    "prepare",
    "proceed",
    "rule_of",
    "save",
    "start",
    "stop",
    "upcoming",
]
