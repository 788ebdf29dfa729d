"""An issue with a story of every kind, in both languages."""

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
from newsletter.rendering.views import AnyStory, IssueView, issue_view

PICTURE = "a" * 64

TEXTS = {
    "en": IssueText(
        subject="Bangkok in November, yuzu in the gardens, and a seminar for newcomers",
        preheader="Fairs in Bangkok and Manila, yuzu juice under the cherry trees, and a seminar on selling abroad.",
        introduction="<p>The travel season begins. Eleven prefectures come to Bangkok, and Singapore tastes yuzu "
        "from Kochi under the cherry trees. If your town is looking for its first buyer abroad, there is a "
        "seminar for you.</p>",
    ),
    "ja": IssueText(
        subject="11月はバンコクへ。桜とゆず、はじめての海外販路セミナー",
        preheader="バンコクとマニラの旅行フェア、桜の下のゆずジュース、海外販路セミナーのご案内です。",
        introduction="<p>旅行フェアの季節が始まります。バンコクには11県が出展し、シンガポールでは桜の下で高知のゆずを"
        "味わえます。はじめて海外に販路を求める自治体のためのセミナーもご案内します。</p>",
    ),
}

FAIR = Fair(
    topic="fairs",
    countries=("TH",),
    url="https://fair.example.org/fit",
    map_url="https://map.example.org/bangkok",
    starts=date(2026, 11, 13),
    ends=date(2026, 11, 15),
    sample=True,
    texts={
        "en": FairText(
            title="FIT Fair in Bangkok",
            summary="Eleven prefectures share the Japan hall.",
            body="<p>The largest fair of the Thai travel season. Eleven prefectures share the Japan hall, and our "
            "booth lends <strong>language help and a storeroom</strong> to towns that come for the first time.</p>"
            "<p>Visitors last year asked most of all about snow, trains and where to eat with children.</p>",
            city="Bangkok, Thailand",
            venue="Queen Sirikit National Convention Center",
            hours="10:00 to 20:00",
            organiser="Thai Travel Fair Association",
            booth="Hall 3, J12",
            participants=("Shizuoka", "Tottori", "Ehime", "Kumamoto"),
            link_label="See the programme",
        ),
        "ja": FairText(
            title="FITフェア（バンコク）",
            summary="日本館に11県が出展します。",
            body="<p>タイの旅行シーズンで最大のフェアです。日本館には11県が出展します。初めて出展する自治体には、"
            "当事務所のブースで<strong>通訳と荷物の置き場</strong>をお貸しします。</p>"
            "<p>昨年の来場者からは、雪、鉄道、子ども連れの食事についての質問が多く寄せられました。</p>",
            city="タイ・バンコク",
            venue="クイーン・シリキット国際会議場",
            hours="10:00〜20:00",
            organiser="タイ旅行フェア協会",
            booth="3号館 J12",
            participants=("静岡県", "鳥取県", "愛媛県", "熊本県"),
            link_label="プログラムを見る",
        ),
    },
)

POSTPONED = Fair(
    topic="fairs",
    countries=("PH",),
    status="postponed",
    starts=date(2027, 1, 29),
    ends=date(2027, 2, 1),
    texts={
        "en": FairText(
            title="Travel Tour Expo, Manila",
            body="<p>The organiser will name a new date in December. Booths already booked stay booked.</p>",
            city="Manila, Philippines",
        ),
        "ja": FairText(
            title="トラベル・ツアー・エキスポ（マニラ）",
            body="<p>主催者は12月に新しい日程を発表します。申込済みのブースはそのまま有効です。</p>",
            city="フィリピン・マニラ",
        ),
    },
)

FOOD = Food(
    topic="food",
    countries=("SG",),
    starts=date(2027, 3, 20),
    ends=date(2027, 4, 18),
    picture=Picture(
        hash=PICTURE,
        width=1200,
        height=800,
        alt={"en": "A glass of yuzu juice beside two cut fruits", "ja": "ゆずジュースのグラスと、切ったゆず二つ"},
        caption={"en": "Yuzu from Kochi, pressed in the morning.", "ja": "その日の朝に搾った高知のゆず。"},
        credit="J.CLAIR",
    ),
    texts={
        "en": FoodText(
            title="Yuzu juice under the cherry trees",
            body="<p>At SAKURA, the yearly exhibition in the Flower Dome, we pour yuzu juice again. It is sour, "
            "it smells of flowers, and nearly everybody asks where to buy it.</p>",
            product="Yuzu juice",
            place="Kochi Prefecture",
            where="Gardens by the Bay, Flower Dome",
            contact="food@example.org",
        ),
        "ja": FoodText(
            title="桜の下で、ゆずジュースを",
            body="<p>フラワードームで毎年開かれる「SAKURA」で、今年もゆずジュースをお出しします。酸味と花のような"
            "香りに、ほとんどの方が「どこで買えますか」とお尋ねになります。</p>",
            product="ゆずジュース",
            place="高知県",
            where="ガーデンズ・バイ・ザ・ベイ フラワードーム",
            contact="food@example.org",
        ),
    },
)

INDUSTRY = Industry(
    topic="industry",
    countries=("SG", "VN"),
    url="https://seminar.example.org/",
    deadline=date(2026, 12, 18),
    texts={
        "en": IndustryText(
            title="Overseas economic seminar: the first buyer abroad",
            body="<p>Three companies that sell Japanese produce in ASEAN tell what they look for in a new supplier, "
            "and answer questions about labels, prices and freight.</p><ul><li>Fresh produce in Singapore</li>"
            "<li>Sake and shochu in Vietnam</li></ul>",
            programme="Overseas Economic Seminars",
            who="Japanese local governments and companies in their regions",
            contact="seminar@example.org",
            link_label="Apply for a seat",
        ),
        "ja": IndustryText(
            title="海外経済セミナー「海外で最初の買い手を見つける」",
            body="<p>ASEANで日本産品を扱う3社が、新しい取引先に何を求めるかを語り、表示・価格・輸送についての"
            "質問に答えます。</p><ul><li>シンガポールの生鮮品</li><li>ベトナムの日本酒と焼酎</li></ul>",
            programme="海外経済セミナー",
            who="日本の地方自治体と、その地域の企業",
            contact="seminar@example.org",
            link_label="参加を申し込む",
        ),
    },
)

REPORT = Report(
    topic="government",
    happened=date(2026, 10, 8),
    texts={
        "en": Text(
            title="Work for the elderly: a seminar with Thailand’s DLA",
            body="<p>Officials from both countries compared how towns create work for older people. "
            "<a href='https://report.example.org/'>The minutes</a> are in English and Thai.</p>",
        ),
        "ja": Text(
            title="高齢者の働く場づくりをタイDLAと考える",
            body="<p>高齢者の仕事を地域でどうつくるか、両国の職員が事例を持ち寄りました。"
            "<a href='https://report.example.org/'>議事録</a>は英語とタイ語で読めます。</p>",
        ),
    },
)

NOTICE = Notice(
    texts={
        "en": Text(title="Closed over New Year", summary="Our office is closed from 29 December to 3 January."),
        "ja": Text(title="年末年始の休業", summary="当事務所は12月29日から1月3日まで休業します。"),
    },
)

STORIES: tuple[AnyStory, ...] = (FAIR, POSTPONED, FOOD, INDUSTRY, REPORT, NOTICE)


def view(settings: Settings, language: str, *stories: AnyStory) -> IssueView:
    """Return issue 12 with `stories`, or with one of every kind."""
    return issue_view(
        settings,
        number=12,
        slug="2026-11-abcdefgh",
        language=language,
        day=date(2026, 11, 3),
        text=TEXTS[language],
        stories=list(enumerate(stories or STORIES, start=1)),
    )
