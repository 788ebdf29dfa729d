"""Put our short addresses in place of the links of an edition."""

import html as entities
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from newsletter import urls
from newsletter.config import Settings
from newsletter.links import addresses

_ATTRIBUTES = r"(?:[^>\"']|\"[^\"]*\"|'[^']*')*"
_ANCHOR = re.compile(rf"(<a\b{_ATTRIBUTES}>)(.*?)(?=</a>)|<v:\w+\b{_ATTRIBUTES}>", re.IGNORECASE | re.DOTALL)
"""A link with its words, or one of the shapes that Outlook draws as a button."""
_HREF = re.compile(r"(\shref=\")(https?://[^\"]*)(\")", re.IGNORECASE)
_MARKUP = re.compile(r"<[^>]*>")
_LIKE_AN_ADDRESS = re.compile(r"(?:https?://|www\.)\S*|[a-z0-9.-]+\.[a-z]{2,}(?:/\S*)?", re.IGNORECASE)
_SPELLED = re.compile(r"https?://[^\s<>\"]+")
_PLAIN = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*[A-Za-z0-9\-_~/#&=%]")
"""An address without the full stop or bracket that ends its sentence."""


@dataclass(frozen=True)
class Shortened:
    """An edition whose links are ours; `targets` are where they lead, in the order they come."""

    html: str
    text: str
    targets: tuple[str, ...]


def shorten(settings: Settings, slug: str, language: str, html: str, text: str) -> Shortened:
    """Return an edition with each http address replaced, or as it is where clicks are not counted.

    Placeholders of the reader's own links and mailto: stay, and so does a link whose words are themselves an
    address: mail programs warn of one that says where it leads and leads elsewhere.
    """
    if not settings.links.count_clicks:
        return Shortened(html, text, ())
    work = _Work(settings, slug, language)
    return Shortened(
        html=_ANCHOR.sub(work.anchor, html),
        text=_SPELLED.sub(work.spelled, text),
        targets=tuple(work.targets),
    )


@dataclass
class _Work:
    settings: Settings
    slug: str
    language: str
    targets: dict[str, None] = field(default_factory=dict)

    def anchor(self, found: re.Match[str]) -> str:
        opening, words = found[1], found[2]
        if opening is None:  # a button of Outlook's
            return _HREF.sub(self.reference, found[0])
        if _LIKE_AN_ADDRESS.fullmatch(entities.unescape(_MARKUP.sub("", words)).strip()):
            return found[0]
        return _HREF.sub(self.reference, opening) + words

    def reference(self, found: re.Match[str]) -> str:
        short = self.short(entities.unescape(found[2]))
        return f"{found[1]}{short or found[2]}{found[3]}"

    def spelled(self, found: re.Match[str]) -> str:
        """Return an address in a text as ours; one that may go on into the words after it is left alone."""
        whole = found[0]
        plain = _PLAIN.match(whole)
        for candidate in self._candidates(whole, plain[0] if plain else ""):
            if short := self.short(candidate):
                return short + whole[len(candidate) :]
        return whole

    def _candidates(self, whole: str, plain: str) -> Iterator[str]:
        if addresses.canonical(whole) in self.targets:
            yield whole
        if plain and (addresses.canonical(plain) in self.targets or whole.isascii()):
            yield plain

    def short(self, url: str) -> str:
        """Return our address for `url`; empty for what is no address, or ours already."""
        target = addresses.canonical(url)
        if not target or target.startswith(urls.short(self.settings, "")):
            return ""
        self.targets[target] = None
        code = addresses.code(self.slug, target)
        return urls.short(self.settings, addresses.token(code, self.language))
