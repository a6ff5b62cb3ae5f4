"""The words of dates, as patterns and numbers."""

from __future__ import annotations

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "a couple of": 2,
    "fifteen": 15, "twenty": 20, "twenty-five": 25, "thirty": 30, "forty": 40, "fifty": 50,
}  # fmt: skip
ORDINALS = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "final": 4,
}
SEASONS = {"spring": 1, "summer": 2, "autumn": 3, "fall": 3, "winter": 4}

S = r"\s{1,2}"
YEAR = r"(?:1[89]\d\d|20\d\d)"
DAY = r"(?:3[01]|[12]\d|0?[1-9])"
TH = r"(?:st|nd|rd|th)?"
NUMBER = (
    r"(?:\d{1,3}|a\scouple\sof|"
    + "|".join(sorted((n for n in NUMBERS if " " not in n), key=len, reverse=True))
    + ")"
)
FULL_MONTH = "(?:" + "|".join(_FULL) + ")"
_SHORT = r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?"
# In small letters only the months that are no words.
SMALL_MONTH = "(?:" + "|".join(name.lower() for name in _FULL if name not in ("March", "May")) + ")"
MONTH = f"(?:{FULL_MONTH}|{FULL_MONTH.upper()}|{_SHORT}|{_SHORT.upper()}|{SMALL_MONTH})"
FULL_WEEKDAY = "(?:" + "|".join((*_DAYS, *(name.lower() for name in _DAYS))) + ")"
WEEKDAY = f"(?:{FULL_WEEKDAY}|(?:Mon|Tues?|Weds?|Thu(?:rs?)?|Fri|Sat|Sun)\\.?)"


def month_number(word: str) -> int:
    return MONTHS.index(word[:3].lower()) + 1


def weekday_number(word: str) -> int:
    """Monday is 0, as in datetime.date.weekday."""
    return WEEKDAYS.index(word[:3].lower())


def number(word: str) -> int:
    return int(word) if word.isdecimal() else NUMBERS[" ".join(word.lower().split())]
