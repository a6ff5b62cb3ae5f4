"""A small knowledge base for the pages.

The worked example told by three publishers who disagree, a deal whose reports are copies of one text, one
that ended and was replaced, an exclusive one, one in hostile words, and news without a deal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from build import Pair, article, database, date, deal, extraction, load, report

from crawler.items import NewsArticle
from extract.model import Deal, DealTerm, DealValue

BODY = (
    "Alibaba and El Corte Inglés signed a letter of intent, the two groups said in a joint statement on "
    "Friday. El Corte Inglés will be able to open a flagship store and sell its goods through Tmall and "
    "AliExpress.\n\n"
    "AliExpress will explore physical points in El Corte Inglés centres. Both groups will assess delivery "
    "options, with the distribution centres of the Spanish group as collection points. The Spanish retailer "
    "will be able to tap Alibaba Cloud for big data analytics and artificial intelligence.\n\n"
    "The agreement extends a deal of March 2018 on Alipay for Chinese tourists in Spain. Singles' Day fell "
    "on November 11."
)
# More than half of these reports is their own, or they would be copies of the first.
OWN_WORDS = {
    "daily": "A visit to the Castellana branch showed what is at stake. On the fourth floor, where coats hang in rows "
    "that few shoppers reach, two assistants folded the same pile of scarves for most of an hour. Upstairs the food "
    "hall was full, as it is every week before Christmas, with queues for ham, nougat and a choir from a school in "
    "Toledo. People who buy there seldom buy online, a manager said, and those who buy online seldom climb four "
    "floors. Whoever brings the one to the other has earned his fee. Analysts asked by this newspaper were divided: "
    "three expected little before summer, one thought that shelves would change within weeks, and the fifth had not "
    "yet read what was agreed.",
    "trade": "For suppliers the question is who will own the customer. Brands that sell in department stores pay for "
    "space, staff and windows; brands on a market place pay for clicks. A shopper who orders by phone and fetches her "
    "parcel at the till has been won twice and may be billed twice, which the makers of shoes and cosmetics fear most. "
    "Their association wants to see the terms before spring. It remembers a scheme of a rival chain that promised new "
    "buyers from abroad, sent discount hunters instead, and was dropped without a word after eleven months. Nothing of "
    "the kind is planned here, both managements told our correspondent, who was shown neither a budget nor a calendar.",
}
EXAMPLE = "alibaba-el-corte-ingles-2018"
HOSTILE = "</title><script>alert(1)</script> <img src=x onerror=alert(2)>"

_QUOTES: Mapping[tuple[str, str | None], str] = {
    ("instrument", None): "signed a letter of intent",
    ("status", None): "signed a letter of intent",
    ("announced", None): "in a joint statement on Friday",
    ("area", "ecommerce_marketplace"): "sell its goods through Tmall and AliExpress",
    ("area", "physical_omnichannel"): "AliExpress will explore physical points in El Corte Inglés centres",
    ("area", "logistics_fulfilment"): "Both groups will assess delivery options",
    ("area", "cloud_it"): "tap Alibaba Cloud",
    ("area", "ai_ml"): "artificial intelligence",
    ("area", "data_analytics"): "big data analytics",
    ("unit", "alipay"): "Alipay",
    ("unit", "tmall"): "Tmall",
    ("unit", "aliexpress"): "AliExpress",
    ("unit", "alibaba-cloud"): "Alibaba Cloud",
    ("link", "1"): "extends a deal of March 2018 on Alipay",
    ("party", "alibaba"): "Alibaba",
    ("party", "el-corte-ingles"): "El Corte Inglés",
    ("role", "el-corte-ingles"): "El Corte Inglés will be able to open a flagship store",
    ("role", "alibaba"): "tap Alibaba Cloud",
}


def requoted(found: Deal, story: NewsArticle, quotes: Mapping[tuple[str, str | None], str] = _QUOTES) -> Deal:
    """The deal with each claim on the words that say so, where the story has them."""
    claims = []
    for claim in found.claims:
        about = claim.subject or (claim.stated if claim.field in ("party", "unit", "area") else None)
        field = "area" if claim.field == "commitment" else claim.field
        quote = quotes.get((field, about))
        if quote and quote in story.article_body:
            start = story.article_body.index(quote)
            claim = replace(claim, quote=quote, start_char=start, end_char=start + len(quote))
        claims.append(claim)
    return replace(found, claims=tuple(claims))


def _alipay(story: NewsArticle) -> Deal:
    return deal(
        story,
        {"Alibaba": "payment_provider", "El Corte Inglés": "retailer"},
        quote="extends a deal of March 2018 on Alipay for Chinese tourists in Spain",
        main=False,
        type="service_agreement",
        status="signed",
        announced="2018-03",
        units=["Alipay"],
        areas={"digital_payments": "committed", "tourism_travel_retail": "committed"},
        places=["ES"],
    )


def worked_example() -> list[Pair]:
    """Three reports of one deal; the third calls it a framework agreement and dates it a day earlier."""
    pairs: list[Pair] = []
    reports = (("wire", "2018-11-30"), ("daily", "2018-12-01"), ("trade", "2018-12-03"))
    for number, (source, published) in enumerate(reports):
        dissents = number == 2
        body = (
            BODY
            if number == 0
            else BODY.replace("in a joint statement on Friday", f"in a statement, {source} reports")
        )
        if dissents:
            body = body.replace("signed a letter of intent", "signed a cooperation agreement on 29 November")
        if source in OWN_WORDS:
            body += f"\n\n{OWN_WORDS[source]}"
        story = article(
            f"https://{source}.example/alibaba",
            body,
            headline="Alibaba signs letter of intent with El Corte Inglés"
            if not dissents
            else "Alibaba and El Corte Inglés agree",
            published=published,
            aside=(("related", "Related coverage: Ford and Alibaba open a car vending machine"),),
        )
        main = deal(
            story,
            {"Alibaba": ("technology_provider", "platform_operator"), "El Corte Inglés": "retailer"},
            type="strategic_alliance",
            instrument="framework_agreement" if dissents else "letter_of_intent",
            status="intent_signed",
            announced="2018-11-29" if dissents else "2018-11-30",
            units=["Tmall", "AliExpress", "Alibaba Cloud", "Alipay"],
            areas={
                "ecommerce_marketplace": "option",
                "physical_omnichannel": "exploring",
                "logistics_fulfilment": "exploring",
                "cloud_it": "committed" if dissents else "option",
                "data_analytics": "option",
                "ai_ml": "option",
            },
            places=["CN", "ES"],
            links=[("extends", 1)],
        )
        quotes = dict(_QUOTES)
        if dissents:
            quotes |= {("instrument", None): "a cooperation agreement", ("announced", None): "on 29 November"}
        said = extraction(
            story,
            requoted(main, story, quotes),
            _alipay(story),
            named={"Ford": "related_link"},
            dates=[
                date(story, "March 2018", "2018-03", "prior_deal", 1),
                date(story, "November 11", "2018-11-11", "campaign_or_event"),
            ],
        )
        pairs.append((story, said))
    return pairs


def other_news() -> list[Pair]:
    """Ten more deals and two articles without one."""
    copied = (
        "Tesco will use Google Cloud for demand forecasts, the grocer said. The contract runs for five years."
    )
    pairs: list[Pair] = []
    for source in ("wire", "daily", "blog"):
        story = article(
            f"https://{source}.example/tesco-google",
            copied,
            headline="Tesco moves to Google Cloud",
            published="2023-05-04",
        )
        found = deal(
            story,
            {"Tesco": "retailer", "Google": "technology_provider"},
            quote="Tesco will use Google Cloud for demand forecasts",
            units=["Google Cloud"],
            areas={"cloud_it": "committed", "data_analytics": "committed"},
            term=DealTerm(months=60, end=None, text="five years"),
            value=DealValue(amount=25_000_000, currency="GBP", text="25 million pounds"),
        )
        pairs.append((story, extraction(story, found)))
    pairs.append(
        report(
            "https://wire.example/uber-out",
            "Carrefour, Uber",
            body="Carrefour and Uber ended the delivery deal of June 2021, which Kroger noted.",
            published="2025-02-03",
            status="terminated",
            announced="2021-06-01",
            type="service_agreement",
            areas={"last_mile_delivery": "committed"},
        )
    )
    pairs.append(
        report(
            "https://trade.example/exclusive",
            "Kroger, Ocado",
            body="Kroger and Ocado signed an exclusive deal for the United States.",
            published="2018-05-17",
            exclusive=True,
            status="signed",
            areas={"logistics_fulfilment": "committed"},
            places=["US"],
        )
    )
    story = article(
        "https://daily.example/new",
        "Carrefour and Google team up on delivery. It replaces the deal with Uber of June 2021.",
        headline="Carrefour turns to Google",
        published="2025-03-10",
    )
    new = deal(
        story,
        {"Carrefour": "retailer", "Google": "technology_provider"},
        quote="Carrefour and Google team up on delivery",
        areas={"last_mile_delivery": "planned"},
        links=[("replaces", 1)],
    )
    old = deal(
        story,
        {"Carrefour": "retailer", "Uber": "delivery_provider"},
        quote="the deal with Uber of June 2021",
        main=False,
        type="service_agreement",
        announced="2021-06-01",
    )
    pairs.append((story, extraction(story, new, old)))
    names = ("Tesco, Uber", "Walmart, Google", "Casino, Ocado", "Walmart, Alibaba", "Kroger, Uber")
    names += ("Casino, Google", "Tesco, Carrefour")
    for number, parties in enumerate(names):
        pairs.append(
            report(
                f"https://blog.example/{number}",
                parties,
                published=f"{2019 + number % 6}-0{1 + number}-15",
                status=("announced", "launched", "in_talks")[number % 3],
                instrument=("mou", "agreement_unspecified")[number % 2],
                areas={("last_mile_delivery", "cloud_it", "digital_payments")[number % 3]: "planned"},
            )
        )
    words = f"Casino and Uber teamed up {HOSTILE} on Monday."
    hostile = article("https://blog.example/hostile", words, headline=HOSTILE, published="2024-08-01")
    hostile = replace(hostile, url="javascript:alert(3)")
    said = extraction(
        hostile, deal(hostile, {"Casino": "retailer", "Uber": "delivery_provider"}, scope=HOSTILE)
    )
    pairs.append((hostile, said))
    quiet = article(
        "https://trade.example/none",
        "Walmart opened four stores in Texas.",
        headline="Walmart opens stores",
        published="2024-02-01",
    )
    pairs.append((quiet, extraction(quiet, named={"Walmart": "mentioned"}, relevance=0.7)))
    return pairs


def build_world(path: Path) -> None:
    """The knowledge base in a file."""
    db = database(path)
    load(db, *worked_example(), *other_news())
    db.close()
