"""Columns that other tables imply: each recounted by one statement that touches only rows that differ."""

from __future__ import annotations

from sqlite_utils import Database

RECOUNTS = {
    "companies.deals": "SELECT count(*) FROM deal_parties WHERE company = companies.id",
    "companies.partners": "SELECT count(DISTINCT q.company) FROM deal_parties p"
    " JOIN deals d ON d.id = p.deal JOIN deal_types t ON t.id = d.type AND t.is_partnership"
    " JOIN deal_parties q ON q.deal = p.deal AND q.company <> p.company"
    " WHERE p.company = companies.id",
    "companies.last_deal": "SELECT max(d.announced_earliest) FROM deal_parties p"
    " JOIN deals d ON d.id = p.deal WHERE p.company = companies.id",
    "articles.deals": "SELECT count(*) FROM deal_articles WHERE article = articles.id",
    "articles.is_deal_news": "SELECT count(*) > 0 FROM deal_articles"
    " WHERE article = articles.id AND relation <> 'recalls'",
    "sources.articles": "SELECT count(*) FROM articles WHERE source = sources.id",
    "sources.last_article": "SELECT max(date_published) FROM articles WHERE source = sources.id",
}
"""What each column holds, as a query over its own row."""


def recount(db: Database) -> None:
    """Bring every column of RECOUNTS up to date."""
    for name, query in RECOUNTS.items():
        table, column = name.split(".")
        db.conn.execute(
            f"UPDATE {table} SET {column} = counted.n"
            f" FROM (SELECT id AS row_id, ({query}) AS n FROM {table}) counted"
            f" WHERE counted.row_id = {table}.id AND {column} IS NOT counted.n"
        )
