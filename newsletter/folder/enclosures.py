"""Flyers that lie in the folder `flyers` and that a story leads to."""

from datetime import datetime
from pathlib import Path
from typing import Any

from newsletter import flyers
from newsletter.errors import UploadError
from newsletter.folder import markdown
from newsletter.folder.source import Problems, Source
from newsletter.models import Flyer

KEYS = ("flyers", "attach")


def read(source: Source, folder: Path, problems: Problems, *, now: datetime) -> list[Flyer]:
    """Return the flyers a story names, not yet stored; what is wrong with one is noted."""
    names = source.tables.get("flyers", [])
    if not isinstance(names, list) or not all(isinstance(name, str) and Path(name).name == name for name in names):
        problems.add(source.place("flyers"), 'write a list of files in the folder flyers: ["fair.pdf"]')
        return []
    found = [_flyer(source, folder, name, problems, now=now) for name in names]
    return [one for one in found if one is not None]


def content(
    source: Source, kept: list[Flyer], words: dict[str, dict[str, Any]], problems: Problems
) -> list[dict[str, Any]]:
    """Return what a story says of its flyers: titles stand in each language, in the order of the files."""
    titles = {language: _titles(source, language, table, kept, problems) for language, table in words.items()}
    attach = source.tables.get("attach", False)
    return [
        {
            "hash": flyer.hash,
            "size": len(flyer.content),
            "attach": attach,
            "title": {language: given[place] for language, given in titles.items() if place < len(given)},
        }
        for place, flyer in enumerate(kept)
    ]


def _titles(source: Source, language: str, table: dict[str, Any], kept: list[Flyer], problems: Problems) -> list[str]:
    given = table.get("flyers", [])
    if not isinstance(given, list) or not all(isinstance(title, str) for title in given) or len(given) != len(kept):
        problems.add(source.place("flyers", language), "write a title for each flyer, in the order of the files.")
        return []
    return [markdown.line(title, language) for title in given]


def _flyer(source: Source, folder: Path, name: str, problems: Problems, *, now: datetime) -> Flyer | None:
    places = (folder / "flyers", folder.resolve().parent / "flyers")
    path = next((place / name for place in places if (place / name).is_file()), None)
    if path is None:
        problems.add(source.place("flyers"), f"there is no file flyers/{name}.")
        return None
    try:
        return flyers.prepare(path.read_bytes(), name, now=now)
    except UploadError as error:
        problems.add(source.place("flyers"), f"flyers/{name}: {error}")
    except OSError as error:
        problems.add(source.place("flyers"), f"flyers/{name} cannot be opened: {error.strerror}.")
    return None
