"""Which machines may be asked: public ones only, however their address is written."""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

_UNICAST = IPv6Network("2000::/3")
_LEADS_ELSEWHERE = (IPv6Network("2001::/23"), IPv6Network("2002::/16"), IPv6Network("3fff::/20"))
"""Teredo and 6to4, which carry an IPv4 address inside, and what is kept for protocols and for examples."""
_RELAY = IPv4Address("192.88.99.1")
"""The address of 6to4 relays (RFC 7526), whose neighbours in 192.88.99.0/24 count as public elsewhere."""


def resolve(host: str, port: int) -> list[Address]:
    """Return the addresses of a host, in the order to try; raise OSError where it has none.

    The machine's own resolver also reads 127.1, 0x7f000001 and 2130706433 as addresses: what counts is its answer.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    answers = [ip_address(str(answer[4][0]).partition("%")[0]) for answer in found]
    return list(dict.fromkeys(answers))


def is_public(address: Address, *, loopback: bool = False) -> bool:
    """Return whether an address belongs to the public Internet; with `loopback`, this machine is let in too."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    if mapped is not None:
        return is_public(mapped, loopback=loopback)
    if address.is_loopback:
        return loopback
    if isinstance(address, IPv6Address):
        return address in _UNICAST and address.is_global and not any(address in one for one in _LEADS_ELSEWHERE)
    return address.is_global and not address.is_multicast and address.packed[:3] != _RELAY.packed[:3]
