"""Which addresses may be fetched: public web servers only, so that no page leads the crawler inside."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Of the old days, or of one network's own use: an address there may be routed inside, and Python calls some global.
_NOT_PUBLIC = tuple(map(ipaddress.IPv6Network, ("::/96", "fec0::/10", "64:ff9b:1::/48")))


class RefusedAddress(ValueError):
    """An address that is not fetched; the message says why in a few words."""


def check_url(url: str, *, allowed_loopback: Collection[str] = ()) -> None:
    """Refuse what can be refused before a name is resolved: other schemes, numeric hosts not public.

    `allowed_loopback` are netlocs (host:port) that may be on this machine. Raises RefusedAddress.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise RefusedAddress("refused: not a valid address") from None
    if parts.scheme not in ("http", "https") or not host:
        raise RefusedAddress(f"refused: only http and https are fetched, not {parts.scheme or 'this'}:"[:80])
    if parts.username is not None:
        raise RefusedAddress("refused: an address with a user name")
    if parts.netloc not in allowed_loopback and host in {n.rpartition(":")[0] or n for n in allowed_loopback}:
        raise RefusedAddress("refused: another port of this machine than the sources'")
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return
    check_ip(str(address), allow_loopback=parts.netloc in allowed_loopback)


def check_ip(ip: str, *, allow_loopback: bool = False) -> None:
    """Refuse an IP address that is not of the public internet. Raises RefusedAddress."""
    address = ipaddress.ip_address(ip.partition("%")[0])
    inner: ipaddress.IPv4Address | None = None
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    checked = inner or address
    if allow_loopback and checked.is_loopback:
        return
    is_public = checked.is_global and not checked.is_multicast
    if not is_public or any(address in network for network in _NOT_PUBLIC):
        raise RefusedAddress(f"refused: {address} is not an address of the public internet")
