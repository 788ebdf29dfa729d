"""Dates, times and numbers in Japanese; figures may be full width, or kanji."""

from newsletter.prose.japanese.dates import dates, days
from newsletter.prose.japanese.numbers import months, numbers
from newsletter.prose.japanese.times import times, without_times

__all__ = ["dates", "days", "months", "numbers", "times", "without_times"]
