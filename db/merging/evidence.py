"""Rows that tie a fact to the words that say it: claims, mentions of companies, mentions of dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from db.identity import content_id
from db.merging.companies import Companies
from db.merging.reports import Document, Report
from db.rows import Key, Row
from extract.model import Claim


def claim_id(report: Report, claim: Claim) -> str:
    """A claim's id: what it says of which deal of the article, and where."""
    return content_id(
        report.document.version,
        claim.part,
        claim.start_char,
        claim.end_char,
        claim.field,
        claim.subject,
        claim.stated,
        report.number,
    )


def claim_ids(reports: Iterable[Report]) -> set[str]:
    """The ids of all claims of some reports."""
    return {claim_id(report, claim) for report in reports for claim in report.deal.claims}


def claim_row(
    report: Report, claim: Claim, deal: str, subject: str | None, chosen_by: str | None, run: str | None
) -> Row:
    """A row of `claims`; `subject` is the claim's own, but for a link the id of the other deal."""
    return {
        "id": claim_id(report, claim),
        "deal": deal,
        "field": claim.field,
        "subject": subject,
        "stated": claim.stated,
        "is_chosen": int(chosen_by is not None),
        "rule": claim.rule,
        "quote": claim.quote,
        "article": report.document.article,
        "version": report.document.version,
        "part": claim.part,
        "start_char": claim.start_char,
        "end_char": claim.end_char,
        "confidence": round(claim.confidence, 3),
        "pipeline": report.document.extraction.pipeline,
        "run": run,
        "chosen_by": chosen_by,
    }


def mention_rows(documents: Iterable[Document], companies: Companies) -> dict[Key, Row]:
    """Rows of `mentions`: every place that names a company, with its main role in that article."""
    rows: dict[Key, Row] = {}
    for document in documents:
        for company in document.extraction.companies:
            id = companies.resolve(company.id, company.name)
            for span in company.mentions:
                key = content_id(document.version, span.part, span.start_char, span.end_char, id)
                rows.setdefault(
                    (key,),
                    {
                        "id": key,
                        "article": document.article,
                        "company": id,
                        "role": company.roles[0] if company.roles else None,
                        "reason": company.reason,
                        "surface": span.text,
                        "version": document.version,
                        "part": span.part,
                        "start_char": span.start_char,
                        "end_char": span.end_char,
                        "confidence": None,
                    },
                )
    return rows


def date_rows(documents: Iterable[Document], deals: Mapping[tuple[str, int], str]) -> dict[Key, Row]:
    """Rows of `date_mentions`; `deals` maps a version and the number of a deal in it to the deal."""
    rows: dict[Key, Row] = {}
    for document in documents:
        for date in document.extraction.dates:
            key = content_id(
                document.version, date.part, date.start_char, date.end_char, date.role, date.deal
            )
            rows.setdefault(
                (key,),
                {
                    "id": key,
                    "article": document.article,
                    "deal": deals.get((document.version, date.deal)) if date.deal is not None else None,
                    "role": date.role,
                    "surface": date.text,
                    "edtf": date.edtf,
                    "earliest": date.earliest,
                    "latest": date.latest,
                    "precision": date.precision,
                    "anchor": date.anchor,
                    "version": document.version,
                    "part": date.part,
                    "start_char": date.start_char,
                    "end_char": date.end_char,
                },
            )
    return rows
