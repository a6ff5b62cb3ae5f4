"""Which deals an article with three companies or more reports: one of all, or several of some of them each."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extract.model import Extraction

Read = Callable[..., Extraction]

APART = (
    "The supermarket chain Haldo Foods has hired Norvik Cloud to move its shop systems to the data centres of the "
    "software company. The contract with Norvik Cloud runs for five years.\n\n"
    "Separately, Haldo Foods said it will accept the instalment plans of Paybrook in all 140 stores from June. "
    "Paybrook will also be a choice at the till of its web shop."
)
HUB = (
    "Haldo Foods has hired Norvik Cloud to run its web shop. Norvik Cloud will host the orders of the grocer's 140 "
    "stores.\n\nAlso on Monday Haldo Foods signed an agreement with Pellan Couriers, which is to carry its parcels in "
    "Leeds. Pellan Couriers will use electric vans."
)
JOINT = (
    "Haldo Foods, Norvik Cloud and Paybrook have signed a three-way agreement to build a checkout without tills.\n\n"
    "Under the agreement Norvik Cloud brings the software and Paybrook the payment, while Haldo Foods opens the first "
    "such shop in June. Haldo Foods, Norvik Cloud and Paybrook will share what the trial costs."
)
RIVALS = (
    "Haldo Foods has chosen Norvik Cloud to run its web shop, the grocer said on Monday. Norvik Cloud will host the "
    "orders of all 140 stores of Haldo Foods.\n\n"
    "Its rival Brenna Markets has taken the other road: it signed a contract with Tallow Systems on the same day, "
    "under which Tallow Systems will build a new shopping app for Brenna Markets."
)
DIGEST = (
    "Haldo Foods hires Norvik Cloud\n"
    "The grocer Haldo Foods has signed an agreement with Norvik Cloud, which will run its web shop from June.\n"
    "Related coverage:\n"
    "• Cloud contracts of grocers (Shop Ledger)\n"
    "• Who hosts whom (Till Weekly)\n"
    "Brenna Markets takes Paybrook\n"
    "Brenna Markets has teamed up with Paybrook. Shoppers of Brenna Markets can pay by instalments with Paybrook in "
    "all of its stores from now on."
)
SIGNED_DIGEST = DIGEST.replace(
    "Brenna Markets has teamed up with Paybrook.",
    "The grocer Brenna Markets has signed an agreement with Paybrook, the two companies said on Monday.",
)
STILL_ONE_DEAL = pytest.mark.xfail(
    strict=True,
    reason="two partners of one company, told in two sentences each, are read as one deal of three",
)

ON_SOME_PROCESSORS = pytest.mark.xfail(
    strict=False,
    reason="the second deal is near the threshold: int8 on processors without VNNI puts it below, on others above",
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(APART, {"Haldo Foods + Norvik Cloud", "Haldo Foods + Paybrook"}, marks=STILL_ONE_DEAL),
        pytest.param(
            HUB, {"Haldo Foods + Norvik Cloud", "Haldo Foods + Pellan Couriers"}, marks=STILL_ONE_DEAL
        ),
        (JOINT, {"Haldo Foods + Norvik Cloud + Paybrook"}),
        (RIVALS, {"Haldo Foods + Norvik Cloud", "Brenna Markets + Tallow Systems"}),
        (SIGNED_DIGEST, {"Haldo Foods + Norvik Cloud", "Brenna Markets + Paybrook"}),
        pytest.param(
            DIGEST, {"Haldo Foods + Norvik Cloud", "Brenna Markets + Paybrook"}, marks=ON_SOME_PROCESSORS
        ),
    ],
    ids=[
        "two partners told apart",
        "one company's two partners",
        "three in one agreement",
        "two rivals",
        "a digest under headings",
        "a digest that says no more than teamed up",
    ],
)
def test_who_is_in_one_deal_with_whom(text: str, expected: set[str], read: Read) -> None:
    extraction = read(text, "")
    names = {company.id: company.name for company in extraction.companies}
    found = {
        " + ".join(sorted(names[party.company] for party in deal.parties))
        for deal in extraction.deals
        if deal.main
    }
    assert found == expected


def older_deals(about: str, read: Read) -> list[set[str]]:
    body = (
        "Haldo Foods has signed an agreement with the bank Paybrook, the two companies said on Monday. Paybrook will "
        f"issue the cards of Haldo Foods from June.\n\n{about}"
    )
    extraction = read(body, "Haldo Foods takes Paybrook's cards")
    names = {company.id: company.name for company in extraction.companies}
    return [{names[p.company] for p in deal.parties} for deal in extraction.deals if not deal.main]


def test_an_older_deal_of_the_same_two_need_not_name_them(read: Read) -> None:
    assert older_deals("The two had already agreed on a partnership in 2017.", read) == [
        {"Haldo Foods", "Paybrook"}
    ]


def test_a_sentence_about_others_tells_no_older_deal_of_the_same_two(read: Read) -> None:
    about = "It already has an agreement with Saks, signed last year."
    assert {"Haldo Foods", "Paybrook"} not in older_deals(about, read)
