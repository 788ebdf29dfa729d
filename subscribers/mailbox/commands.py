"""What a person asks for: by the address written to, or by a word that is the whole subject or first line."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from subscribers.mailbox.parsing import Mail
from subscribers.mailbox.verdict import Own

BOUNCE = "bounce"
"""The name under which tags of the envelope sender's address are found, whatever that address is called."""

_NAMES = ("subscribe", "unsubscribe", "confirm")
# From the most to the least trustworthy: the first three are written by the server that delivers.
_RECIPIENTS = ("delivered-to", "x-original-to", "envelope-to", "to", "cc")
_ADDRESS = re.compile(r"[A-Za-z0-9._+=-]{1,100}@[A-Za-z0-9.-]{1,100}")

_EN_SUBSCRIBE = "subscribe|join|sign up|signup|subscription|subscribe newsletter|subscribe to newsletter"
_EN_UNSUBSCRIBE = "unsubscribe|stop|remove|opt out|opt-out|optout|cancel subscription|cancel my subscription"
_JA_SUBSCRIBE = (
    "購読|購読希望|購読申込|購読申込み|購読申し込み|購読登録|登録|登録希望|配信希望|配信登録|新規登録"
    "|メルマガ登録|メルマガ購読|メルマガ希望|メールマガジン登録|メールマガジン購読|ニュースレター登録|ニュースレター購読"
)
_JA_UNSUBSCRIBE = (
    "配信停止|配信停止希望|購読停止|購読停止希望|購読中止|購読解除|購読解除希望|解除|解除希望|登録解除|登録解除希望|登録削除"
    "|退会|退会希望|配信不要|配信解除|配信中止|メルマガ解除|メルマガ停止|メルマガ配信停止|メールマガジン解除|メールマガジン配信停止"
)
_YES = "yes|ok|okay|confirm|confirmed|i confirm|agree|i agree|はい|確認|確認しました|了解|了解しました|承認|同意"
_WORDS = {
    word: (action, language)
    for action, language, words in (
        ("subscribe", "en", _EN_SUBSCRIBE),
        ("unsubscribe", "en", _EN_UNSUBSCRIBE),
        ("subscribe", "ja", _JA_SUBSCRIBE),
        ("unsubscribe", "ja", _JA_UNSUBSCRIBE),
    )
    for word in words.split("|")
}
_AGREEMENT = frozenset(_YES.split("|")) | {word for word, (action, _) in _WORDS.items() if action == "subscribe"}

_PARTICLES = re.compile(r"[\sをの]")  # 配信を停止, 配信の停止 and 配信 停止 are one wish
_POLITE = re.compile(
    r"(?:please|thanks|thank you|me|(?:宜しく|よろしく)?お願い(?:(?:いた|致)?します)?"
    r"|(?:して)?(?:ください|下さい)|したいです|(?:いた|致)?します|です)$"
)
_POLITE_START = re.compile(r"^(?:please|kindly|i want to|i would like to|i'd like to)\s+")
_EDGES = " \t.,;:!?\"'`*_~-<>()[]{}|/\\、。，．！？「」『』【】〈〉《》〔〕・…"
_REPLY = re.compile(r"\s*(?:re|fw|fwd|aw|wg|sv|tr|返信|転送)(?:\s*\[?\d*\]?)?\s*:", re.IGNORECASE)
_QUOTATION = re.compile(
    r"-{2,}\s*(?:original|forwarded|元の|転送).*|_{8,}|(?:from|差出人|送信者)\s*:.*"
    r"|.*(?:さんは書きました|のメール|wrote)\s*:|\d{4}年\d{1,2}月\d{1,2}日.*:",
    re.IGNORECASE,
)
_FOLDED_QUOTATION = re.compile(r"on .* wrote:|le .* écrit\s*:|am .* schrieb.*:", re.IGNORECASE)
"""Lines that announce a quotation and that mail programs may break in two."""

_DEVICE = re.compile(r"sent from .*|get outlook for .*|.{0,40}から送信(?:されました)?", re.IGNORECASE)
MAX_LINES = 200
MAX_LINE = 300


@dataclass(frozen=True)
class Command:
    """A word that was found: subscribe or unsubscribe, and the language it was said in."""

    action: str
    language: str


def tag(mail: Mail, own: Own, name: str) -> str | None:
    """Return what stands behind the plus of the `name` address that was written to; None: it was not."""
    for _, address in mail.addresses(*_RECIPIENTS):
        found = tags_of(address, own)
        if name in found:
            return found[name]
    return None


def tags_of(text: str, own: Own) -> dict[str, str]:
    """Return {name: tag} of our own command and bounce addresses in `text`; the tag may be empty."""
    bounce, _, _ = own.bounce_address.casefold().rpartition("@")
    found: dict[str, str] = {}
    for match in _ADDRESS.finditer(text):
        local, _, domain = match[0].rpartition("@")
        name, _, behind = local.partition("+")
        known = BOUNCE if name.casefold() == bounce else name.casefold()
        if domain.casefold() in own.domains and known in (BOUNCE, *_NAMES):
            found.setdefault(known, behind)
    return found


def choices(words: str) -> tuple[str, tuple[str, ...]]:
    """Return the language and the topics named in the tag of a subscribe address: `subscribe+ja+food@`."""
    named = [word for word in re.split(r"[+.]", words.casefold()) if word]
    language = next((word for word in named if re.fullmatch(r"[a-z]{2}", word)), "")
    return language, tuple(word for word in named if word != language)


def read(subject: str, text: str) -> Command | None:
    """Return the command that is the whole subject or the whole first line of what the person wrote.

    In an answer to another letter, only a wish to leave counts: its subject is not the person's own,
    and who answers a newsletter with "subscribe" has it already. Contradictory words are no command.
    """
    answer = is_reply(subject)
    said = {_command(next(own_lines(text), ""))} | ({None} if answer else {_command(subject)})
    found = {command for command in said if command and not (answer and command.action == "subscribe")}
    return found.pop() if len({command.action for command in found}) == 1 else None


def agrees(text: str) -> bool:
    """Return whether an answer to a confirmation letter says yes, or nothing at all."""
    line = next(own_lines(text), "")
    return not line or fold(line) in _AGREEMENT


def is_reply(subject: str) -> bool:
    """Return whether the subject is that of an answer or of a forwarded letter."""
    return bool(_REPLY.match(unicodedata.normalize("NFKC", subject[:MAX_LINE])))


def own_lines(text: str) -> Iterator[str]:
    """Yield the lines that the person wrote: neither quoted, nor a signature, nor a telephone's advertisement."""
    lines = [line.strip() for line in text.split("\n", MAX_LINES)[:MAX_LINES]]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        folded = unicodedata.normalize("NFKC", line[:MAX_LINE])
        if folded == "--" or _begins_quotation(folded, following[:MAX_LINE]):
            return
        if line and not line.startswith((">", "|", "＞")) and not _DEVICE.fullmatch(folded):
            yield line


def _begins_quotation(line: str, following: str) -> bool:
    whole = (_QUOTATION.fullmatch(line), _FOLDED_QUOTATION.fullmatch(line))
    return any(whole) or bool(_FOLDED_QUOTATION.fullmatch(f"{line} {following}"))


def fold(line: str) -> str:
    """Return a line as words are compared: half-width, lower case, without brackets and polite endings."""
    text = unicodedata.normalize("NFKC", line[:MAX_LINE]).casefold().strip(_EDGES)
    if not text.isascii():
        text = _PARTICLES.sub("", text)
    text = _POLITE_START.sub("", text)
    for _ in range(4):
        shorter = _POLITE.sub("", text).strip(_EDGES)
        if shorter in ("", text):
            break
        text = shorter
    return " ".join(text.split())


def _command(line: str) -> Command | None:
    found = _WORDS.get(fold(line))
    return Command(*found) if found else None
