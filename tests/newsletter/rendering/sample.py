"""A made-up issue with a story of each kind in two languages."""

from collections.abc import Sequence
from datetime import date

from newsletter.config import Settings
from newsletter.content import (
    Fair,
    FairText,
    Food,
    FoodText,
    Industry,
    IndustryText,
    IssueText,
    Notice,
    Picture,
    Report,
    Text,
)
from newsletter.rendering import views
from newsletter.rendering.views import AnyStory, IssueView

PICTURE = Picture(
    hash="a" * 64,
    width=1200,
    height=800,
    alt={"en": "A booth under lanterns", "ja": "提灯の下のブース"},
    caption={"en": "Ask at our counter.", "ja": "カウンターでどうぞ。"},
    credit="J.CLAIR Singapore",
)

FAIR = Fair(
    topic="fairs",
    countries=("SG",),
    starts=date(2026, 8, 14),
    ends=date(2026, 8, 16),
    url="https://fair.example.org/visit?a=1&b=2",
    map_url="https://map.example.org/hall",
    picture=PICTURE,
    sample=True,
    texts={
        "en": FairText(
            title="NATAS & friends",
            city="Singapore",
            venue="Expo, Hall 5",
            hours="10:00 to 21:30",
            organiser="NATAS",
            booth="5K12",
            participants=("Tottori", "Kyoto"),
            body='<p>Ask about <a href="https://talks.example.org/">the talks</a>.</p><ul><li>11:30 Kyoto</li></ul>',
            link_label="Plan your visit",
        ),
        "ja": FairText(
            title="NATASに出展します",
            city="シンガポール",
            venue="エキスポ5番ホール",
            hours="10:00〜21:30",
            organiser="シンガポール旅行業協会",
            booth="5K12",
            participants=("鳥取県", "京都府"),
            body="<p>ご質問をお待ちしています。</p>",
            link_label="来場の案内を見る",
        ),
    },
)
FOOD = Food(
    topic="food",
    ends=date(2026, 9, 30),
    url="https://yuzu.example.org/",
    texts={
        "en": FoodText(title="Yuzu", product="Juice", place="Kochi", where="Café", contact="Write to cafe@example.org"),
        "ja": FoodText(title="柚子", product="果汁", place="高知県", where="カフェ", contact="受付：cafe@example.org"),
    },
)
INDUSTRY = Industry(
    topic="industry",
    deadline=date(2026, 9, 25),
    texts={
        "en": IndustryText(title="Seminar", programme="Economic seminar", who="Local governments", body="<p>Free.</p>"),
        "ja": IndustryText(title="セミナー", programme="経済セミナー", who="自治体の皆さま", body="<p>無料です。</p>"),
    },
)
REPORT = Report(
    topic="government",
    happened=date(2026, 7, 1),
    texts={"en": Text(title="Jobs", body="<p>Eighty came.</p>"), "ja": Text(title="仕事", body="<p>80名が参加。</p>")},
)
NOTICE = Notice(
    url="https://profiles.example.org/",
    texts={"en": Text(title="Profiles", body="<p>New.</p>"), "ja": Text(title="基礎データ", body="<p>更新。</p>")},
)
STORIES: tuple[AnyStory, ...] = (FAIR, FOOD, INDUSTRY, REPORT, NOTICE)

TEXTS = {
    "en": IssueText(subject="Lanterns & yuzu", preheader="Fairs in August", introduction="<p>August is near.</p>"),
    "ja": IssueText(subject="提灯と柚子", preheader="8月のフェア", introduction="<p>8月です。</p>"),
}


def issue(settings: Settings, language: str, stories: Sequence[AnyStory] = STORIES) -> IssueView:
    """Return the view of issue 12 with these stories, numbered from 1."""
    return views.issue_view(
        settings,
        number=12,
        slug="2026-08-abcdefgh",
        language=language,
        day=date(2026, 8, 4),
        text=TEXTS[language],
        stories=list(enumerate(stories, start=1)),
    )
