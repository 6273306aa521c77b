"""A count in words: what it began with, what was left out and why, when it ends; in both languages."""

import gettext

import pytest

from nowrongdoor.clocks.counting.commandline import LOCALE
from nowrongdoor.clocks.counting.facts import Book, Counted
from nowrongdoor.clocks.counting.rules import warned_at
from nowrongdoor.clocks.counting.words import Said, in_words
from tests.clocks.books import TUCSON, counted, row, small

SPANISH = gettext.translation("django", LOCALE, ["es"]).gettext


def said(clock: str, start: str, zone: str = "", book: Book = TUCSON, **facts: object) -> Said:
    return in_words(book, counted(book, clock, start, zone, **facts))


@pytest.mark.parametrize(
    ("clock", "start", "facts", "told"),
    [
        ("emergency_detention", "2026-01-09 16:10", {}, "taken Fri 4:10 pm; Sat, Sun left out; ends Mon 4:10 pm"),
        ("emergency_detention", "2026-01-10 10:00", {}, "taken Sat 10:00 am; Sat, Sun left out; ends Tue 12:00 am"),
        ("emergency_detention", "2026-07-02 16:10", {}, "taken Thu 4:10 pm; Fri (Independence Day), Sat, Sun left out; ends Mon 4:10 pm"),
        ("emergency_detention", "2026-01-05 10:00", {}, "taken Mon 10:00 am; ends Tue 10:00 am"),
        ("emergency_detention", "2026-01-08 00:00", {}, "taken Thu 12:00 am; ends Fri 12:00 am"),
        ("coe_petition_after_admission", "2026-08-14 10:00", {"closures": ["2026-08-17"]},
         "admitted Fri 10:00 am; that day is not counted; Sat, Sun, Mon (court closed) left out; due Tue 11:59 pm"),
        ("treatment_hearing", "2027-12-23 15:00", {},
         "petition filed Thu Dec 23, 2027, 3:00 pm; that day is not counted; 6 days left out, weekends and Fri Dec 24, 2027 (Christmas Day), Fri Dec 31, 2027 (New Year's Day); due Tue Jan 4, 2028, 11:59 pm"),
        ("absence_hearing", "2026-04-03 11:00", {"calendar": "weekends"},
         "hearing requested Fri Apr 3, 11:00 am; that day is not counted; Sat Apr 4, Sun Apr 5, Sat Apr 11, Sun Apr 12 left out; due Tue Apr 14, 11:59 pm"),
        ("appeal", "2026-02-12 10:00", {}, "order entered Thu Feb 12, 10:00 am; that day is not counted; Sat Mar 14 does not count, so it moves; due Mon Mar 16, 11:59 pm"),
        ("order_lapse", "2026-03-02 09:00", {"reading": "cautious"}, "order dated Mon Mar 2, 9:00 am; that day is counted; ends Sun Mar 15, 11:59 pm"),
        ("order_lapse", "2026-03-02 09:00", {"face_expiry": "2026-03-06"}, "order dated Mon 9:00 am; that day is not counted; cut short by face_expiry; ends Fri 11:59 pm"),
        ("treatment_order_term", "2026-03-01 11:00", {"absences": [["2026-05-01", "2026-05-11"], ["2026-05-08", "2026-05-13"]]},
         "order dated Sun Mar 1, 2026, 11:00 am; that day is not counted; days of absence left out: 11; ends Fri Mar 12, 2027, 11:59 pm"),
        ("inpatient_days_dts", "2026-03-01 09:00", {"stays": [["2026-01-05", "2026-02-03"]]}, "admitted Sun Mar 1, 9:00 am; days used before: 30; the last day ends Wed Apr 29, 11:59 pm"),
        ("inpatient_days_dts", "2026-04-10 09:00", {"stays": [["2026-01-01", "2026-03-31"]]}, "admitted Fri Apr 10, 2026, 9:00 am; none left: 90 of 90 days are used up"),
        ("clinic_followup_limit", "2026-01-09 20:00", {"paused": [["2026-01-10 08:00", "2026-01-11 08:30"]]},
         "crisis contact Fri 8:00 pm; pauses left out: 24 h 30 min; due Tue 8:30 pm"),
        ("urgent_referral_reply", "2026-01-09 15:30", {}, "referral sent Fri 3:30 pm; Sat, Sun left out; only 8:00 to 17:00; due Mon 2:30 pm"),
        ("hearing_notice_service", "2026-01-13 10:00", {}, "back from the hearing Tue 10:00 am; due Sat 10:00 am"),
        ("safe_transition_2", "2026-03-02 09:00", {}, "discharged Mon Mar 2, 9:00 am; that day is not counted; the window opens Mon Mar 9; due Thu Mar 12, 11:59 pm"),
        ("minor_turns_18", "2008-06-15 00:00", {}, "born Sun Jun 15, 2008, 12:00 am; begins Mon Jun 15, 2026, 12:00 am"),
        ("same_day_callback", "2026-01-09 23:50", {}, "call closed Fri 11:50 pm; due Fri 11:59 pm"),
        ("cot_petition_after_determination", "2025-09-25 10:00", {}, "not in force on Thu Sep 25, 2025"),
        ("renewal_conversion_application", "2027-06-30 23:59", {}, "not in force: az_sb1244_2026 is not adopted here"),
    ],
)  # fmt: skip
def test_how_it_was_counted(clock: str, start: str, facts: dict[str, object], told: str) -> None:
    assert said(clock, start, **facts).count == told


def test_statute_and_certainty_stand_beside_it() -> None:
    assert said("emergency_detention", "2026-01-05 10:00").beside == "ARS 36-527(A) (text read)"
    assert said("rounding", "2026-01-05 10:00").beside == "Our own setting"
    assert said("order_lapse", "2026-01-05 10:00").beside == "ARS 36-529(C) (from memory, not found in a text)"  # fmt: skip
    of_2025 = said("cot_petition_after_evaluation", "2026-02-10 11:00").beside
    assert of_2025 == "ARS 36-530 as amended 2025; HB 2742 (2025), general effective date (read in a summary)"  # fmt: skip


def test_between_two_readings_it_is_doubtful_and_warnings_run_to_the_earlier() -> None:
    doubt = said("emergency_detention", "2026-10-09 15:00").doubt

    assert doubt == (
        "Doubtful: Tue 3:00 pm, or by the cautious reading Mon 3:00 pm. Ask the court or counsel; "
        "warnings run to Mon 3:00 pm"
    )
    assert said("emergency_detention", "2026-01-09 16:10").doubt == ""  # both come to one time
    assert said("emergency_detention", "2026-10-09 15:00", reading="cautious").doubt == doubt


def test_what_is_due_before_an_event_is_warned_of_by_the_earlier_reading_too() -> None:
    found = counted(TUCSON, "guardian_notice", "2026-06-15 12:00")

    assert found.doubtful
    assert found.cautious is not None
    assert found.warned_by == found.cautious.due
    assert found.due == found.ordinary.due != found.cautious.due


def test_warnings_are_so_many_minutes_before_the_earlier_reading() -> None:
    found = counted(TUCSON, "emergency_detention", "2026-10-09 15:00")  # Columbus Day on Monday

    told = [f"{at:%a %H:%M}" for at in warned_at(found)]

    assert told == ["Mon 09:00", "Mon 13:00", "Mon 14:30"]
    assert warned_at(counted(TUCSON, "rounding", "2026-10-09 15:00")) == ()
    assert warned_at(counted(TUCSON, "cot_petition_after_evaluation", "2025-09-25 10:00")) == ()


def test_a_clock_without_a_word_for_its_start_says_its_name() -> None:
    book = small(row(id="days", unit="calendar_days", calendar="", kind="counter", amount="9"))
    found = counted(book, "days", "2026-03-20 10:00", stays=[["2026-03-01", "2026-03-09"]])

    assert in_words(book, found).whole == "began Fri Mar 20, 2026, 10:00 am; none left: 9 of 9 days are used up. Our own setting"  # fmt: skip


def spanish(found: Counted) -> str:
    return in_words(TUCSON, found, SPANISH, "es").whole


def test_all_of_it_is_said_in_spanish() -> None:
    told = spanish(counted(TUCSON, "emergency_detention", "2026-10-09 15:00"))

    assert told == (
        "bajo custodia vie 15:00; no cuentan sáb, dom, lun (Columbus Day); termina mar 15:00. "
        "ARS 36-527(A) (texto leído). Dudoso: mar 15:00, o según la lectura prudente lun 15:00. "
        "Pregunte al tribunal o a un abogado; los avisos corren hasta lun 15:00"
    )
    later = spanish(counted(TUCSON, "appeal", "2026-02-12 10:00"))
    assert later.startswith("orden dictada jue 12 feb, 10:00; ese día no cuenta; sáb 14 mar no cuenta, así que se mueve; vence lun 16 mar, 23:59. ")  # fmt: skip
