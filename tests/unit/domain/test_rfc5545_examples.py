"""The examples of RFC 5545, section 3.8.5.3, with the dates that it gives as facts.

All begin at 9:00 in New York, on 2 September 1997 unless a row says when.
"""

# ruff: noqa: E501 - an example is a line

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from taskbell.domain.recurrence import Recurrence
from taskbell.domain.rrule import RecurrenceError, format_rrule, parse_rrule

NEW_YORK = ZoneInfo("America/New_York")


def dates(text: str) -> list[str]:
    """`1997 9/2-4 10/1` as ISO dates."""
    found, year = [], 0
    for word in text.split():
        if "/" not in word:
            year = int(word)
            continue
        month, days = word.split("/")
        for part in days.split(","):
            first, _, last = part.partition("-")
            found += [f"{year}-{int(month):02}-{day:02}" for day in range(int(first), int(last or first) + 1)]
    return found


ENDING = [  # with all of their dates
    ("daily for 10 occurrences", "FREQ=DAILY;COUNT=10", "1997 9/2-11"),
    ("every 10 days, 5 occurrences", "FREQ=DAILY;INTERVAL=10;COUNT=5", "1997 9/2 9/12 9/22 10/2 10/12"),
    (
        "weekly for 10 occurrences",
        "FREQ=WEEKLY;COUNT=10",
        "1997 9/2,9,16,23,30 10/7,14,21,28 11/4",
    ),
    (
        "weekly until 24 December 1997",
        "FREQ=WEEKLY;UNTIL=19971224T000000Z",
        "1997 9/2,9,16,23,30 10/7,14,21,28 11/4,11,18,25 12/2,9,16,23",
    ),
    (
        "weekly on Tuesday and Thursday for five weeks",
        "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH",
        "1997 9/2,4,9,11,16,18,23,25,30 10/2",
    ),
    ("the same by its count", "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", "1997 9/2,4,9,11,16,18,23,25,30 10/2"),
    (
        "every other week on Tuesday and Thursday, for 8 occurrences",
        "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
        "1997 9/2,4,16,18,30 10/2,14,16",
    ),
]
STARTING = [  # another first date, and all dates
    (
        "every day in January, for 3 years, yearly",
        "1998-01-01",
        "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA",
        "1998 1/1-31 1999 1/1-31 2000 1/1-31",
    ),
    (
        "every day in January, for 3 years, daily",
        "1998-01-01",
        "FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1",
        "1998 1/1-31 1999 1/1-31 2000 1/1-31",
    ),
    (
        "every other week on Monday, Wednesday and Friday until 24 December 1997",
        "1997-09-01",
        "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR",
        "1997 9/1,3,5,15,17,19,29 10/1,3,13,15,17,27,29,31 11/10,12,14,24,26,28 12/8,10,12,22",
    ),
    (
        "the first Friday of each month for 10 occurrences",
        "1997-09-05",
        "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
        "1997 9/5 10/3 11/7 12/5 1998 1/2 2/6 3/6 4/3 5/1 6/5",
    ),
    (
        "the first Friday of each month until 24 December 1997",
        "1997-09-05",
        "FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR",
        "1997 9/5 10/3 11/7 12/5",
    ),
    (
        "every other month on the first and last Sunday, for 10 occurrences",
        "1997-09-07",
        "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
        "1997 9/7,28 11/2,30 1998 1/4,25 3/1,29 5/3,31",
    ),
    (
        "the second to last Monday for 6 months",
        "1997-09-22",
        "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO",
        "1997 9/22 10/20 11/17 12/22 1998 1/19 2/16",
    ),
    (
        "the 2nd and 15th for 10 occurrences",
        "1997-09-02",
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15",
        "1997 9/2,15 10/2,15 11/2,15 12/2,15 1998 1/2,15",
    ),
    (
        "the first and last day of the month for 10 occurrences",
        "1997-09-30",
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
        "1997 9/30 10/1,31 11/1,30 12/1,31 1998 1/1,31 2/1",
    ),
    (
        "every 18 months on the 10th to 15th for 10 occurrences",
        "1997-09-10",
        "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15",
        "1997 9/10-15 1999 3/10-13",
    ),
    (
        "yearly in June and July for 10 occurrences",
        "1997-06-10",
        "FREQ=YEARLY;COUNT=10;BYMONTH=6,7",
        "1997 6/10 7/10 1998 6/10 7/10 1999 6/10 7/10 2000 6/10 7/10 2001 6/10 7/10",
    ),
    (
        "every other year in January, February and March for 10 occurrences",
        "1997-03-10",
        "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3",
        "1997 3/10 1999 1/10 2/10 3/10 2001 1/10 2/10 3/10 2003 1/10 2/10 3/10",
    ),
    (
        "the third of Tuesday, Wednesday and Thursday, for 3 months",
        "1997-09-04",
        "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3",
        "1997 9/4 10/7 11/6",
    ),
    ("with weeks that begin on Monday", "1997-08-05", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997 8/5,10,19,24"),
    ("with weeks that begin on Sunday", "1997-08-05", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997 8/5,17,19,31"),
    ("days that a month does not have are left out", "2007-01-15", "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "2007 1/15,30 2/15 3/15,30"),
]  # fmt: skip
ENDLESS = [  # the first dates; the first one may be no date of the rule
    ("every other day", "1997-09-02", "FREQ=DAILY;INTERVAL=2", "1997 9/2,4,6,8,10,12,14,16,18,20,22,24,26,28,30 10/2"),
    ("every other week", "1997-09-02", "FREQ=WEEKLY;INTERVAL=2;WKST=SU", "1997 9/2,16,30 10/14,28 11/11,25 12/9,23 1998 1/6,20 2/3"),
    ("the third to last day of the month", "1997-09-28", "FREQ=MONTHLY;BYMONTHDAY=-3", "1997 9/28 10/29 11/28 12/29 1998 1/29 2/26"),
    ("every Tuesday, every other month", "1997-09-02", "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU", "1997 9/2,9,16,23,30 11/4,11,18,25 1998 1/6,13,20,27 3/3,10,17,24,31"),
    ("the 20th Monday of the year", "1997-05-19", "FREQ=YEARLY;BYDAY=20MO", "1997 5/19 1998 5/18 1999 5/17"),
    ("every Thursday in March", "1997-03-13", "FREQ=YEARLY;BYMONTH=3;BYDAY=TH", "1997 3/13,20,27 1998 3/5,12,19,26 1999 3/4,11,18,25"),
    ("every Thursday in June, July and August", "1997-06-05", "FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8", "1997 6/5,12,19,26 7/3,10,17,24,31 8/7,14,21,28 1998 6/4,11"),
    ("every Friday the 13th", "1997-09-02", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1997 9/2 1998 2/13 3/13 11/13 1999 8/13 2000 10/13"),
    ("the Saturday after the first Sunday", "1997-09-13", "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13", "1997 9/13 10/11 11/8 12/13 1998 1/10 2/7 3/7 4/11 5/9 6/13"),
    ("U.S. presidential election day", "1996-11-05", "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "1996 11/5 2000 11/7 2004 11/2"),
    ("the second to last weekday of the month", "1997-09-29", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "1997 9/29 10/30 11/27 12/30 1998 1/29 2/26 3/30"),
]  # fmt: skip
UNSUPPORTED = [
    ("FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200", "BYYEARDAY"),
    ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "BYWEEKNO"),
    ("FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000Z", "FREQ"),
    ("FREQ=MINUTELY;INTERVAL=15;COUNT=6", "FREQ"),
    ("FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40", "BYHOUR"),
]


@pytest.mark.parametrize(
    ("first", "rule", "expected"),
    [("1997-09-02", rule, expected) for _, rule, expected in ENDING] + [row[1:] for row in STARTING],
    ids=[row[0] for row in (*ENDING, *STARTING)],
)
def test_a_rule_with_an_end_has_exactly_its_dates(first: str, rule: str, expected: str) -> None:
    assert series(first, parse_rrule(f"RRULE:{rule}")) == dates(expected)


@pytest.mark.parametrize(("first", "rule", "expected"), [row[1:] for row in ENDLESS], ids=[row[0] for row in ENDLESS])
def test_a_rule_without_end_goes_on(first: str, rule: str, expected: str) -> None:
    assert series(first, parse_rrule(rule), len(dates(expected))) == dates(expected)


@pytest.mark.parametrize(("rule", "part"), UNSUPPORTED)
def test_what_is_not_supported_is_refused_by_its_name(rule: str, part: str) -> None:
    with pytest.raises(RecurrenceError) as refused:
        parse_rrule(rule)
    assert refused.value.part == part


@pytest.mark.parametrize("rule", [row[1] for row in ENDING] + [row[2] for row in (*STARTING, *ENDLESS)])
def test_the_text_of_a_rule_is_one_of_the_same_rule(rule: str) -> None:
    read = parse_rrule(rule)
    assert parse_rrule(format_rrule(read)) == read


def series(first: str, rule: Recurrence, length: int = 200) -> list[str]:
    """The first dates of a rule, each found from the one before it, at nine o'clock."""
    due, found = datetime.fromisoformat(f"{first} 09:00").replace(tzinfo=NEW_YORK), [first]
    while len(found) < length and (following := rule.next_due(due, due)):
        due, rule = following
        assert due.strftime("%H:%M") == "09:00"
        found.append(due.strftime("%Y-%m-%d"))
    return found
