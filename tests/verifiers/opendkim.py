"""OpenDKIM says whether signatures hold: the library of `opendkim-testmsg`, which itself asks only the real DNS."""

import ctypes
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

QUERY_METHOD, QUERY_PLACE = 6, 7  # DKIM_OPTS_... of opendkim/dkim.h
SET = 1
FROM_FILE = 1
PASSED = 0x04
BODY_MATCHES = 0


def library() -> "ctypes.CDLL | None":
    """Return the library of `opendkim-testmsg`, or None where it is not installed."""
    try:
        return ctypes.CDLL("libopendkim.so.11")
    except OSError:
        return None


def verify(library: ctypes.CDLL, message: bytes, dns: Mapping[str, str], folder: Path) -> list[bool]:
    """Return for each signature, from the top, whether OpenDKIM finds it good.

    `opendkim-testmsg` itself asks the real DNS only; its library, called here, reads keys from a file as well.
    """
    places = folder / "dns"
    places.write_text("".join(f"{name} {value}\n" for name, value in dns.items()), encoding="ascii")
    with _opened(library, str(places).encode()) as opened:
        status = ctypes.c_int()
        library.dkim_verify.restype = ctypes.c_void_p
        handle = ctypes.c_void_p(library.dkim_verify(opened, b"test", None, ctypes.byref(status)))
        assert handle.value, status.value
        library.dkim_chunk(handle, message, ctypes.c_size_t(len(message)))
        library.dkim_chunk(handle, None, ctypes.c_size_t(0))
        library.dkim_eom(handle, None)
        results = list(_results(library, handle))
        library.dkim_free(handle)
    return results


@contextmanager
def _opened(library: ctypes.CDLL, places: bytes) -> Iterator[ctypes.c_void_p]:
    library.dkim_init.restype = ctypes.c_void_p
    opened = ctypes.c_void_p(library.dkim_init(None, None))
    method = ctypes.c_int(FROM_FILE)
    options = library.dkim_options
    assert options(opened, SET, QUERY_METHOD, ctypes.byref(method), ctypes.c_size_t(ctypes.sizeof(method))) == 0
    assert options(opened, SET, QUERY_PLACE, places, ctypes.c_size_t(len(places))) == 0
    yield opened
    library.dkim_close(opened)


def _results(library: ctypes.CDLL, handle: ctypes.c_void_p) -> Iterator[bool]:
    signatures = ctypes.POINTER(ctypes.c_void_p)()
    count = ctypes.c_int()
    if library.dkim_getsiglist(handle, ctypes.byref(signatures), ctypes.byref(count)):
        return
    for number in range(count.value):
        signature = ctypes.c_void_p(signatures[number])
        library.dkim_sig_process(handle, signature)
        good = library.dkim_sig_getflags(signature) & PASSED
        yield bool(good) and library.dkim_sig_getbh(signature) == BODY_MATCHES
