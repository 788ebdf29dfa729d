"""What a letter turned out to be; the mailbox decides, others act."""

from dataclasses import dataclass

from subscribers.bounces import Bounced

KINDS = (
    "subscribe",
    "unsubscribe",
    "confirm",
    "bounce",
    "complaint",
    "auto-reply",
    "challenge",
    "person",
    "unreadable",
)

ACTIONS = (
    "ask",  # subscribe `address`, which has to confirm
    "leave",  # unsubscribe the subscription of `token`, or of `address` where there is no token
    "offer",  # send `address` its own unsubscribe link, since anybody may have written this
    "confirm",  # use the ticket `token`
    "hold",  # the address of `token` is dead
    "complain",  # the reader of `token` called the mail unwanted
    "note",  # nothing to do: file it away
    "none",  # leave it where it is, unread: it is for a person
    "quarantine",  # it cannot be read by a program: put it aside
)


@dataclass(frozen=True)
class Own:
    """Our own addresses, and the name under which our own border authenticates mail (empty: it does not)."""

    address: str
    from_address: str
    bounce_address: str
    authserv_id: str = ""

    @property
    def addresses(self) -> frozenset[str]:
        """Return the three addresses, folded for comparison."""
        return frozenset(text.casefold() for text in (self.address, self.from_address, self.bounce_address))

    @property
    def domains(self) -> frozenset[str]:
        """Return the domains at which mail is for us."""
        return frozenset(text.rpartition("@")[2] for text in self.addresses)


@dataclass(frozen=True)
class Verdict:
    """A letter's kind and what follows from it; `token` is as written and not yet checked by anybody."""

    kind: str
    action: str
    address: str = ""  # of the person who wrote; valid as an address whenever an action needs it
    name: str = ""
    token: str = ""
    language: str = ""  # in which to answer; empty: nothing in the letter tells
    topics: tuple[str, ...] = ()  # words from the address written to; those that are no topic are to be ignored
    message_id: str = ""
    why: str = ""
    answerable: bool = False  # RFC 3834 allows an automatic answer
    recipients: tuple[Bounced, ...] = ()  # of a bounce
