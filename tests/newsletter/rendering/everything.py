"""Stories that use all a layout knows: hours in another zone, flyers, fairs that are off, what a notice is about."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time

from newsletter.config import Settings
from newsletter.content import Fair, Flyer, Food, FoodText, Notice, Opening, Text
from newsletter.rendering import views
from newsletter.rendering.views import AnyStory, IssueView
from tests.newsletter.rendering import sample

FLYERS = (
    Flyer(hash="b" * 64, size=1_240_000, title={"en": "Programme of the fair", "ja": "フェアのプログラム"}),
    Flyer(hash="c" * 64, size=340_000, title={"en": "Map of the hall", "ja": "会場図"}),
)
_DAYS = (date(2026, 12, 17), date(2026, 12, 18), date(2026, 12, 19))
BANGKOK = Fair(
    topic="fairs",
    countries=("TH",),
    country="TH",
    status="changed",
    starts=_DAYS[0],
    ends=_DAYS[-1],
    zone="Asia/Bangkok",
    openings=tuple(Opening(day=day, opens=time(10), closes=time(18 if day == _DAYS[-1] else 20)) for day in _DAYS),
    flyers=FLYERS,
    url="https://fair.example.org/visit?a=1&b=2",
    map_url="https://map.example.org/hall",
    picture=sample.PICTURE,
    sample=True,
    texts={
        "en": sample.FAIR.texts["en"].model_copy(update={"title": "FIT in Bangkok", "city": "Bangkok", "hours": ""}),
        "ja": sample.FAIR.texts["ja"].model_copy(update={"title": "バンコクのFIT", "city": "バンコク", "hours": ""}),
    },
)
POSTPONED = BANGKOK.model_copy(update={"status": "postponed", "starts": date(2027, 1, 30), "ends": date(2027, 2, 2)})
CANCELLED = BANGKOK.model_copy(update={"status": "cancelled", "openings": (), "flyers": ()})
UNDATED = BANGKOK.model_copy(update={"status": "planned", "starts": None, "ends": None, "openings": ()})
YUZU = Food(
    topic="food",
    ends=date(2026, 9, 30),
    sample=True,
    texts={
        "en": FoodText(title="Yuzu at SAKURA 2026", product="Juice", where="Café", contact="cafe@example.org"),
        "ja": FoodText(
            title="SAKURA 2026で8か国の方にゆずを", product="果汁", where="カフェ", contact="cafe@example.org"
        ),
    },
)
JET = Notice(
    about="jet",
    starts=date(2026, 12, 24),
    url="https://jet.example.org/",
    texts={
        "en": Text(title="496 people", body="<p>From eight.</p>"),
        "ja": Text(title="8か国から496人", body="<p>8か国。</p>"),
    },
)
STORIES: tuple[AnyStory, ...] = (
    *(BANGKOK, POSTPONED, CANCELLED, UNDATED, YUZU),
    *(sample.INDUSTRY, sample.REPORT, sample.NOTICE, JET),
)


def issue(settings: Settings, *languages: str, stories: Sequence[AnyStory] = STORIES) -> IssueView:
    """Return the view of an issue in these languages, the first leading."""
    told = [sample.issue(settings, language, stories) for language in languages]
    return views.paired(told) if len(told) > 1 else told[0]


def correction(settings: Settings, language: str) -> IssueView:
    """Return the view of a correction of issue 12."""
    return replace(sample.issue(settings, language, (BANGKOK,)), number=13, kind="correction", corrects=12)
