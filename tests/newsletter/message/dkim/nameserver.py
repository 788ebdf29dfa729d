"""A name server on a port of its own that knows a few TXT records."""

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


@contextmanager
def serving(known: Mapping[str, Sequence[str]]) -> Iterator[int]:
    """Answer questions for TXT records for as long as the block lasts; give the port.

    A record may be in several strings, as in a zone file. A name that is not known does not exist.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=_answer, args=(listener, known))
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.sendto(b"", listener.getsockname())  # an empty question ends it
            thread.join()


def _answer(listener: socket.socket, known: Mapping[str, Sequence[str]]) -> None:
    while True:
        data, asker = listener.recvfrom(4096)
        if not data:
            return
        question = dns.message.from_wire(data)
        name = question.question[0].name
        answer = dns.message.make_response(question)
        answer.flags |= dns.flags.AA | dns.flags.RA
        texts = known.get(str(name).rstrip("."))
        if texts is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif texts:
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *texts))
        listener.sendto(answer.to_wire(), asker)
