"""Read the letters that arrived for the office, and do what they ask."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta

import structlog
from sqlalchemy.exc import OperationalError

from jobs.tasks import verdicts
from jobs.tasks.deps import Deps
from newsletter import database
from newsletter.config import Settings
from subscribers.errors import MailboxError, UnreadableLetterError
from subscribers.mailbox import cursor, fetch
from subscribers.mailbox.classify import classify
from subscribers.mailbox.fetch import Account, Inbox
from subscribers.mailbox.verdict import Own, Verdict

BATCH = 200
"""Letters between two notes of how far we are; after a kill at most so many are looked at again."""

OVERLAP = timedelta(days=1)
"""How far to look back after a server has renumbered its letters; what was dealt with is known by its hash."""

log = structlog.get_logger()


def read_mailbox(deps: Deps, *, from_start: bool = False) -> int:
    """Deal with every new letter; return for how many something was done.

    A mailbox that is read for the first time begins with the next letter to arrive, since what
    lies there was dealt with by people; `from_start` takes those letters too.
    """
    if not deps.settings.mailbox.enabled:
        return 0
    try:
        return _read_all(deps, account_of(deps.settings), from_start=from_start)
    except MailboxError as error:
        log.warning("mailbox cannot be read", reason=str(error))
        return 0


def _read_all(deps: Deps, account: Account, *, from_start: bool) -> int:
    """Deal with every new letter; a letter that the server twice fails to show is left, for a person, where it lies."""
    handled = stuck_at = 0
    while True:
        with fetch.connect(account) as inbox:
            try:
                for uids in _batches(deps, inbox, account.name, from_start=from_start):
                    for uid in uids:
                        handled += _deal_with(deps, inbox, uid)
            except UnreadableLetterError as error:
                again = error.uid == stuck_at
                stuck_at = error.uid
                _remember(deps, inbox, account.name, stuck_at + again)
                if again:
                    log.error("letter left in the inbox, the server cannot show it", uid=stuck_at)  # noqa: TRY400 - its trace is the server's
            else:
                return handled


def _batches(deps: Deps, inbox: Inbox, name: str, *, from_start: bool) -> Iterator[list[int]]:
    """Yield the UIDs of new letters; each batch counts as read when the next one is asked for."""
    uids = _new(deps, inbox, name, from_start=from_start)
    for start in range(0, len(uids), BATCH):
        batch = uids[start : start + BATCH]
        yield batch
        _remember(deps, inbox, name, batch[-1] + 1)


def _new(deps: Deps, inbox: Inbox, name: str, *, from_start: bool) -> list[int]:
    with database.reading(deps.engine) as session:
        known = cursor.load(session, name)
    if known and known.uid_validity == inbox.uid_validity:
        if inbox.uid_next <= known.next_uid:
            return []
        uids = inbox.uids_from(known.next_uid)
    elif known:
        log.warning("mailbox was renumbered", was=known.uid_validity, now=inbox.uid_validity)
        uids = inbox.uids_since((known.read_at - OVERLAP).date())
    else:
        uids = inbox.uids_from(1) if from_start else []
    if not uids:
        _remember(deps, inbox, name, inbox.uid_next)
    return uids


def _remember(deps: Deps, inbox: Inbox, name: str, next_uid: int) -> None:
    with database.writing(deps.engine) as session:
        cursor.save(session, name, uid_validity=inbox.uid_validity, next_uid=next_uid, now=deps.now())


def _deal_with(deps: Deps, inbox: Inbox, uid: int) -> bool:
    """Do what one letter asks, then move it; return whether it was more than a letter to a person.

    The action and its hash are one transaction, and the move comes after it: a connection lost
    in between leaves the letter in the inbox, where next time its hash tells that only the move is missing.
    """
    raw = inbox.raw(uid)
    if raw is None:
        return False
    action = carry_out(deps, raw)
    log.info("letter dealt with", uid=uid, action=action)
    settings = deps.settings.mailbox
    if action == "none":
        return False
    inbox.move(uid, settings.quarantine_folder if action == "quarantine" else settings.handled_folder)
    return True


def look_at(settings: Settings, raw: bytes) -> Verdict:
    """Return the verdict on one letter; nothing is done."""
    return classify(raw, _own(settings))


def carry_out(deps: Deps, raw: bytes) -> str:
    """Do what one letter asks, once for the same bytes; return the action, "quarantine" where it broke something."""
    verdict = look_at(deps.settings, raw)
    digest = hashlib.sha256(raw).digest()
    try:
        with database.writing(deps.engine) as session:
            return verdicts.carry_out(session, deps, verdict, raw=raw, digest=digest)
    except OperationalError:
        raise  # the database's fault, not the letter's: it stays for the next time
    except Exception:
        log.exception("letter put into quarantine", kind=verdict.kind)
        with database.writing(deps.engine) as session:
            unreadable = Verdict("unreadable", "quarantine")
            return verdicts.carry_out(session, deps, unreadable, raw=raw, digest=digest)


def _own(settings: Settings) -> Own:
    publication = settings.publication
    return Own(
        address=settings.office.address,
        from_address=publication.from_address,
        bounce_address=publication.bounce_address,
        authserv_id=settings.mailbox.authserv_id,
    )


def account_of(settings: Settings) -> Account:
    """Return where the mailbox of the settings is and how to enter it."""
    mailbox = settings.mailbox
    return Account(mailbox.host, mailbox.port, mailbox.security, mailbox.username, mailbox.secret(), mailbox.folder)
