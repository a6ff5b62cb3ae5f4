"""Scrapy downloader middlewares: one class, one job each."""
