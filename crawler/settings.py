"""Scrapy's settings: polite, bounded, quiet; and the order of middlewares and pipelines."""

from __future__ import annotations

import importlib.metadata
import os
from collections.abc import Iterable
from typing import Any

MAX_PAGE_BYTES = 8_000_000
MIDDLEWARES = {
    "crawler.middlewares.refuse_private.RefusePrivate": 10,
    "crawler.middlewares.obey_robots.ObeyRobots": 100,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "crawler.middlewares.conditional_get.ConditionalGet": 450,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "crawler.middlewares.retry_later.RetryLater": 550,
    "crawler.middlewares.unpack.Unpack": 590,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
}
PIPELINES = (
    "crawler.pipelines.drop_irrelevant.DropIrrelevant",
    "crawler.pipelines.parse_page.ParsePage",
    "crawler.pipelines.drop_duplicates.DropDuplicates",
    "crawler.pipelines.skip_unchanged.SkipUnchanged",
    "crawler.pipelines.deliver.Deliver",
)


def scrapy_settings(*, loopback: Iterable[str], only_loopback: bool, contact: str | None) -> dict[str, Any]:
    """The settings of one crawl.

    `loopback` are hosts with ports that may be on this machine, `contact` is an address or URL that
    webmasters can write to.
    """
    return {
        "BOT_NAME": "tieup",
        "USER_AGENT": user_agent(contact),
        "ROBOTSTXT_USER_AGENT": "Tieup",
        "ROBOTSTXT_OBEY": True,
        "TIEUP_LOOPBACK": sorted(loopback),
        "TWISTED_DNS_RESOLVER": "crawler.resolver.GuardedResolver",
        "DOWNLOAD_HANDLERS": {
            "http": "crawler.download_handler.BoundedHead",
            "https": "crawler.download_handler.BoundedHead",
            "data": None,
            "file": None,
            "ftp": None,
            "s3": None,
        },
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_MAXSIZE": MAX_PAGE_BYTES,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_TIMEOUT": 30,
        # Instead of what Scrapy has by default: each part takes time for each page, and some to be imported. A proxy
        # would resolve names itself, out of the guard's sight.
        "DOWNLOADER_MIDDLEWARES_BASE": {},
        "DOWNLOADER_MIDDLEWARES": MIDDLEWARES,
        "SPIDER_MIDDLEWARES_BASE": {},
        "SPIDER_MIDDLEWARES": {"scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": 50},
        "EXTENSIONS_BASE": {},
        "EXTENSIONS": {
            "crawler.report_bugs.ReportBugs": 0,
            "scrapy.extensions.throttle.AutoThrottle": 0,
        },
        "STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector",
        "ITEM_PIPELINES": {path: 100 * (number + 1) for number, path in enumerate(PIPELINES)},
        "CONCURRENT_REQUESTS": 16,
        # Scrapy makes so many tasks for each answer; an article's has one item, a listing's only requests.
        "CONCURRENT_ITEMS": 1,
        "WARN_ON_GENERATOR_RETURN_VALUE": False,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8 if only_loopback else 2,
        "DOWNLOAD_DELAY": 0 if only_loopback else 1.0,
        # In the order in which a listing names them, newest first; Scrapy's own is last come, first served.
        "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
        "AUTOTHROTTLE_ENABLED": not only_loopback,
        "AUTOTHROTTLE_START_DELAY": 1.0,
        "AUTOTHROTTLE_MAX_DELAY": 30.0,
        "RETRY_TIMES": 2,
        # Seconds: of one Retry-After, and of all of a host in a run.
        "TIEUP_MAX_WAIT": 60.0,
        "TIEUP_MAX_WAIT_PER_HOST": 300.0,
        "REDIRECT_MAX_TIMES": 5,
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "DEFAULT_DROPITEM_LOG_LEVEL": "DEBUG",
    }


def user_agent(contact: str | None) -> str:
    """Who is calling, honestly, and how to reach them: `contact` or the environment's TIEUP_CONTACT."""
    try:
        version = importlib.metadata.version("tieup")
    except importlib.metadata.PackageNotFoundError:
        version = "0"
    address = "".join(c for c in contact or os.environ.get("TIEUP_CONTACT", "") if c.isprintable()).strip()
    return f"Tieup/{version}" + (f" (+{address[:200]})" if address else "")
