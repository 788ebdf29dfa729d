"""What a letter is and what should follow from it: one ladder of questions, from machines to people."""

import re
from dataclasses import replace

from subscribers import address as addresses
from subscribers.errors import AddressError
from subscribers.mailbox import commands, reports, trust
from subscribers.mailbox.commands import Command
from subscribers.mailbox.parsing import Mail, clean
from subscribers.mailbox.verdict import Own, Verdict

MAX_NAME = 100
MAX_MESSAGE_ID = 300
_ROBOTS = re.compile(
    r"(?:mailer-?daemon|postmaster|no-?reply|do-?not-?reply|bounces?|root)(?:[+.=_-].*)?", re.IGNORECASE
)
_POSTMASTERS = re.compile(r"(?:mailer-?daemon|postmaster)(?:[+.=_-].*)?", re.IGNORECASE)
_ABSENT = re.compile(
    r"\s*(?:automatic reply|auto(?:matic)?[ -]?(?:response|reply)?\s*:|out of (?:the )?office|abwesen"
    r"|réponse automatique|[\[【(（]?\s*自動(?:返信|応答)|不在(?:通知|のお知らせ|連絡))",
    re.IGNORECASE,
)
_CHALLENGE = re.compile(
    r"\bwhite-?list|challenge[ /-]response|sender verification|verify your (?:message|e-?mail to)", re.IGNORECASE
)
_CHALLENGERS = re.compile(r"@(?:[a-z0-9-]+\.)*(?:boxbe|bluebottle|spamarrest)\.com$", re.IGNORECASE)
_MACHINE_FIELDS = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-response-suppress", "x-loop")
_LIST_FIELDS = ("list-id", "list-post", "list-unsubscribe", "list-help", "mailing-list")
_PRECEDENCES = ("bulk", "list", "junk", "auto_reply")
_SPAM_NAME = re.compile(r"=\?|://|www\.|@|[<>{}]", re.IGNORECASE)
_KANA = re.compile("[\u3041-\u30ff\uff66-\uff9f]")
_JAPANESE_CHARSETS = frozenset({"iso2022_jp", "iso2022_jp_ext", "shift_jis", "cp932", "euc_jp"})


def classify(raw: bytes, own: Own) -> Verdict:
    """Return the verdict on one letter; never raises, and works no longer on a hostile letter than on others."""
    try:
        return _classify(Mail(raw), own)
    except Exception as error:  # noqa: BLE001 - whatever a letter breaks, the next one must still be read
        return Verdict("unreadable", "quarantine", why=type(error).__name__)


def _classify(mail: Mail, own: Own) -> Verdict:
    verdict = (
        reports.read(mail, own)
        or _leave_by_token(mail, own)
        or _challenge(mail)
        or _automatic(mail, own)
        or _personal(mail, own)
    )
    return replace(verdict, message_id=clean(mail.field("message-id"), MAX_MESSAGE_ID))


def _leave_by_token(mail: Mail, own: Own) -> Verdict | None:
    token = commands.tag(mail, own, "unsubscribe")
    if not token:
        return None
    # Mail programs write these letters by themselves (RFC 2369), so a machine's is as good: the token speaks.
    writer = _writer(mail, own)
    answerable = writer is not None and not _machine_sign(mail)
    email, name = writer or ("", "")
    return Verdict(
        "unsubscribe", "leave", email, name, token=token, language=_language(mail, email), answerable=answerable
    )


def _challenge(mail: Mail) -> Verdict | None:
    """Recognise a program that wants a person to prove that a letter was meant: the office decides, we never click."""
    challenger = any(_CHALLENGERS.search(email) for _, email in mail.addresses("from"))
    if challenger or _CHALLENGE.search(mail.field("subject")):
        return Verdict("challenge", "none", why="wants a person to prove who wrote")
    return None


def _automatic(mail: Mail, own: Own) -> Verdict | None:
    sign = _machine_sign(mail)
    if not sign:
        return None
    token = commands.tag(mail, own, commands.BOUNCE)
    if token and any(_POSTMASTERS.fullmatch(email.partition("@")[0]) for _, email in mail.addresses("from")):
        return Verdict("bounce", "note", token=token, why="not in the standard form")
    # What answers our mail is filed; other machines' mail may be for somebody of the office.
    to_us = (token, commands.tag(mail, own, "confirm")) != (None, None) or _is_to(mail, own.from_address)
    return Verdict("auto-reply", "note" if to_us else "none", token=token or "", why=sign)


def _personal(mail: Mail, own: Own) -> Verdict:
    writer = _writer(mail, own)
    if writer is None:
        return Verdict("person", "none", why="no one sender that can be answered")
    email, name = writer
    person = Verdict("person", "none", email, name, language=_language(mail, email), answerable=True)
    command = commands.read(mail.field("subject"), mail.text())
    token = commands.tag(mail, own, "confirm")
    if token:
        return _confirmation(mail, person, command, token)
    return _wish(mail, own, person, command)


def _confirmation(mail: Mail, person: Verdict, command: Command | None, token: str) -> Verdict:
    if (command and command.action == "unsubscribe") or not commands.agrees(mail.text()):
        return replace(person, why="answers a confirmation letter in words of its own")
    return replace(person, kind="confirm", action="confirm", token=token)


def _wish(mail: Mail, own: Own, person: Verdict, command: Command | None) -> Verdict:
    words = commands.tag(mail, own, "subscribe")
    leaving = command is not None and command.action == "unsubscribe"
    if words is not None and not leaving:
        language, topics = commands.choices(words)
        said = language or (command.language if command else "")
        return replace(person, kind="subscribe", action="ask", language=said or person.language, topics=topics)
    if leaving or commands.tag(mail, own, "unsubscribe") is not None:
        action = "leave" if trust.is_authentic(mail, own, person.address) else "offer"
        said = command.language if command else ""
        return replace(person, kind="unsubscribe", action=action, language=said or person.language)
    if command:
        return replace(person, kind="subscribe", action="ask", language=command.language)
    return person


def _writer(mail: Mail, own: Own) -> tuple[str, str] | None:
    """Return address and name of the one person in From; None where there is no such person."""
    senders = mail.addresses("from")
    if len(senders) != 1:
        return None
    name, written = senders[0]
    try:
        email = addresses.parse(written).email
    except AddressError:
        return None
    if email.casefold() in own.addresses:
        return None
    return email, "" if _SPAM_NAME.search(name) else clean(name, MAX_NAME)


def _machine_sign(mail: Mail) -> str:
    """Return what shows that a program wrote the letter (RFC 3834 2), or an empty string."""
    submitted = mail.field("auto-submitted").partition(";")[0].strip().casefold()
    signs = {
        "null sender": mail.field("return-path").replace(" ", "") == "<>",
        "auto-submitted": submitted not in ("", "no"),
        "precedence": mail.field("precedence").casefold() in _PRECEDENCES,
        "list": mail.has(*_LIST_FIELDS),
        "responder": mail.has(*_MACHINE_FIELDS) or mail.field("x-apple-action").casefold() == "vacation",
        "subject of a responder": _ABSENT.match(mail.field("subject")),
        "sender is a program": any(
            _ROBOTS.fullmatch(email.partition("@")[0]) for _, email in mail.addresses("from", "sender")
        ),
    }
    return next((sign for sign, there in signs.items() if there), "")


def _is_to(mail: Mail, address: str) -> bool:
    recipients = mail.addresses("delivered-to", "x-original-to", "envelope-to", "to", "cc")
    return any(email.casefold() == address.casefold() for _, email in recipients)


def _language(mail: Mail, email: str) -> str:
    """Return "ja" where script, character set or address show it: an empty letter from a telephone has only those."""
    words = f"{mail.field('subject')} {mail.addresses('from')[:1]} {mail.text()}"
    japanese = _KANA.search(words) or mail.charsets() & _JAPANESE_CHARSETS or email.endswith(".jp")
    return "ja" if japanese else ""
