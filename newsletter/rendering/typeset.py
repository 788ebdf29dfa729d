"""What belongs together stays on one line: a number and what it counts, a day and its month, a name and its year."""

import re
from collections.abc import Callable

from markupsafe import Markup, escape

GLUE = "\u00a0"
"""A blank at which no line ends."""

_TAG = re.compile(r"(<[^>]*>)")

_COUNTERS = (
    "か国|カ国|ヵ国|ヶ国|か所|カ所|ヵ所|ヶ所|か月|カ月|ヵ月|ヶ月|都道府県|市町村|自治体|年度|時間|日間|週間|種類|万人|億円|万円"
    "|人|名|年|月|時|分|回|件|社|円|歳|点|台|号|階|部|席|校|県|市|町|村|倍|割|つ|％|%"
)
_JAPANESE = re.compile(
    r"(?:\d{1,2}月)?\d{1,2}日(?:（[月火水木金土日祝・]{1,3}）)?"  # 1月15日（金）
    rf"|第?\d[\d,.]*(?:{_COUNTERS})(?:目|以上|以下|半)?"  # 8か国, 第12号
    r"|[A-Za-z][A-Za-z-]{1,14} \d{1,4}(?![\d,])"  # SAKURA 2026
)
_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
)
_ENGLISH = (
    (re.compile(rf"(\d{{1,2}}) ((?:{_MONTHS})\b)"), rf"\1{GLUE}\2"),
    (re.compile(r"\b((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)) (\d{1,2}\b)"), rf"\1{GLUE}\2"),
    (re.compile(r"\b([A-Z][\w'\u2019-]*) (\d{4}\b)"), rf"\1{GLUE}\2"),  # SAKURA 2026, March 2027
    (re.compile(r"\b(No\.|Hall|Booth|Room|Level|Gate|Table) ([\w#-]*\d)"), rf"\1{GLUE}\2"),
    (re.compile(r"(\d) ([-\u2013]) (?=\S)"), rf"\1{GLUE}\2 "),  # no line begins with a dash
)


def together(text: str, language: str) -> Markup:
    """Return text or markup as markup in which no line ends inside a date, a count or a name with its number.

    Only words change, never tags or the addresses in them. Plain text is escaped. Style sheets hold the class `one`
    on one line.
    """
    bind = _BINDERS.get(language)
    marked = escape(text)
    if bind is None:
        return marked
    pieces = [piece if piece.startswith("<") else bind(piece) for piece in _TAG.split(str(marked))]
    return Markup("").join(map(Markup, pieces))


def _glue(words: str) -> str:
    for pattern, replacement in _ENGLISH:
        words = pattern.sub(replacement, words)
    return words


def _hold(words: str) -> str:
    # Japanese breaks between any two characters, and the joiner that would forbid it shows as a box in old clients.
    return _JAPANESE.sub(r'<span class="one">\g<0></span>', words)


_BINDERS: dict[str, Callable[[str], str]] = {"en": _glue, "ja": _hold}
