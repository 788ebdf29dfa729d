"""What a story and an issue say: the validated values whose JSON is stored in revisions."""

from datetime import date, datetime, time
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Url = Annotated[str, StringConstraints(pattern=r"^(https?://[^\s<>\"]+)?$", max_length=2000)]
Share = Annotated[float, Field(ge=0, le=1)]
Zone = Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*)?$", max_length=64)]
Html = Annotated[str, StringConstraints(max_length=50_000)]
"""A small HTML subset: p, strong, em, a[href], ul, ol, li, br; cleaned with nh3 when saved."""


class Content(BaseModel):
    """A frozen value that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Content):
    """What every story says in one language."""

    title: Line
    summary: Line = ""  # one or two plain sentences: the contents list, the Facebook post, Open Graph
    body: Html = ""
    link_label: Line = ""  # the words of the story's one button


class FairText(Text):
    """A fair in one language."""

    city: Line = ""
    venue: Line = ""
    hours: Line = ""
    organiser: Line = ""
    booth: Line = ""
    participants: tuple[Line, ...] = ()  # prefectures and municipalities


class FoodText(Text):
    """A food story in one language."""

    product: Line = ""
    place: Line = ""  # prefecture or municipality it comes from
    where: Line = ""  # where to taste or buy
    contact: Line = ""


class IndustryText(Text):
    """An industry story in one language."""

    programme: Line = ""
    who: Line = ""  # who may apply
    contact: Line = ""


class Picture(Content):
    """An image in a story; `alt` and `caption` per language."""

    hash: str  # Image.hash
    width: int
    height: int
    alt: dict[Language, Line]
    caption: dict[Language, Line] = {}
    credit: Line = ""
    focus: tuple[Share, Share] = (0.5, 0.5)  # the point that stays in view when the picture is cut, from top left


class Flyer(Content):
    """A PDF that a story leads to; hosted by us, attached to the mail only on request."""

    hash: str  # Flyer.hash
    size: int  # bytes
    title: dict[Language, Line]
    attach: bool = False


class StoryBase(Content):
    """What every kind of story has."""

    topic: Annotated[str, StringConstraints(max_length=32)] | None = None  # none: goes to everybody
    countries: tuple[CountryCode, ...] = ()
    url: Url = ""
    picture: Picture | None = None
    flyers: tuple[Flyer, ...] = ()
    only: Language | None = None  # told in this language only, on purpose
    sample: bool = False  # dates are made up and labelled so


class Opening(Content):
    """One day of a fair and its hours, in the fair's zone."""

    day: date
    opens: time
    closes: time


class Fair(StoryBase):
    """A travel fair or event."""

    kind: Literal["fair"] = "fair"
    status: Literal["planned", "changed", "postponed", "cancelled"] = "planned"
    starts: date | None = None
    ends: date | None = None
    openings: tuple[Opening, ...] = ()  # empty: the hours stand in words, or are not known
    zone: Zone = ""  # IANA name of the zone of its hours, as Asia/Bangkok
    country: CountryCode | None = None  # where it is; `countries` are those it concerns
    map_url: Url = ""
    texts: dict[Language, FairText]


class Food(StoryBase):
    """Japanese food to taste or buy."""

    kind: Literal["food"] = "food"
    starts: date | None = None
    ends: date | None = None
    texts: dict[Language, FoodText]


class Industry(StoryBase):
    """A programme, call or seminar for business."""

    kind: Literal["industry"] = "industry"
    deadline: date | None = None
    texts: dict[Language, IndustryText]


class Report(StoryBase):
    """After a fair or an event; may lie in the past."""

    kind: Literal["report"] = "report"
    happened: date | None = None
    texts: dict[Language, Text]


class Notice(StoryBase):
    """One paragraph: a seminar, a country profile, JET, a sister city."""

    kind: Literal["notice"] = "notice"
    about: Literal["", "seminar", "country", "jet", "sister_city"] = ""
    starts: date | None = None
    texts: dict[Language, Text]


StoryContent = Annotated[Fair | Food | Industry | Report | Notice, Field(discriminator="kind")]


class IssueText(Content):
    """What an issue says in one language."""

    subject: Line
    preheader: Line = ""
    introduction: Html = ""
    post: Annotated[str, StringConstraints(max_length=5000)] = ""  # the Facebook text; empty: from the template


class StoryChoice(Content):
    """One story of an issue, at one of its revisions."""

    story_id: int
    revision: int


class Audience(Content):
    """Of the readers of the publication, those an issue is for; empty means all."""

    languages: tuple[Language, ...] = ()
    topics: tuple[str, ...] = ()
    countries: tuple[CountryCode, ...] = ()  # where readers live


class IssueContent(Content):
    """One revision of an issue."""

    texts: dict[Language, IssueText]
    stories: tuple[StoryChoice, ...] = ()
    sections: tuple[str, ...] = ()  # topic keys in the order of this issue; the rest follow in the settings' order
    audience: Audience = Audience()
    send_at: datetime | None = None  # the editor's wish; scheduling makes it binding
    later: dict[Language, datetime] = {}  # languages that go out at another, later time
