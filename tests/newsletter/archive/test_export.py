"""The archive as files works without the program: every link leads to a file, or to the program's full address."""

import posixpath
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html

from newsletter.archive import export
from newsletter.archive.export import Answer, markup
from newsletter.config import Settings
from newsletter.keys import Keys
from newsletter.web import inside
from newsletter.web.context import Context
from tests.newsletter.archive import published
from tests.newsletter.archive.conftest import OUT, Shelf


@pytest.fixture
def exported(small: Shelf, keys: Keys, tmp_path: Path) -> Path:
    """Return a folder with the archive of the sample issue."""
    published.picture(small.engine, OUT)
    inside.write_archive(_context(small, keys), tmp_path / "out")
    return tmp_path / "out"


def _context(shelf: Shelf, keys: Keys) -> Context:
    return Context(shelf.settings, keys, shelf.engine, shelf.publication_id, now=lambda: OUT)


def test_every_link_leads_to_a_file_or_to_the_program(exported: Path, settings: Settings) -> None:
    pages = sorted(exported.rglob("*.html"))
    assert len(pages) > 20

    for page in pages:
        tree = html.fromstring(page.read_text(encoding="utf-8"))
        for link in tree.xpath("//@href | //@src | //@action"):
            parts = urlsplit(str(link))
            if parts.scheme:
                continue
            assert not parts.path.startswith("/"), (page, link)
            target = page.parent / unquote(parts.path) if parts.path else page
            assert target.is_file(), (page, link)
        assert f"{settings.web.base_url}/" in page.read_text(encoding="utf-8") or page == exported / "index.html"


def test_what_plain_servers_need_is_there(exported: Path, small: Shelf) -> None:
    names = {str(path.relative_to(exported)) for path in exported.rglob("*") if path.is_file()}

    assert {
        "index.html",
        "en/index.html",
        f"ja/issues/{small.slug}/index.html",
        "en/stories/1.ics",
        "en/calendar.ics",
        "ja/feed.xml",
        "static/reader.css",
        "static/theme.css",
    } <= names
    assert [name for name in names if name.startswith("i/") and posixpath.splitext(name)[1] == ".png"]
    assert not [name for name in names if "subscribe" in name or "desk" in name or "search" in name]


def test_a_second_export_writes_what_changed_and_removes_what_is_gone(exported: Path, small: Shelf, keys: Keys) -> None:
    (exported / "CNAME").write_text("someone else's file")
    gone = exported / "en" / "stories" / "6-closed-over-new-year" / "index.html"
    assert gone.is_file()

    same = inside.write_archive(_context(small, keys), exported)
    published_again = small.settings.publication.model_copy(update={"languages": ("ja",)})
    smaller = _context(small, keys).settings.model_copy(update={"publication": published_again})
    less = inside.write_archive(Context(smaller, keys, small.engine, small.publication_id, now=lambda: OUT), exported)

    assert (same.changed, same.removed) == (0, 0)
    assert less.removed > 10
    assert not gone.exists()
    assert (exported / "CNAME").read_text() == "someone else's file"


def test_pages_under_a_path_of_their_host_are_found_and_linked(settings: Settings) -> None:
    moved = settings.web.model_copy(update={"base_url": "https://www.example.org/news"})
    site = {
        "/en/": b'<p><a href="/news/en/issues/a/">A</a> <a href="/news/en/subscribe">S</a> <a href="/other/">O</a></p>',
        "/en/issues/a/": b'<p><a href="/news/en/#text">Back</a></p>',
    }

    files = export.collect(
        settings.model_copy(update={"web": moved}),
        lambda path: Answer(site[path], "text/html") if path in site else Answer(None),
    )

    assert set(files) == {"index.html", "en/index.html", "en/issues/a/index.html"}
    assert b'href="issues/a/index.html"' in files["en/index.html"]
    assert b'href="https://www.example.org/news/en/subscribe"' in files["en/index.html"]
    assert b'href="../../index.html#text"' in files["en/issues/a/index.html"]


def test_what_stands_in_the_text_is_no_link() -> None:
    page = '<p title="a &quot;b&quot;">href="/x" <a href="/a?b=1&amp;c=2">/a</a></p>'

    assert list(markup.links(page)) == ["/a?b=1&c=2"]
    assert (
        markup.relinked(page, lambda _: 'q"&')
        == '<p title="a &quot;b&quot;">href="/x" <a href="q&quot;&amp;">/a</a></p>'
    )


@pytest.mark.parametrize("name", ["../out.html", "/etc/x", "a/../../b"])
def test_no_file_is_written_outside_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="outside"):
        export.write(tmp_path / "in", {name: b"x"})

    assert [path.name for path in tmp_path.iterdir()] == ["in"]
