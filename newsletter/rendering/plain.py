"""Plain text that reads well in a column: full-width aware wrapping, and bodies turned into text."""

import re
import unicodedata
from collections.abc import Iterator

from lxml import etree, html

COLUMNS = 72
"""Latin characters a line (RFC 3676 4.2 advises at most 78)."""

COLUMNS_JA = 68
"""34 full-width characters a line."""

_CLOSING = "。、，．）」』】］｝〉》〕！？・：；ー…‥々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ,.)]}!?:;〜%％"
"""Never at the start of a line (JIS X 4051, the common part)."""

_OPENING = "（「『【［｛〈《〔([{"
"""Never at the end of a line."""

_UNIT = re.compile(rf"[{re.escape(_OPENING)}]*(?:[!-~¡-⁋]+|[^\s!-~])[{re.escape(_CLOSING)}]*|\S")
"""What a line break may not split: a run of Latin characters, or one wide one, with the brackets around it."""


def width(text: str) -> int:
    """Return the columns `text` takes in a fixed-width font, full-width characters counting two."""
    return sum(_width(character) for character in text)


def wrap(text: str, language: str, indent: str = "") -> str:
    """Return `text` with each of its lines broken to the column of `language`.

    Lines after the first of a paragraph start with `indent`. Addresses and placeholders are never
    broken, however long; what cannot be broken may stand out.
    """
    limit = COLUMNS_JA if language == "ja" else COLUMNS
    return "\n".join("\n".join(_lines(line, limit, indent)) for line in text.splitlines())


def underlined(text: str, mark: str, language: str) -> str:
    """Return a heading: `text` wrapped, with a line of `mark` as long as its longest line below."""
    wrapped = wrap(text, language)
    return f"{wrapped}\n{mark * max(width(line) for line in wrapped.splitlines() or [''])}"


def tidy(text: str) -> str:
    """Return `text` without spaces at line ends, with at most one blank line in a row and one newline at the end."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


def from_html(source: str, language: str) -> str:
    """Return a story's body as text: paragraphs apart, items with dashes, each link's address on its own line."""
    if not source.strip():
        return ""
    root = html.fragment_fromstring(source, create_parent="div")
    blocks = [block for block in _blocks(root, language) if block.strip()]
    return "\n\n".join(blocks)


def _blocks(element: etree._Element, language: str) -> Iterator[str]:
    loose = element.text or ""
    for child in element:
        if child.tag in ("p", "ul", "ol"):
            yield _block(loose, [], language)
            yield _list(child, language) if child.tag != "p" else _paragraph(child, language)
            loose = child.tail or ""
        else:
            loose += _words(child) + (child.tail or "")
    yield _block(loose, [], language)


def _paragraph(element: etree._Element, language: str) -> str:
    return _block(_words(element), _addresses(element), language)


def _list(element: etree._Element, language: str) -> str:
    items = []
    for number, item in enumerate(element.iterchildren("li"), start=1):
        mark = f"{number}. " if element.tag == "ol" else "- "
        items.append(_block(mark + _words(item).strip(), _addresses(item), language, " " * len(mark)))
    return "\n".join(items)


def _block(words: str, addresses: list[str], language: str, indent: str = "") -> str:
    lines = [re.sub(r"[ \t\r\f]+", " ", line).strip() for line in words.replace("\n", " ").split("\x00")]
    wrapped = [wrap(line, language, indent) for line in lines if line]
    return "\n".join([*wrapped, *(indent + address for address in addresses)])


def _words(element: etree._Element) -> str:
    """Return the words inside, with NUL for each line break asked for."""
    if element.tag == "br":
        return "\x00"
    return (element.text or "") + "".join(_words(child) + (child.tail or "") for child in element)


def _addresses(element: etree._Element) -> list[str]:
    """Return where the links inside lead, unless their words say it already."""
    found = []
    for link in element.iter("a"):
        address = (link.get("href") or "").removeprefix("mailto:")
        if address and address not in _words(link):
            found.append(address)
    return found


def _lines(text: str, limit: int, indent: str) -> Iterator[str]:
    line, columns, used = "", 0, False
    for gap, unit in _units(text):
        taken = width(gap + unit)
        if used and columns + taken > limit:
            yield line.rstrip()
            line, columns = indent + unit, width(indent + unit)
        else:
            line, columns, used = line + gap + unit, columns + taken, True
    yield line.rstrip()


def _units(text: str) -> Iterator[tuple[str, str]]:
    end = 0
    for match in _UNIT.finditer(text):
        yield text[end : match.start()], match.group()
        end = match.end()


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
