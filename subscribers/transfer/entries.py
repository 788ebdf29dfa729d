"""One row of a file as a subscriber-to-be, or the reason why not; pure."""

import re
from dataclasses import dataclass

from subscribers import address, languages, people
from subscribers.address import Address
from subscribers.bits import Bits
from subscribers.consent import MAX_EVIDENCE
from subscribers.errors import AddressError
from subscribers.transfer.columns import Mapping
from subscribers.transfer.reading import Row

_BETWEEN = re.compile(r"[\s,;/|、，；・]+")
_COUNTRY = re.compile(r"[A-Z]{2}")
_NO = frozenset({"no", "n", "0", "false", "none", "-", "×", "✕", "いいえ", "なし", "無", "不可", "未同意"})
_BARE_YES = frozenset({"yes", "y", "1", "true", "ok", "x", "○", "◯", "✓", "はい", "あり", "有", "可", "同意", "同意済"})


@dataclass(frozen=True)
class Entry:
    """What a good row says; None where it says nothing."""

    row: Row
    address: Address
    name: str
    language: str | None  # "en", or "en+ja" for both in one mail
    country: str | None
    topics: int | None
    interests: int | None
    source: str
    consent: str


class Refused(Exception):  # noqa: N818 - an answer inside this package, never shown as an error
    """A row cannot be taken; the reason is a word of `importing.REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parse(row: Row, mapping: Mapping, bits: Bits, basis: str) -> Entry:
    """Return what the row says; raise Refused."""
    if row.fault:
        raise Refused(row.fault)
    return Entry(
        row=row,
        address=_address(_cell(row, mapping.email)),
        name=people.clean_name(_cell(row, mapping.name)),
        language=_language(_cell(row, mapping.language), mapping.languages),
        country=_country(_cell(row, mapping.country)),
        topics=_mask(_cell(row, mapping.topics), {key.casefold(): bit for key, bit in bits.topics.items()}, "topic"),
        interests=_mask(
            _cell(row, mapping.interests), {code.casefold(): bit for code, bit in bits.countries.items()}, "interest"
        ),
        source=people.clean_name(_cell(row, mapping.source))[:64],
        consent=_consent(_cell(row, mapping.consent), basis),
    )


def _cell(row: Row, column: str) -> str:
    return row.cells.get(column, "").strip() if column else ""


def _address(text: str) -> Address:
    try:
        return address.parse(text)
    except AddressError as error:
        reason = f"address-{error.reason}"
        raise Refused(reason) from error


def _language(text: str, spoken: tuple[str, ...]) -> str | None:
    codes = (one.strip().replace("_", "-").split("-")[0] for one in languages.of(text.casefold()))
    wish = languages.BOTH.join(codes)
    if wish and wish not in languages.wishes(spoken):
        raise Refused("language")
    return wish or None


def _country(text: str) -> str | None:
    code = text.upper()
    if code and not _COUNTRY.fullmatch(code):
        raise Refused("country")
    return code or None


def _mask(text: str, bits: dict[str, int], reason: str) -> int | None:
    names = {name.casefold() for name in _BETWEEN.split(text) if name}
    if not names <= bits.keys():
        raise Refused(reason)
    return sum(1 << bits[name] for name in names) if names else None


def _consent(text: str, basis: str) -> str:
    """Return the evidence for this row: its own, else the file's. A bare yes says neither when nor how."""
    said = text.casefold()
    if said in _NO:
        raise Refused("consent")
    evidence = text if text and said not in _BARE_YES else basis.strip()
    if not evidence:
        raise Refused("consent")
    return evidence[:MAX_EVIDENCE]
