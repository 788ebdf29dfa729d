"""Letters as they arrive, for tests."""

from email.header import Header

from subscribers.mailbox.verdict import Own

OWN = Own("info@example.org", "news@example.org", "bounce@example.org", authserv_id="mx.example.org")
TOKEN = "abcdefghijklmnopqrstuvwxyz"


def letter(
    text: str = "",
    *,
    subject: str = "",
    sender: str = "Tan Wei <tan@example.test>",
    to: str = "info@example.org",
    charset: str = "utf-8",
    **fields: str,
) -> bytes:
    """Return a plain letter; further fields are written first, underscores as hyphens."""
    head = [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    encoded = Header(subject, charset).encode() if subject else ""
    head += [f"From: {sender}", f"To: {to}", f"Subject: {encoded}", "Message-ID: <1@example.test>", "MIME-Version: 1.0"]
    head += [f"Content-Type: text/plain; charset={charset}", "Content-Transfer-Encoding: 8bit"]
    return "\r\n".join([*head, "", ""]).encode() + text.replace("\n", "\r\n").encode(charset)


def delivery_report(
    status: str = "5.1.1",
    *,
    to: str = f"bounce+{TOKEN}@example.org",
    action: str = "failed",
    diagnostic: str = "smtp; 550 no such user",
    returned: str = "Subject: an issue",
) -> bytes:
    """Return what a mail server sends back (RFC 3464)."""
    return _report(
        "delivery-status",
        to,
        "Reporting-MTA: dns; mx.example.test\r\n\r\n"
        "Final-Recipient: rfc822; gone@example.test\r\n"
        f"Action: {action}\r\nStatus: {status}\r\nDiagnostic-Code: {diagnostic}\r\n",
        returned,
    )


def complaint(kind: str = "abuse", *, returned: str = f"Return-Path: <bounce+{TOKEN}@example.org>") -> bytes:
    """Return what a mailbox provider sends when a reader presses "spam" (RFC 5965)."""
    return _report(
        "feedback-report",
        "info@example.org",
        f"Feedback-Type: {kind}\r\nUser-Agent: Some/1\r\nVersion: 1\r\n",
        returned,
    )


def _report(kind: str, to: str, fields: str, returned: str) -> bytes:
    return (
        f"Return-Path: <>\r\nDelivered-To: {to}\r\nFrom: postmaster@example.test\r\nTo: {to}\r\n"
        f"Subject: report\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/report; report-type={kind}; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry. To unsubscribe, stop.\r\n"
        f"--b\r\nContent-Type: message/{kind}\r\n\r\n{fields}\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{returned}\r\n--b--\r\n"
    ).encode()
