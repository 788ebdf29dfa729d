"""Numbers as Japanese writes them: 5,900, ８万, 1億2,000万, 二千二十六, 二〇二六, 1万2千."""

import re

DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0}
SMALL = {"十": 10, "百": 100, "千": 1_000}
LARGE = {"万": 10_000, "億": 100_000_000, "兆": 1_000_000_000_000}
KANJI = "〇零一二三四五六七八九十百千万億兆"
_TOKEN = re.compile(
    r"(?P<figure>\d[\d,，]*(?:[.．]\d+)?)|(?P<digits>[〇零一二三四五六七八九]+)|(?P<unit>[十百千万億兆])"
)


def value(written: str) -> float:
    """Return the number that figures, kanji and units say together; what is none of them is passed over."""
    total = section = 0.0
    pending: float | None = None
    for token in _TOKEN.finditer(written):
        if (unit := token["unit"]) is None:
            pending = _figure(token["figure"]) if token["figure"] else _digits(token["digits"])
        elif unit in SMALL:
            section += (1 if pending is None else pending) * SMALL[unit]
            pending = None
        else:
            total += ((section + (pending or 0)) or 1) * LARGE[unit]
            section, pending = 0.0, None
    return round(total + section + (pending or 0), 6)


def _figure(written: str) -> float:
    return float(re.sub("[,，]", "", written).replace("．", "."))


def _digits(written: str) -> float:
    return float(int("".join(str(DIGITS[digit]) for digit in written)))
