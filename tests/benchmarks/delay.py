"""Two places on this machine that are far from each other: network namespaces, joined by a wire that holds each packet.

Run as root, as `python -m tests.benchmarks.delay MILLISECONDS NAME`: it makes the namespaces NAMEa and NAMEb, says
so by a line, and removes them when its input ends. TCP runs in them as over a real distance; a proxy that holds
bytes would know neither windows nor a slow start.
"""

import collections
import fcntl
import os
import selectors
import shutil
import struct
import subprocess
import sys
import time

ADDRESSES = {"a": "10.99.0.1", "b": "10.99.0.2"}
_TUNSETIFF = 0x400454CA
_PLAIN_PACKETS = 0x0001 | 0x1000  # IFF_TUN, IFF_NO_PI
_MOST_AT_ONCE = 256
_PACKET = 2048


def main() -> int:
    """Hold each packet for half of the round trip, until the input ends."""
    hold, name = float(sys.argv[1]) / 2000, sys.argv[2]
    try:
        ends = [_place(f"{name}{side}", f"{name[:10]}{side}t", address) for side, address in ADDRESSES.items()]
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        _carry(ends[0], ends[1], hold)
    finally:
        for side in ADDRESSES:
            _ip("netns", "del", name + side, check=False)
    return 0


def _place(namespace: str, device: str, address: str) -> int:
    """Make a namespace with one device, and return the file through which its packets come and go."""
    _ip("netns", "add", namespace)
    file = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(file, _TUNSETIFF, struct.pack("16sH22x", device.encode(), _PLAIN_PACKETS))
    _ip("link", "set", device, "netns", namespace)
    _ip("-n", namespace, "addr", "add", f"{address}/24", "dev", device)
    _ip("-n", namespace, "link", "set", device, "mtu", "1500", "txqueuelen", "5000", "up")
    _ip("-n", namespace, "link", "set", "lo", "up")
    return file


def _ip(*words: str, check: bool = True) -> None:
    tool = shutil.which("ip") or "/usr/sbin/ip"
    subprocess.run([tool, *words], check=check)


def _carry(one: int, other: int, hold: float) -> None:
    waiting: dict[int, collections.deque[tuple[float, bytes]]] = {one: collections.deque(), other: collections.deque()}
    across = {one: other, other: one}
    with selectors.DefaultSelector() as selector:
        for file in (one, other, sys.stdin.fileno()):
            selector.register(file, selectors.EVENT_READ)
        while True:
            due = min((queue[0][0] for queue in waiting.values() if queue), default=None)
            for key, _ in selector.select(None if due is None else max(0.0, due - time.monotonic())):
                if key.fd == sys.stdin.fileno():
                    return
                _take(key.fd, waiting[key.fd], time.monotonic() + hold)
            for file, queue in waiting.items():
                while queue and queue[0][0] <= time.monotonic():
                    _put(across[file], queue.popleft()[1])


def _take(file: int, queue: "collections.deque[tuple[float, bytes]]", due: float) -> None:
    for _ in range(_MOST_AT_ONCE):
        try:
            queue.append((due, os.read(file, _PACKET)))
        except BlockingIOError:
            return


def _put(file: int, packet: bytes) -> None:
    try:
        os.write(file, packet)
    except BlockingIOError:
        return  # lost, as packets are


if __name__ == "__main__":
    sys.exit(main())
