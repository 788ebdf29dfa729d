"""What a text says that can be checked: dates, times and numbers, in the languages that have a reader here.

Pure; a language without a reader has no facts and raises no alarm.
"""

from newsletter.prose.facts import Facts, read
from newsletter.prose.mention import Mention

__all__ = ["Facts", "Mention", "read"]
