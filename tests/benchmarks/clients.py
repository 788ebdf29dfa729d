"""The clients that are measured from within, each in a process of its own: `python -m tests.benchmarks.clients NAME`.

What they print is JSON: the counts and the cost of the work itself, without starting Python.
"""

import json
import smtplib
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from pathlib import Path

from jinja2 import Environment, Template
from sqlalchemy import select

from newsletter import config, database
from newsletter import keys as key_file
from newsletter.cli import logs
from newsletter.delivery import sender
from newsletter.models import Edition
from tests.benchmarks.ground import WIRE_BYTES
from tests.conftest import ROOT


def send() -> dict[str, float]:
    """Send everything that is queued with the product's sender."""
    settings = config.load(ROOT / "config.toml")
    keys = key_file.load(settings.data_folder)
    logs.configure(settings.log)
    begun = time.process_time()
    sender.run(settings, keys, stop=lambda: False, drain=True)
    used = time.process_time() - begun
    engine = database.connect(settings.database)
    with engine.connect() as connection:
        count, first, last = connection.exec_driver_sql(
            "SELECT COUNT(*), julianday(MIN(marked_at)), julianday(MAX(settled_at)) FROM delivery WHERE state = 'sent'"
        ).one()
    engine.dispose()
    return {"messages": count, "seconds": (last - first) * 86400, "cpu_seconds": used, "memory_mb": _most_memory()}


def send_naively(messages: int, connections: int) -> dict[str, float]:
    """Send an edition as most programs do: Jinja, EmailMessage and smtplib for each recipient."""
    settings = config.load(ROOT / "config.toml")
    engine = database.connect(settings.database)
    with database.reading(engine) as session:
        edition = session.scalars(select(Edition).limit(1)).one()
    engine.dispose()
    text, html = _template(edition, edition.text, html=False), _template(edition, edition.html, html=True)
    begun, used = time.perf_counter(), time.process_time()

    def some(first: int) -> None:
        with smtplib.SMTP(settings.relay.host, settings.relay.port) as server:
            for number in range(first, messages, connections):
                server.send_message(_message(edition.subject, text, html, number))

    with ThreadPoolExecutor(connections) as pool:
        list(pool.map(some, range(connections)))
    seconds, spent = time.perf_counter() - begun, time.process_time() - used
    return {"messages": messages, "seconds": seconds, "cpu_seconds": spent, "memory_mb": _most_memory()}


def send_bytes(messages: int) -> dict[str, float]:
    """Send one message again and again by smtplib, which has nothing to do but to send it."""
    settings = config.load(ROOT / "config.toml")
    data = (b"x" * 74 + b"\r\n") * (WIRE_BYTES // 76)
    with smtplib.SMTP(settings.relay.host, settings.relay.port) as server:
        begun, used = time.perf_counter(), time.process_time()
        for number in range(messages):
            server.sendmail("news@example.org", f"reader{number}@example.org", data)
        seconds, spent = time.perf_counter() - begun, time.process_time() - used
    return {"messages": messages, "seconds": seconds, "cpu_seconds": spent, "memory_mb": _most_memory()}


def _template(edition: Edition, source: str, *, html: bool) -> Template:
    for name, placeholder in json.loads(edition.fields).items():
        source = source.replace(placeholder, "{{ " + name + " }}")
    return Environment(autoescape=html).from_string(source)  # noqa: S701 - the plain text escapes nothing


def _message(subject: str, text: Template, html: Template, number: int) -> EmailMessage:
    values = {
        "name": ("Reader", "山田 太郎", "Jörg Müller", 'O\'Hara, "Al"')[number % 4],
        "unsubscribe_url": f"https://news.example.org/u/{number:026d}",
        "topics_url": f"https://news.example.org/u/{number:026d}/topics",
        "unsubscribe_address": f"unsubscribe+{number:026d}@example.org",
    }
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "news@example.org", f"reader{number}@example.org", subject
    message["List-Unsubscribe"] = f"<{values['unsubscribe_url']}>, <mailto:{values['unsubscribe_address']}>"
    message.set_content(text.render(values))
    message.add_alternative(html.render(values), subtype="html")
    return message


def _most_memory() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def main() -> int:
    """Run the client named on the command line."""
    name, *numbers = sys.argv[1:]
    clients: dict[str, Callable[..., dict[str, float]]] = {"send": send, "naive": send_naively, "bytes": send_bytes}
    found = clients[name](*map(int, numbers))
    sys.stdout.write(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
