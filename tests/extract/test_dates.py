"""Date expressions: what is found, how it is read against the day of publication, and what is no date."""

from datetime import date

import pytest

from extract.dates.find import DateExpression, find_dates

FRIDAY = "2018-11-30"


def readings(text: str, anchor: str | None = FRIDAY) -> list[tuple[str, str | None]]:
    return [(found.text, found.edtf) for found in find_dates(text, anchor)]


def bounds(text: str, anchor: str | None = FRIDAY) -> tuple[str, str | None, str | None, str | None]:
    (found,) = find_dates(text, anchor)
    return found.text, found.edtf, found.earliest, found.latest


def test_an_expression_says_where_it_stands_and_what_it_was_read_against() -> None:
    text = (
        "Alibaba and El Corte Inglés signed a letter of intent, they said on Friday. "
        "It extends a March 2018 deal."
    )
    friday, march = find_dates(text, FRIDAY)
    assert friday == DateExpression(
        start_char=68, end_char=74, text="Friday", edtf=FRIDAY, earliest=FRIDAY, latest=FRIDAY,
        precision="day", anchor=FRIDAY, is_relative=True,
    )  # fmt: skip
    assert march == DateExpression(
        start_char=89, end_char=99, text="March 2018", edtf="2018-03", earliest="2018-03-01",
        latest="2018-03-31", precision="month", anchor=None, is_relative=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "written",
    [
        "November 30, 2018", "November 30th, 2018", "November 30 2018", "Nov. 30, 2018", "NOV 30, 2018",
        "30 november 2018", "30/Nov/2018", "Nov-30-2018",
        "30 November 2018", "30th of November 2018", "30 Nov 2018", "30 Nov. 2018", "30-Nov-2018",
        "Friday, November 30, 2018", "Friday 30 November 2018", "Fri., Nov. 30, 2018",
        "2018-11-30", "2018/11/30", "30.11.2018", "11/30/2018", "30/11/2018",
    ],
)  # fmt: skip
def test_full_dates_in_all_common_orders(written: str) -> None:
    assert readings(f"It was signed on {written}.", None) == [(written, "2018-11-30")]


def test_an_iso_date_time_gives_its_day() -> None:
    assert readings("Posted 2018-11-30T09:15:00Z by the editor") == [("2018-11-30", "2018-11-30")]


def test_day_and_month_that_cannot_be_told_apart_leave_the_year() -> None:
    assert bounds("Signed on 03/04/2018.") == ("03/04/2018", "2018", "2018-03-04", "2018-04-03")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They said on Friday", "2018-11-30"),
        ("They said on Tuesday", "2018-11-27"),
        ("On Tuesday the retailer said it would grow", "2018-11-27"),
        ("The shop opened last Friday", "2018-11-23"),
        ("The shop opens next Friday", "2018-12-07"),
        ("The service will launch on Monday", "2018-12-03"),
        ("It is available from Saturday", "2018-12-01"),
        ("It was available from Saturday", "2018-11-24"),
        ("They said so today", "2018-11-30"),
        ("They said so yesterday", "2018-11-29"),
        ("They meet tomorrow", "2018-12-01"),
        ("It closed 10 days ago", "2018-11-20"),
        ("It opens three weeks from now", "2018-12-21"),
        ("They announced on the 15th that it was signed", "2018-11-15"),
        ("It will open this September", "2018-09"),
        ("They agreed on Nov. 29", "2018-11-29"),
        ("They agreed on 3 December", "2017-12-03"),
        ("It will open on 3 December", "2018-12-03"),
        ("It opens on December 3rd", "2018-12-03"),
        ("Sold since March", "2018-03"),
        ("It will start in March", "2019-03"),
        ("In March, the chain will open a shop", "2019-03"),
        ("In March the chain opened a shop", "2018-03"),
        ("It was signed in November", "2018-11"),
        ("They agreed last March", "2018-03"),
        ("They agreed last November", "2017-11"),
        ("They agreed in March last year", "2017-03"),
        ("They agreed in June of this year", "2018-06"),
        ("They agreed last month", "2018-10"),
        ("They meet next month", "2018-12"),
        ("They agreed this month", "2018-11"),
        ("They agreed two months ago", "2018-09"),
        ("It opened last year", "2017"),
        ("It opens next year", "2019"),
        ("It opened three years ago", "2015"),
        ("It opened twenty-five years ago", "1993"),
        ("It opened this summer", "2018-22"),
        ("It opened last fall", "2017-23"),
        ("It opens next spring", "2019-21"),
        ("It opened last winter", "2017-24"),
        ("Profit fell in the second quarter", "2018-34"),
        ("It will open in the first quarter", "2019-33"),
        ("Profit fell in Q3 of last year", "2017-35"),
        ("After Singles' Day", "2018-11-11"),
        ("After Singles’ Day sales", "2018-11-11"),
        ("The 11.11 shopping festival", "2018-11-11"),
        ("After last year's Black Friday", "2017-11-24"),
        ("Before Christmas", "2018-12-25"),
        ("It will open by Spring Festival", "2019-02-05"),
        ("In Tuesday's announcement they said", "2018-11-27"),
        ("Yesterday’s deal is big", "2018-11-29"),
        ("They said so on Tuesday of last week", "2018-11-20"),
        ("They meet next week, on Thursday", "2018-12-06"),
        ("They meet on Thursday week", "2018-12-13"),
        ("It opens in three weeks' time", "2018-12-21"),
        ("It opens on the first of December", "2018-12-01"),
        ("They agreed over the weekend", "2018-11"),
        ("It will open in the new year", "2019"),
        ("It opens in Q1 next year", "2019-33"),
    ],
)  # fmt: skip
def test_relative_expressions_count_from_the_day_of_publication(text: str, expected: str) -> None:
    (found,) = find_dates(text, FRIDAY)
    assert (found.edtf, found.anchor, found.is_relative) == (expected, FRIDAY, True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("by the end of 2021", ("the end of 2021", "2021", "2021-01-01", "2021-12-31")),
        ("at the end of 2021", ("the end of 2021", "2021", "2021-09-01", "2021-12-31")),
        ("the first week of May 2020", ("the first week of May 2020", "2020-05", "2020-05-01", "2020-05-07")),
        ("the last week of 2020", ("the last week of 2020", "2020", "2020-12-25", "2020-12-31")),
        ("in 2019-H2", ("2019-H2", "2019", "2019-07-01", "2019-12-31")),
        ("in 2018 Q3", ("2018 Q3", "2018-35", "2018-07-01", "2018-09-30")),
        ("in the current quarter", ("the current quarter", "2018-36", "2018-10-01", "2018-12-31")),
        ("Published 12/2018", ("12/2018", "2018-12", "2018-12-01", "2018-12-31")),
        ("in early 2021", ("early 2021", "2021", "2021-01-01", "2021-04-30")),
        ("in mid-2021", ("mid-2021", "2021", "2021-05-01", "2021-08-31")),
        ("in late 2021", ("late 2021", "2021", "2021-09-01", "2021-12-31")),
        ("the first half of 2021", ("the first half of 2021", "2021", "2021-01-01", "2021-06-30")),
        ("in H2 2021", ("H2 2021", "2021", "2021-07-01", "2021-12-31")),
        ("the second quarter of 2021", ("the second quarter of 2021", "2021-34", "2021-04-01", "2021-06-30")),
        ("in Q4 2021", ("Q4 2021", "2021-36", "2021-10-01", "2021-12-31")),
        ("in spring 2021", ("spring 2021", "2021-21", "2021-03-01", "2021-05-31")),
        ("in winter 2021", ("winter 2021", "2021-24", "2021-12-01", "2022-02-28")),
        ("in early October", ("early October", "2018-10", "2018-10-01", "2018-10-10")),
        ("late last year", ("late last year", "2017", "2017-09-01", "2017-12-31")),
        ("early next year", ("early next year", "2019", "2019-01-01", "2019-04-30")),
        ("Earlier this year", ("Earlier this year", "2018", "2018-01-01", "2018-11-30")),
        ("later this year", ("later this year", "2018", "2018-11-30", "2018-12-31")),
        ("earlier this month", ("earlier this month", "2018-11", "2018-11-01", "2018-11-30")),
        ("by the end of the year", ("the end of the year", "2018", "2018-11-30", "2018-12-31")),
        ("last week", ("last week", "2018-11", "2018-11-19", "2018-11-25")),
        ("in fiscal 2022", ("fiscal 2022", "2022", "2022-01-01", "2022-12-31")),
        ("in FY22.", ("FY22", "2022", "2022-01-01", "2022-12-31")),
        ("in FY2021-22", ("FY2021-22", "2022", "2022-01-01", "2022-12-31")),
        ("the 2021/22 financial year", ("2021/22 financial year", "2022", "2022-01-01", "2022-12-31")),
        ("in Q1 FY22.", ("Q1 FY22", "2022-33", "2022-01-01", "2022-03-31")),
        ("in Q1 of FY2021-22", ("Q1 of FY2021-22", "2022-33", "2022-01-01", "2022-03-31")),
        ("in Q1'22", ("Q1'22", "2022-33", "2022-01-01", "2022-03-31")),
        ("in 1Q22", ("1Q22", "2022-33", "2022-01-01", "2022-03-31")),
        ("in 2H 2021", ("2H 2021", "2021", "2021-07-01", "2021-12-31")),
        ("in June '21", ("June '21", "2021-06", "2021-06-01", "2021-06-30")),
        ("the back half of 2021", ("the back half of 2021", "2021", "2021-07-01", "2021-12-31")),
        ("It fell in the first half", ("the first half", "2018", "2018-01-01", "2018-06-30")),
        ("It will open in the first half", ("the first half", "2019", "2019-01-01", "2019-06-30")),
        ("It will open in H2", ("H2", "2018", "2018-07-01", "2018-12-31")),
        ("They agreed over the weekend", ("the weekend", "2018-11", "2018-11-24", "2018-11-25")),
        ("It will open in the new year", ("the new year", "2019", "2019-01-01", "2019-04-30")),
        ("by the year's end", ("the year's end", "2018", "2018-11-30", "2018-12-31")),
        ("by mid-year", ("mid-year", "2018", "2018-05-01", "2018-08-31")),
        ("by the close of 2021", ("the close of 2021", "2021", "2021-01-01", "2021-12-31")),
        ("towards the close of 2021", ("the close of 2021", "2021", "2021-09-01", "2021-12-31")),
        ("in the 1990s", ("the 1990s", "199X", "1990-01-01", "1999-12-31")),
        ("since 1940", ("1940", "1940", "1940-01-01", "1940-12-31")),
    ],
)  # fmt: skip
def test_edtf_names_the_period_and_the_bounds_narrow_it(
    text: str, expected: tuple[str, str, str, str]
) -> None:
    assert bounds(text) == expected


def test_a_stretch_from_publication_is_read_where_a_month_or_a_year_holds_it() -> None:
    june = "2021-06-17"
    within = bounds("It will open within six months", june)
    assert within == ("within six months", "2021", june, "2021-12-17")
    coming = bounds("It will come to shops over the next ten days and over the next two weeks", "2021-06-10")
    assert coming == ("over the next two weeks", "2021-06", "2021-06-10", "2021-06-24")
    assert readings("It will open within two years", june) == []
    assert readings("It was sold out within two weeks", june) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It was signed on 14 May 2018 and announced a day later.", ("a day later", "2018-05-15", "2018-05-14")),
        ("Signed on 14 May 2018, it was shown the following day.", ("the following day", "2018-05-15", "2018-05-14")),
        ("On 14 May 2018 it was signed the same morning.", ("the same morning", "2018-05-14", "2018-05-14")),
        ("It began in May 2016 and ended 16 months later.", ("16 months later", "2017-09", "2016-05")),
        ("They agreed in 2013 and parted two years later.", ("two years later", "2015", "2013")),
        ("They agreed in 2013 and parted the year after.", ("the year after", "2014", "2013")),
        ("They agreed in May 2016 and opened the following spring.", ("the following spring", "2017-21", "2016-05")),
        ("Signed on 26 January 2018, told on the last day of that month.",
         ("the last day of that month", "2018-01-31", "2018-01-26")),
    ],
)  # fmt: skip
def test_what_counts_from_another_date_is_read_against_the_one_before_it(
    text: str, expected: tuple[str, str, str]
) -> None:
    _, found = find_dates(text, FRIDAY)
    assert (found.text, found.edtf, found.anchor) == expected


def test_what_counts_from_another_date_needs_one_near_before_it() -> None:
    assert readings("It ended two years later, and the year after they met.") == []
    assert readings("In 2013. " + "Nothing happened. " * 20 + "It ended two years later.") == [
        ("2013", "2013")
    ]
    assert readings("Since May 2016, parcels come the same day.") == [("May 2016", "2016-05")]
    assert readings("In 2013, " + "999 years later, " * 12)[-1][1] == "9006"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It will start before Ramadan", ("Ramadan", "2019-05")),
        ("It will start after Holi", ("Holi", "2019-03-21")),
        ("It will open by Pongal", ("Pongal", "2019-01-15")),
        ("It opened ahead of Songkran", ("Songkran", "2018-04-13")),
        ("It started on Heritage Day", ("Heritage Day", "2018-09-24")),
        ("It will open by Christmas 2020", ("Christmas 2020", "2020-12-25")),
        ("It opened before Eid al-Adha", ("Eid al-Adha", "2018-08")),
        ("It will be ready for Chuseok next year", ("Chuseok next year", "2019-09-13")),
        ("It is due before the holidays", ("the holidays", "2018-12")),
        ("It will open by Easter", ("Easter", "2019-04-21")),
        ("It opened at Easter", ("Easter", "2018-04-01")),
        ("It closed two weeks before Easter 2018", ("two weeks before Easter 2018", "2018-03")),
        ("It opens the day after Christmas", ("the day after Christmas", "2018-12-26")),
    ],
)  # fmt: skip
def test_festivals_are_read_in_the_year_that_the_tense_points_to(
    text: str, expected: tuple[str, str]
) -> None:
    assert readings(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Signed 2012/8/10.", ("2012/8/10", "2012-08-10")),
        ("Signed on October, 1st", ("October, 1st", "2018-10-01")),
        ("It ended on 31 March this year", ("31 March this year", "2018-03-31")),
        ("It ended on August 5 last year", ("August 5 last year", "2017-08-05")),
        ("Signed on the fourth of July 1995", ("the fourth of July 1995", "1995-07-04")),
        ("It will open on the last Monday of October", ("the last Monday of October", "2019-10-28")),
        ("It began on the first day of this month", ("the first day of this month", "2018-11-01")),
        ("It runs until the 31st of next month", ("the 31st of next month", "2018-12-31")),
        ("It runs until the 27th.", ("the 27th", "2018-12-27")),
        ("It will open in five days.", ("in five days", "2018-12-05")),
        ("It was sold in april", ("april", "2018-04")),
        ("Sales by week 37", ("week 37", "2018-09")),
        ("It missed payments in the second and third quarters", ("the second and third quarters", "2018")),
        ("Sales for 2016-17 rose", ("2016-17", "2017")),
        ("In the autumn its staff sold tyres", ("the autumn", "2018-23")),
        ("They agreed a fortnight ago", ("a fortnight ago", "2018-11")),
    ],
)  # fmt: skip
def test_further_ways_to_write_dates(text: str, expected: tuple[str, str]) -> None:
    assert readings(text) == [expected]


def test_ranges_are_two_dates_and_share_the_year() -> None:
    assert readings("between March and July 2021") == [("March", "2021-03"), ("July 2021", "2021-07")]
    assert readings("November and December 2020") == [("November", "2020-11"), ("December 2020", "2020-12")]
    assert readings("from November to February 2021") == [
        ("November", "2020-11"),
        ("February 2021", "2021-02"),
    ]
    assert readings("open from November to February", "2018-06-15") == [
        ("November", "2018-11"),
        ("February", "2019-02"),
    ]
    assert readings("on March 3-5, 2021") == [("March 3", "2021-03-03"), ("5, 2021", "2021-03-05")]
    assert readings("on 3-5 March 2021") == [("3", "2021-03-03"), ("5 March 2021", "2021-03-05")]
    assert readings("in 2019 and 2020") == [("2019", "2019"), ("2020", "2020")]
    assert readings("in 2019-2021") == [("2019", "2019"), ("2021", "2021")]


def test_each_verb_governs_its_own_date() -> None:
    text = "The service will launch on Saturday, the company said on Tuesday."
    assert readings(text) == [("Saturday", "2018-12-01"), ("Tuesday", "2018-11-27")]


def test_a_weekday_finds_the_year_of_its_date() -> None:
    assert readings("closed until Saturday 21 March", "2020-06-01") == [("Saturday 21 March", "2020-03-21")]
    assert readings("open from Saturday 21 March", "2014-06-01") == [("Saturday 21 March", "2015-03-21")]


def test_a_date_just_ahead_is_not_read_as_a_year_ago() -> None:
    assert readings("They are sold from Sept. 7", "2023-09-01") == [("Sept. 7", "2023-09-07")]
    assert readings("(Agency) Dec. 3 -- The group will look for business", "2018-12-04") == [
        ("Dec. 3", "2018-12-03")
    ]


def test_without_an_anchor_relative_words_stay_unread() -> None:
    text = "They said on Friday that they agreed last month, in March 2018 and earlier this year."
    found = find_dates(text)
    assert [(f.text, f.edtf, f.earliest, f.latest, f.anchor) for f in found] == [
        ("Friday", None, None, None, None),
        ("last month", None, None, None, None),
        ("March 2018", "2018-03", "2018-03-01", "2018-03-31", None),
        ("earlier this year", None, None, None, None),
    ]


def test_an_anchor_may_be_a_month_or_a_date_time() -> None:
    assert readings("They agreed last month", "2019-01") == [("last month", "2018-12")]
    # All that is known of a Friday then is its month.
    assert readings("They said on Friday", "2019-01") == [("Friday", "2019-01")]
    assert readings("They said on Friday", "2018-11-30T23:50:00-05:00") == [("Friday", "2018-11-30")]
    assert readings("They said on Friday", "yesterday or so") == [("Friday", None)]


def test_leap_days_and_ends_of_years() -> None:
    assert readings("on 29 February", "2021-03-01") == [("29 February", "2020-02-29")]
    assert readings("on 30 February 2021") == [("February 2021", "2021-02")]
    assert readings("They agreed last month", "2020-01-31") == [("last month", "2019-12")]
    assert readings("They said so yesterday", "2020-01-01") == [("yesterday", "2019-12-31")]


@pytest.mark.parametrize(
    "text",
    [
        "It has 2,000 stores and 2000 shops, and over 2020 employees.",
        "It paid $2018, €2019 and 2,018 yuan for 1,150 lockers.",
        "Store 2030 and room 1999 run version 2.2018 of model 2020.",
        "Call +44 20 1950 2020 or 555-2018.",
        "They may march on; sales fall in a second, and may spring back.",
        "May I say so? March on, they said. Sales fell 11.11% to 11.11 million.",
        "Shares (NASDAQ: MAR, NYSE: DEC) rose. June Chen and April Smith spoke.",
        "Black Fridays and Mondays; every Friday; Christmas trees and Easter eggs.",
        "Over the last year and in the last month of trading nothing changed.",
        "Carnival bought two ships for Carnival, Tet is short, and the holidays are long.",
        "They sold out in five days. Week 2 of the trial is over.",
        "Since the fall of the wall a 2000 year old custom and the Christmas Cottage stand.",
        "On the 1st and 2nd floors, and on the 3rd floor.",
        "Half of it, the second half of the match, a first half-price deal, and the better half.",
        "Today's shoppers eat TGI Friday's meals after a happy new year.",
        "See example.com/2018/page and item-2019, #2020 and A2021.",
        "",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert readings(text) == []


def test_bare_months_that_are_verbs_or_names_count_after_a_preposition() -> None:
    assert readings("In May Target opened a shop.") == [("May", "2018-05")]
    assert readings("It opened in March.") == [("March", "2018-03")]


def test_any_text_gives_spans_that_reread_and_days_that_exist() -> None:
    hostile = [
        "1" * 5000,
        "2018-" * 2000,
        "May " * 3000,
        "30 Nov" * 1000,
        "the end of " * 1000,
        "\u0663\u0660 May",
        "Q2" * 500,
    ]
    for text in hostile:
        end = 0
        for found in find_dates(text, FRIDAY):
            assert end <= found.start_char < found.end_char
            assert text[found.start_char : found.end_char] == found.text
            assert found.earliest is not None
            assert found.latest is not None
            assert date.fromisoformat(found.earliest) <= date.fromisoformat(found.latest)
            end = found.end_char
