"""The resolver that Scrapy connects with: the address that is checked is the one that is connected to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scrapy.crawler import Crawler
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from crawler.guard import RefusedAddress, check_ip

# Reasons by host name; a module's variable, since the reactor has one resolver and runs once in a process.
refused_hosts: dict[str, str] = {}


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's caching resolver, which fails for names of addresses that are not public.

    Twisted turns any failure into "DNS lookup failed"; `refused_hosts` keeps the reason.
    """

    loopback_names: frozenset[str] = frozenset()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> GuardedResolver:
        resolver = super().from_crawler(crawler, reactor)
        resolver.loopback_names = frozenset(
            netloc.partition(":")[0] for netloc in crawler.settings.getlist("TIEUP_LOOPBACK")
        )
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        return super().getHostByName(name, timeout).addCallback(self._check, name)

    def _check(self, ip: str, name: str) -> str:
        try:
            check_ip(ip, allow_loopback=name in self.loopback_names)
        except RefusedAddress as error:
            refused_hosts[name] = str(error)
            raise DNSLookupError(str(error)) from None
        return ip
