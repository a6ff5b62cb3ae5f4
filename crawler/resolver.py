"""The resolver that Scrapy connects with: the address that is checked is the one that is connected to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scrapy.crawler import Crawler
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred

from crawler.guard import RefusedAddress, check_ip


# Reasons by host name; a module's variable, since the reactor has one resolver and runs once in a process.
refused_hosts: dict[str, str] = {}


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's caching resolver, which fails for names of addresses that are not public.

    Twisted turns any failure into "DNS lookup failed"; `refused_hosts` keeps the reason.
    """

    allow_loopback = False

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> GuardedResolver:
        resolver = super().from_crawler(crawler, reactor)
        resolver.allow_loopback = crawler.settings.getbool("TIEUP_ALLOW_LOOPBACK")
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802
        return super().getHostByName(name, timeout).addCallback(self._check, name)

    def _check(self, ip: str, name: str) -> str:
        try:
            check_ip(ip, allow_loopback=self.allow_loopback)
        except RefusedAddress as error:
            refused_hosts[name] = str(error)
            raise
        return ip
