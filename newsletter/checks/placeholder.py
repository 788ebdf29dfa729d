"""No note to oneself is left in the words: TBD, 〇〇, lorem ipsum, a template's braces."""

import re
from collections.abc import Iterator

from newsletter.checks.material import Material, Place, fields
from newsletter.findings import Finding

_LEFT = re.compile(
    r"\b(?:TODO|TBD|FIXME|XXX+)\b|(?i:\blorem ipsum\b|\[(?:insert|name|date|venue|place)\b[^\]]*\])"
    r"|\{\{.*?\}\}|\{%.*?%\}"
    r"|[〇○◯●]{2,}|[ＸX]{2,}(?=[月日年時])|（要確認）|\(要確認\)|後日追記|ここに.{0,8}(?:入れる|入力)"
)


def check(material: Material) -> Iterator[Finding]:
    """Yield an error for each leftover."""
    for language, text in material.content.texts.items():
        for name, said in fields(text):
            for match in _LEFT.finditer(said):
                place = Place(field=name)
                yield material.error("placeholder.left", language, place, about=match[0], words=match[0])
    for story_id, story in material.stories:
        for language, words in story.texts.items():
            for name, said in fields(words):
                for match in _LEFT.finditer(said):
                    yield material.error(
                        "placeholder.left", language, Place(story_id, name), about=match[0], words=match[0]
                    )
