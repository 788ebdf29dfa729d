"""Reading a built message back, and the slow plain way to write one."""

import email
import email.header
import email.policy
from collections import Counter
from email.message import EmailMessage, Message


def read(raw: bytes) -> EmailMessage:
    """Return the message as the standard library reads it; it must find no defect and only legal lines."""
    assert raw.count(b"\r\n") == raw.count(b"\n") == raw.count(b"\r")
    assert raw.isascii()
    assert b"\0" not in raw
    for line in raw.split(b"\r\n"):
        assert len(line) <= 998
        assert not line.startswith(b".")
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert all(not part.defects for part in message.walk())
    return message


def fields(raw: bytes) -> Counter[str]:
    """Return how often each header field occurs."""
    return Counter(name for name, _ in email.message_from_bytes(raw).items())


def display_name(raw: bytes, field: str = "To") -> str:
    """Return the decoded display name of an address field.

    By hand, because the parser of Python 3.11 puts a space between two encoded words of a name.
    """
    plain: Message = email.message_from_bytes(raw, policy=email.policy.compat32)
    phrase = "".join(plain[field].splitlines()).rsplit("<", 1)[0].strip()
    if phrase.startswith('"'):
        return phrase[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    return str(email.header.make_header(email.header.decode_header(phrase)))


def text_of(message: EmailMessage, kind: str) -> str:
    """Return the decoded text of the part `plain` or `html`, with LF line ends."""
    part = message.get_body((kind,))
    assert part is not None
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode("utf-8").replace("\r\n", "\n")


def plain_way(subject: str, text: str, html: str) -> EmailMessage:
    """Return a message written by the standard library and read back."""
    message = EmailMessage(policy=email.policy.SMTP)
    message["Subject"] = subject
    message.set_content(text, charset="utf-8", cte="base64")
    message.add_alternative(html, subtype="html", charset="utf-8", cte="base64")
    read_back = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
    assert isinstance(read_back, EmailMessage)
    return read_back
