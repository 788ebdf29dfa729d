"""Which column of a file means what."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from subscribers.errors import TransferError

_KNOWN = {
    "email": ("email", "e-mail", "mail", "email address", "e-mail address", "mail address", "address",
              "メール", "メールアドレス", "eメール", "電子メール", "アドレス"),
    "name": ("name", "full name", "氏名", "名前", "お名前", "名称"),
    "language": ("language", "lang", "言語", "使用言語"),
    "country": ("country", "country code", "国", "国名", "居住国"),
    "topics": ("topics", "topic", "分野", "希望分野", "トピック"),
    "interests": ("interests", "countries", "countries of interest", "関心国", "関心のある国"),
    "source": ("source", "入手元", "登録元", "経路"),
    "consent": ("consent", "consent evidence", "evidence", "同意", "同意の記録", "同意記録"),
}  # fmt: skip


@dataclass(frozen=True)
class Mapping:
    """The header of the column for each thing (empty: the file does not say it), and the languages that are spoken.

    A row without a language gets the first of `languages`.
    """

    email: str
    name: str = ""
    language: str = ""
    country: str = ""
    topics: str = ""
    interests: str = ""
    source: str = ""
    consent: str = ""
    languages: tuple[str, ...] = ("en",)


def guess(header: Sequence[str], *, languages: Sequence[str]) -> Mapping:
    """Return the mapping that the usual English and Japanese names suggest; raise TransferError without an address.

    `languages` are those of the publication. Let the person correct what was guessed with `dataclasses.replace`.
    """
    found = {thing: next((name for name in header if _folded(name) in known), "") for thing, known in _KNOWN.items()}
    if not found["email"]:
        message = f'No column holds e-mail addresses. Name it "email"; found: {", ".join(header)}.'
        raise TransferError(message)
    return Mapping(**found, languages=tuple(languages))


def check(mapping: Mapping, header: Sequence[str]) -> None:
    """Raise TransferError for a column that the file does not have."""
    wanted = [getattr(mapping, field.name) for field in fields(mapping) if field.name != "languages"]
    for name in wanted:
        if name and name not in header:
            message = f"The file has no column named {name!r}; found: {', '.join(header)}."
            raise TransferError(message)


def _folded(name: str) -> str:
    return " ".join(name.replace("_", " ").casefold().split())
