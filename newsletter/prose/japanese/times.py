"""Times of day in Japanese: 午後3時半, 15時, 10:00, 正午."""

import re
from collections.abc import Iterator

from newsletter.prose import moment
from newsletter.prose.japanese import numerals
from newsletter.prose.moment import Moment

_N = r"(?:\d{1,2}|[零〇一二三四五六七八九十]{1,3})"
_PART = r"(?P<part>午前|午後|朝|昼|夕方|夜|深夜|未明)?の?\s?"
_CLOCK = re.compile(
    rf"{_PART}(?:(?P<hour>{_N})時(?![間点期代々計差限給])(?:(?P<half>半)|(?P<minute>{_N})分)?"
    r"|(?P<hour24>[0-2０-２]?\d)[:：](?P<minute24>[0-5０-５]\d))"
    r"|(?P<noon>正午)"
)
_LATE = {"午前": False, "朝": False, "未明": False, "午後": True, "夕方": True, "夜": True}
"""昼 and 深夜 leave it open: 昼11時, 昼1時; 深夜11時, 深夜1時."""
_NO_QUESTION = 12
"""Above it an hour is of the 24-hour clock."""


def times(text: str) -> Iterator[Moment]:
    """Yield every time of day."""
    for match in _CLOCK.finditer(text):
        if found := _moment(match):
            yield found


def without_times(text: str) -> str:
    """Return the text with its times of day blanked."""
    return _CLOCK.sub(" ", text)


def _moment(match: re.Match[str]) -> Moment | None:
    if match["noon"]:
        return Moment(12, 0, match[0])
    late = _LATE.get(match["part"] or "")
    hour = int(match["hour24"] or numerals.value(match["hour"]))
    minute = 30 if match["half"] else int(match["minute24"] or numerals.value(match["minute"] or "0"))
    if late is None and (match["hour24"] or hour > _NO_QUESTION or hour == 0):
        late = hour >= _NO_QUESTION  # the 24-hour clock
    return moment.of(hour, minute, match[0], late=late)
