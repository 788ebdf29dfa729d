"""The small HTML subset as Markdown: what editors write and what they read where states are compared."""

import re
import unicodedata

from lxml import etree, html

_MEANS_SOMETHING = re.compile(r"[\\`*\[<]|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])|&(?=#?\w+;)")
_BEGINS_SOMETHING = re.compile(r"^(?=#{1,6}(\s|$)|>|[-+](\s|$)|[-=]+\s*$|~~~)")
_BEGINS_A_NUMBER = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_LISTS = ("ul", "ol")
_INDENT = {"ul": "  ", "ol": "   "}


def markdown(text: str, *, escape: bool = True) -> str:
    """Return the Markdown of a text in the HTML subset; `newsletter.folder.markdown.html` leads back to the same.

    Without `escape`, for reading only, characters that Markdown gives a meaning stand as they are.
    """
    if not text.strip():
        return ""
    try:
        root = html.fragment_fromstring(text, create_parent="div")
    except etree.ParserError:  # a comment alone, or nothing
        return ""
    _join_emphasis(root)
    _drop_unwritable(root)
    return _Writer(escape=escape).blocks(root)


def _join_emphasis(root: html.HtmlElement) -> None:
    """Make one element of emphasis inside the same, or right after it: their marks would read as one run."""
    for element in list(root.iter("em", "strong")):
        if next(element.iterancestors(element.tag), None) is not None:
            element.drop_tag()
    for element in list(root.iter("em", "strong")):
        before = element.getprevious()
        if before is None or before.tag != element.tag or before.tail:
            continue
        following = list(element)
        _append_words(before, element.text)
        before.extend(following)
        before.tail, element.tail = element.tail, None
        element.getparent().remove(element)


def _drop_unwritable(root: html.HtmlElement) -> None:
    """Drop emphasis that ends in a sign with a letter right outside: Markdown would show its marks (CommonMark 6.2)."""
    for element in list(root.iter("em", "strong")):
        words = "".join(element.itertext()).strip()
        before, after = _around(element)
        if (_is_sign(words[:1]) and _is_letter(before)) or (_is_sign(words[-1:]) and _is_letter(after)):
            element.drop_tag()


def _around(element: html.HtmlElement) -> tuple[str, str]:
    """Return the characters right before and after an element in its parent, or ""."""
    earlier, later = element.getprevious(), element.getnext()
    before = (element.getparent().text or "") if earlier is None else "".join(earlier.itertext()) + (earlier.tail or "")
    after = element.tail or ("" if later is None else "".join(later.itertext()))
    return before[-1:], after[:1]


def _is_sign(character: str) -> bool:
    return bool(character) and not character.isalnum()


def _is_letter(character: str) -> bool:
    return character.isalnum() and unicodedata.east_asian_width(character) not in "WF"


def _append_words(element: etree._Element, words: str | None) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + (words or "")
    else:
        element.text = (element.text or "") + (words or "")


class _Writer:
    """Writes elements; knows whether to escape."""

    def __init__(self, *, escape: bool) -> None:
        self._escape = escape

    def blocks(self, element: etree._Element) -> str:
        """Return everything in an element: paragraphs and lists with blank lines between, loose text too."""
        found: list[str] = []
        line = self._words(element.text)
        for child in element:
            if child.tag in ("p", *_LISTS):
                found += [self._lines(line), self._list(child) if child.tag in _LISTS else self._lines(self._in(child))]
                line = self._words(child.tail)
            else:
                line += self._inline(child) + self._words(child.tail)
        return "\n\n".join(part for part in (*found, self._lines(line)) if part)

    def _list(self, element: etree._Element) -> str:
        entries = [child for child in element if child.tag == "li"]
        loose = any(child.tag == "p" for entry in entries for child in entry)
        written = [
            self._entry(entry, f"{number}." if element.tag == "ol" else "-", loose=loose)
            for number, entry in enumerate(entries, start=1)
        ]
        return ("\n\n" if loose else "\n").join(written)

    def _entry(self, entry: etree._Element, mark: str, *, loose: bool) -> str:
        inside = self.blocks(entry)
        if not loose:
            inside = inside.replace("\n\n", "\n")
        return f"{mark} " + inside.replace("\n", "\n" + " " * (len(mark) + 1))

    def _in(self, element: etree._Element) -> str:
        return self._words(element.text) + "".join(self._inline(child) + self._words(child.tail) for child in element)

    def _inline(self, element: etree._Element) -> str:
        if not isinstance(element.tag, str):  # a comment
            return ""
        if element.tag == "br":
            return "\\\n" if self._escape else "\n"
        if element.tag == "a":
            return self._link(element)
        mark = {"strong": "**", "em": "*"}.get(element.tag, "")
        inside = self._in(element)
        bare = inside.strip()
        return inside.replace(bare, f"{mark}{bare}{mark}", 1) if bare else inside

    def _link(self, element: etree._Element) -> str:
        address = element.get("href", "")
        shown = "".join(element.itertext())
        if not address:
            return self._in(element)
        if address in (shown, f"mailto:{shown}") and re.match(r"(https?:|mailto:)", address):
            return f"<{shown}>" if self._escape else shown
        target = f"<{address}>" if re.search(r"[\s()]", address) else address
        words = self._in(element).replace("]", r"\]") if self._escape else self._in(element)
        return f"[{words}]({target})"

    def _words(self, text: str | None) -> str:
        words = text or ""
        return _MEANS_SOMETHING.sub(lambda found: f"\\{found[0]}", words) if self._escape else words

    def _lines(self, text: str) -> str:
        """Return the lines of a paragraph, none of which begins like a list or a heading."""
        lines = [line for line in (each.strip() for each in text.split("\n")) if line]
        if self._escape:
            lines = [_BEGINS_A_NUMBER.sub(r"\1\\\2", _BEGINS_SOMETHING.sub(r"\\", line)) for line in lines]
        return "\n".join(lines)
