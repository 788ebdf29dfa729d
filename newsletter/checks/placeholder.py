"""No note to oneself is left in the words: TBD, 〇〇, lorem ipsum, a template's braces."""

import re
from collections.abc import Iterator

from newsletter.checks.material import Material
from newsletter.checks.place import Place
from newsletter.checks.wording import fields
from newsletter.findings import Finding

_NOTES = r"\b(?:TODO|TBD|FIXME|XXX+|WIP)\b|\?{3,}|？{3,}|_{4,}|＿{3,}|\.{5,}"
_ENGLISH = (
    r"lorem ipsum|dolor sit amet"
    r"|\[(?:insert|add|your|name|date|time|venue|place|city|title|link|url|text|tbd|tbc|to be)\b[^\]]{0,100}\]"
    r"|<(?:insert|add|your|name|date|venue|place|link)\b[^>]{0,100}>"
    r"|\b(?:insert|add) (?:text|title|date|link|photo|picture|name)s? here\b|\b(?:title|text|link|caption) goes here\b"
    r"|\bto be (?:filled in|written|translated)\b|\bsample text\b|\basdf+\b|\bdummy (?:text|title|link)\b"
)
_FIELDS = r"\{\{.{0,200}?\}\}|\{%.{0,200}?%\}|\$\{\w+\}|%[A-Z][A-Z_]+%|\*\|\w+\|\*|\[%\w+%\]|«\w+»|\{[A-Z][A-Z_ ]+\}"
"""What templates, mail merges and other newsletter services put a reader's words into."""
_ZERO = "(?<![一二三四五六七八九十百千〇0-9０-９])"
"""二〇二〇年 and 一〇〇円 are numbers."""
_JAPANESE = (
    rf"{_ZERO}[〇○◯●□×]{{2,}}|{_ZERO}[〇○◯●□](?=[月日年時名人円県市町])|(?<![A-Za-z])[ＸX]+(?=[月日年])"
    r"|[（(【［\[]\s*(?:要確認|確認中|未確認|作成中|執筆中|翻訳中|未定稿|仮題?|後日(?:追記|記入))\s*[)）】］\]]"
    r"|[［\[]\s*(?:写真|画像|リンク|URL|見出し|本文)\s*[\]］]"
    r"|後日(?:追記|記入|差し?替え)|ここに.{0,8}(?:入れる|入力|記入|挿入|写真|文章)|ダミー(?:テキスト|文)"
    r"|サンプルテキスト|要翻訳|翻訳待ち|原稿待ち|差し?替え予定"
)
LEFT = re.compile(f"{_NOTES}|(?i:{_ENGLISH})|{_FIELDS}|{_JAPANESE}")
OPEN = re.compile(r"\bTB[AC]\b|(?i:\bto be (?:announced|confirmed)\b)|[（(](?:調整中|未定)[)）]")
"""What may be meant for readers: the date is not known yet."""


def check(material: Material) -> Iterator[Finding]:
    """Yield an error for each leftover, in words and in links, and a warning for what is said to be open."""
    for language, text in material.content.texts.items():
        for name, said in fields(text):
            yield from _found(material, language, Place(field=name), said)
    for story_id, story in material.stories:
        for language, words in material.texts_of(story).items():
            for name, said in fields(words):
                yield from _found(material, language, Place(story_id, name), said)
        if story.picture is not None:
            for language, said in [*story.picture.alt.items(), *story.picture.caption.items()]:
                yield from _found(material, language, Place(story_id, "picture"), said)
        yield from _found(material, "", Place(story_id, "url"), story.url)


def _found(material: Material, language: str, place: Place, said: str) -> Iterator[Finding]:
    for words in dict.fromkeys(match[0] for match in LEFT.finditer(said)):
        yield material.error("placeholder.left", language, place, about=words, words=words)
    for words in dict.fromkeys(match[0] for match in OPEN.finditer(said)):
        yield material.warning("placeholder.open", language, place, about=words, words=words)
