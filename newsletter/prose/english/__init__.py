"""Dates, times and numbers in English."""

from newsletter.prose.english.dates import dates, days
from newsletter.prose.english.names import MONTHS
from newsletter.prose.english.numbers import months, numbers
from newsletter.prose.english.times import times, without_times

__all__ = ["MONTHS", "dates", "days", "months", "numbers", "times", "without_times"]
