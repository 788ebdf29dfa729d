"""The text of the post: what it says first, in both languages, and that nothing is ever cut."""

from datetime import date
from pathlib import Path

import pytest

from newsletter.config import Settings
from newsletter.content import Fair, FairText, Food, FoodText, Industry, IndustryText, IssueText, Notice, Report, Text
from newsletter.errors import PostTooLongError, TemplateError
from newsletter.rendering import environment
from newsletter.rendering.views import AnyStory, IssueView, issue_view
from newsletter.social import summary

ENGLISH = """\
Two travel fairs and a week of Aichi food
In Bangkok and Hanoi, and in Singapore until February

Travel fairs
• Thai International Travel Fair
 Fri 14 - Sun 16 Aug 2026, Bangkok
• Postponed: Hanoi Travel Mart
 Hanoi
• Back from Manila
 Held on Sat 1 Aug 2026

Japanese food
• A week of Aichi
 Until Sun 28 Feb 2027, Isetan Scotts

Industry and business
• Call for exhibitors
 Who may apply: Food producers
 Apply by Thu 24 Dec 2026

Also in this issue
• JET seminar
 Sat 5 Dec 2026

Read the whole issue: http://127.0.0.1:8025/en/issues/2026-12-abcdefgh/

J.CLAIR Singapore
#TravelFairs #JapaneseFood"""

JAPANESE = """\
二つの旅行フェアと愛知の味の一週間
バンコクとハノイ、シンガポールでは2月まで

旅行フェア
・タイ国際旅行フェア
　2026年8月14日（金）〜16日（日）　バンコク
・【延期】ハノイ旅行マート
　ハノイ
・マニラから戻って
　2026年8月1日（土）開催

日本の食
・愛知の一週間
　2027年2月28日（日）まで　伊勢丹スコッツ

産業・ビジネス
・出展者募集
　対象：食品事業者
　締切：2026年12月24日（木）

そのほかの話題
・JETセミナー
　2026年12月5日（土）

くわしくは今号のページをご覧ください。
http://127.0.0.1:8025/ja/issues/2026-12-abcdefgh/

クレアシンガポール事務所
#旅行フェア #日本の食"""

STORIES: list[AnyStory] = [
    Fair(
        topic="fairs",
        starts=date(2026, 8, 14),
        ends=date(2026, 8, 16),
        texts={
            "en": FairText(title="Thai International Travel Fair", city="Bangkok"),
            "ja": FairText(title="タイ国際旅行フェア", city="バンコク"),
        },
    ),
    Fair(
        topic="fairs",
        status="postponed",
        starts=date(2026, 9, 4),
        texts={
            "en": FairText(title="Hanoi Travel Mart", city="Hanoi"),
            "ja": FairText(title="ハノイ旅行マート", city="ハノイ"),
        },
    ),
    Report(
        topic="fairs",
        happened=date(2026, 8, 1),
        texts={"en": Text(title="Back from Manila"), "ja": Text(title="マニラから戻って")},
    ),
    Food(
        topic="food",
        ends=date(2027, 2, 28),
        texts={
            "en": FoodText(title="A week of Aichi", where="Isetan Scotts"),
            "ja": FoodText(title="愛知の一週間", where="伊勢丹スコッツ"),
        },
    ),
    Industry(
        topic="industry",
        deadline=date(2026, 12, 24),
        texts={
            "en": IndustryText(title="Call for exhibitors", who="Food producers"),
            "ja": IndustryText(title="出展者募集", who="食品事業者"),
        },
    ),
    Notice(
        starts=date(2026, 12, 5),
        texts={"en": Text(title="JET seminar"), "ja": Text(title="JETセミナー")},
    ),
]
WORDS = {
    "en": IssueText(
        subject="Two travel fairs and a week of Aichi food",
        preheader="In Bangkok and Hanoi, and in Singapore until February",
    ),
    "ja": IssueText(
        subject="二つの旅行フェアと愛知の味の一週間", preheader="バンコクとハノイ、シンガポールでは2月まで"
    ),
}


def view(settings: Settings, language: str, stories: list[AnyStory], **words: str) -> IssueView:
    return issue_view(
        settings,
        number=3,
        slug="2026-12-abcdefgh",
        language=language,
        day=date(2026, 12, 1),
        text=WORDS[language].model_copy(update=words),
        stories=list(enumerate(stories, start=1)),
    )


def render(settings: Settings, shown: IssueView) -> str:
    return summary.render(environment.create(), settings, shown)


@pytest.mark.parametrize(("language", "expected"), [("en", ENGLISH), ("ja", JAPANESE)])
def test_the_post_says_what_when_and_where_in_its_language(language: str, expected: str, settings: Settings) -> None:
    assert render(settings, view(settings, language, STORIES)) == expected


def test_stories_without_dates_or_topics_leave_no_gaps(settings: Settings) -> None:
    stories: list[AnyStory] = [
        Fair(topic="fairs", texts={"en": FairText(title="A fair to come")}),
        Food(topic="food", texts={"en": FoodText(title="Rice")}),
        Industry(topic="industry", texts={"en": IndustryText(title="A call")}),
    ]

    text = render(settings, view(settings, "en", stories, preheader=""))

    assert text.startswith("Two travel fairs and a week of Aichi food\n\nTravel fairs\n• A fair to come\n\nJapanese")
    assert "\n\n\n" not in text
    assert not any(line != line.rstrip() for line in text.splitlines())


def test_an_issue_of_notices_alone_needs_no_heading_and_has_no_hashtags(settings: Settings) -> None:
    text = render(settings, view(settings, "en", STORIES[-1:]))

    assert "Also in this issue" not in text
    assert text.endswith("\n\nJ.CLAIR Singapore")


def test_made_up_dates_are_labelled(settings: Settings) -> None:
    sample = STORIES[0].model_copy(update={"sample": True})

    assert "This is a sample issue" in render(settings, view(settings, "en", [sample]))
    assert "これは見本の号で" in render(settings, view(settings, "ja", [sample]))


def test_hashtags_are_words_run_together(settings: Settings) -> None:
    shown = view(settings, "ja", [STORIES[4], STORIES[3]])

    assert summary.hashtags(shown) == ["#日本の食", "#産業ビジネス"]
    assert summary.hashtags(view(settings, "en", [STORIES[4]])) == ["#IndustryAndBusiness"]


def test_the_editors_own_text_is_taken_as_it_is_and_gains_the_link(settings: Settings) -> None:
    own = "Come to {Bangkok} {{ on }} Friday 👩‍👩‍👧"
    shown = view(settings, "en", STORIES, post=own)
    with_link = view(settings, "en", STORIES, post=f"See {shown.page_url} for more.")

    assert render(settings, shown) == f"{own}\n\nRead the whole issue: {shown.page_url}"
    assert render(settings, with_link) == with_link.text.post


def test_a_text_of_5000_characters_is_whole_and_one_more_is_refused(settings: Settings) -> None:
    shown = view(settings, "ja", STORIES)
    fits = f"{shown.page_url}\n{'字' * (4999 - len(shown.page_url))}"

    assert render(settings, view(settings, "ja", STORIES, post=fits)) == fits
    with pytest.raises(PostTooLongError, match="5,001 characters"):
        render(settings, view(settings, "ja", STORIES, post=f"{fits}字"))


def test_a_mistake_in_an_offices_own_template_is_told_in_a_sentence(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "social").mkdir()
    (tmp_path / "social" / "announcement.txt.j2").write_text("{{ view.wrong }}", encoding="utf-8")

    with pytest.raises(TemplateError, match=r"social/announcement\.txt\.j2, line \d+"):
        summary.render(environment.create(tmp_path), settings, view(settings, "en", STORIES))
