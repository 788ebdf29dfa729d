"""Dates of plain text are written out."""

from datetime import date

import pytest

from newsletter.rendering import written

FRIDAY, SUNDAY, MAY = date(2026, 8, 14), date(2026, 8, 16), date(2027, 5, 3)


@pytest.mark.parametrize(
    ("start", "end", "language", "told"),
    [
        (FRIDAY, None, "en", "Friday 14 August 2026"),
        (FRIDAY, FRIDAY, "en", "Friday 14 August 2026"),
        (FRIDAY, SUNDAY, "en", "Friday 14 to Sunday 16 August 2026"),
        (date(2026, 7, 31), SUNDAY, "en", "Friday 31 July to Sunday 16 August 2026"),
        (FRIDAY, MAY, "en", "Friday 14 August 2026 to Monday 3 May 2027"),
        (FRIDAY, SUNDAY, "ja", "2026年8月14日（金）〜16日（日）"),
    ],
)
def test_a_span_names_month_and_year_once(start: date, end: date | None, language: str, told: str) -> None:
    assert written.span(start, end, language) == told


def test_an_end_before_the_start_is_refused() -> None:
    for language in ("en", "ja"):
        with pytest.raises(ValueError, match="before the first"):
            written.span(SUNDAY, FRIDAY, language)


def test_a_period_may_be_open_at_either_end() -> None:
    assert written.period(FRIDAY, None, "en") == "From Friday 14 August 2026"
    assert written.period(None, FRIDAY, "en") == "Until Friday 14 August 2026"
    assert written.period(None, FRIDAY, "ja") == "2026年8月14日（金）まで"
    assert written.period(None, None, "en") == ""
