"""The codes of the disclosure table in words. A code that is not here is said as it is written, in plain letters."""

from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from nowrongdoor.kernel.conditions import FLAG, Always, Compare, Condition, Either, Every, Negated
from nowrongdoor.sharing.shelves import SHELVES

DATA: Mapping[str, str] = {
    "incident": _("Call card"),
    "cji": _("Criminal database returns"),
    "police_report": _("Police report"),
    "crisis_contact": _("What was said to the line or a mobile team"),
    "clinical": _("Health record"),
    "sud": _("Substance use treatment record"),
    "sud_notes": _("Counseling and psychotherapy notes"),
    "court_order": _("Court order"),
    "homeless": _("Homeless services record"),
    "victim": _("Victim services record"),
    "juvenile": _("Record of a minor"),
    "custody": _("Jail bookings"),
    "aggregate": _("Counts without names"),
    "staff": _("Staff and training"),
}
KINDS: Mapping[str, str] = {
    "psap": _("911 center"),
    "crisis_line": _("Crisis line"),
    "cmt_provider": _("Mobile crisis teams"),
    "le_patrol": _("Police patrol"),
    "le_mhst": _("Police mental health team"),
    "le_deflection": _("Police deflection"),
    "le_outreach": _("Police outreach"),
    "le_detectives": _("Police detectives"),
    "fire_ems": _("Fire and ambulance"),
    "crc": _("Crisis center"),
    "hospital": _("Hospitals"),
    "clinic": _("Clinic"),
    "part2_program": _("Substance use treatment"),
    "peer_org": _("Peer organization"),
    "homeless_provider": _("Homeless services"),
    "victim_service": _("Victim services"),
    "court": _("Court"),
    "prosecutor": _("Prosecutor"),
    "defense": _("Defense lawyer"),
    "pretrial": _("Pretrial services"),
    "jail": _("Jail"),
    "jail_health": _("Jail health care"),
    "rbha": _("Health plan that pays"),
    "county": _("County"),
    "evaluator": _("Researcher"),
    "other_le": _("Other police"),
    "family": _("Family"),
    "school": _("School"),
    "public_health": _("Public health agency"),
    "protective_services": _("Protective services"),
    "threatened_person": _("The person threatened"),
    "review_committee": _("Review committee"),
    "hmis": _("HMIS database"),
    "immigration": _("Immigration authorities"),
    "landlord": _("Landlord"),
    "employer": _("Employer"),
    "public": _("The public"),
    "person": _("The person themselves"),
}
"""Who tells and who is told: the kinds of programs, and of those who are only ever told."""
PURPOSES: Mapping[str, str] = {
    "respond": _("to respond"),
    "scene_safety": _("for safety at the scene"),
    "imminent_threat": _("because someone is in danger now"),
    "duty_to_warn": _("to warn someone who is threatened"),
    "close_loop": _("to know how it ended"),
    "handover": _("to take the person on"),
    "treatment": _("for treatment"),
    "payment": _("for payment"),
    "operations": _("for quality work"),
    "serve_order": _("to carry out an order"),
    "return_absent": _("to bring back a patient who left"),
    "petition": _("for a petition"),
    "legal_proceeding": _("for a court case"),
    "custody_care": _("for care in custody"),
    "know_custody": _("to know of a booking"),
    "review": _("for a committee's review"),
    "monitor_condition": _("to monitor a court's condition"),
    "engagement": _("to stay in contact"),
    "coordinate": _("to work together"),
    "refer": _("to refer the person"),
    "ask_outreach": _("to ask for outreach"),
    "locate": _("to find the person"),
    "investigate": _("to investigate"),
    "crime_on_premises": _("because of a crime there"),
    "medical_emergency": _("in a medical emergency"),
    "family_involvement": _("to involve family"),
    "mandated_report": _("because the law requires a report"),
    "public_health_report": _("for public health"),
    "research": _("for research"),
    "publish": _("to publish"),
    "compliance": _("for compliance"),
    "own_access": _("because the person asks for it"),
    "enforcement": _("for enforcement"),
    "other": _("for something else"),
}
FIELDS: Mapping[str, str] = {
    "card": _("the call card"),
    "status": _("one status word"),
    "threat": _("the threat, and who is threatened"),
    "rescue": _("what a rescue needs"),
    "safety": _("hazards and what help is wanted"),
    "order": _("the order and where to take the person"),
    "pointer": _("that the support team should be contacted"),
    "attendance": _("came yes or no, date, next step"),
    "identify": _("what identifies the person"),
    "treatment": _("assessment, medicines, plan, contacts"),
    "custody": _("booked or released, date, place"),
    "named": _("what the release names"),
    "whole": _("the whole record"),
    "hmis": _("HMIS elements"),
    "need": _("place and need"),
    "counts": _("counts of 11 and more"),
}
FACTS: Mapping[str, str] = {
    "tpo": _("Part 2 consent for treatment, payment and operations"),
    "named": _("A release names them"),
    "cj": _("Criminal-justice consent"),
    "authorization": _("HIPAA authorization"),
    "hmis_consent": _("HMIS notice or consent"),
    "victim_release": _("Victim services release"),
    "guardian": _("Signed by a guardian, or a minor who may"),
    "agreement": _("Agreement in force"),
    "order": _("Mental health court order in force"),
    "process": _("Court process served"),
    "part2_order": _("Part 2 court order"),
    "emergency": _("Emergency claimed now"),
    "mandate": _("A law requires the report"),
    "custody_of": _("They have the person in custody"),
    "agrees": _("The person agrees"),
    "same_entity": _("Same agency"),
    "working": _("They work on this call"),
    "signed_request": _("Signed, specific request on file"),
    "irb": _("Ethics approval"),
    "minor": _("Under 18"),
    "same": _("The same kind of program"),
}
DUTIES: Mapping[str, str] = {
    "minimum": _("only what is needed"),
    "account": _("a line in the person's accounting"),
    "audit": _("a line in the ledger"),
    "notice": _("the Part 2 notice"),
    "copy": _("a copy of the release"),
    "expires": _("an end date"),
    "second_person": _("a second person"),
    "officer_72h": _("the privacy officer within 72 hours"),
    "log_who_when_why": _("who, when and why, written down"),
    "suppress": _("no small counts"),
}
BASES: Mapping[str, str] = {
    "N": _("no agreement or release needed"),
    "A": _("agreement"),
    "R": _("release"),
    "P": _("Part 2 consent"),
    "C": _("court"),
    "E": _("emergency"),
    "L": _("the law requires it"),
    "K": _("custody"),
}


def said(words: Mapping[str, str], code: str) -> str:
    """A code in the reader's language."""
    return gettext(words[code]) if code in words else code.replace("_", " ")


def listed(words: Mapping[str, str], codes: Iterable[str]) -> str:
    return ", ".join(said(words, each) for each in codes)


FEED = _("That a call is open, its kind and its zone")


def told(record: str, data: str, fields: Collection[str]) -> str:
    """What a line of the ledger says was told: of which class, which sort of record, and which groups of it.

    A row opens a group of fields, of which a record may have little: then its sort is all that is said.
    """
    of = said(DATA, data)
    if record == "feed":
        return f"{of}: {gettext(FEED)}"
    shelf = next((each for each in SHELVES.get() if each.name == record), None)
    if shelf is None:
        return f"{of}: {listed(FIELDS, fields)}"
    sort = gettext(shelf.record or shelf.label)
    filled = bool(fields) and set(fields) <= set(shelf.holds)
    what = f"{sort} ({listed(shelf.holds, fields)})" if filled else sort
    return what if sort == of else f"{of}: {what}"


_NAMED: Mapping[str, Mapping[str, str]] = {
    "data": DATA,
    "sender": KINDS,
    "to": KINDS,
    "purpose": PURPOSES,
}
"""What a condition may compare besides facts."""
_SIDES = {"sender": _("From"), "to": _("To")}


def needed(condition: Condition) -> str:
    """A row's condition in words: all of these, any of these, not this."""
    match condition:
        case Always():
            return gettext("nothing more")
        case Compare(name, values, among) if name in _NAMED:
            words = listed(_NAMED[name], values)
            if name in _SIDES:
                words = f"{gettext(_SIDES[name])}: {words}"
            return _unless(words, negated=not among)
        case Compare(name, values, among):
            return _unless(said(FACTS, name), negated=(FLAG[1] in values) is not among)
        case Every(parts):
            return gettext("all of: %(parts)s") % {"parts": _joined(parts)}
        case Either(parts):
            return gettext("any of: %(parts)s") % {"parts": _joined(parts)}
        case Negated(part):
            return _unless(_inside(part), negated=True)


def opens_with(condition: Condition) -> str:
    """A row's condition in one phrase: this and that, this or that."""
    match condition:
        case Every(parts) | Either(parts):
            word = gettext("and") if isinstance(condition, Every) else gettext("or")
            inside = [
                f"({opens_with(each)})" if isinstance(each, Every | Either) else needed(each)
                for each in parts
            ]
            return f" {word} ".join([inside[0], *map(_within, inside[1:])])
        case _:
            return needed(condition)


def _within(words: str) -> str:
    """Words inside a sentence: HIPAA, HMIS and Part 2 keep their capitals."""
    keeps = words[1:2].isupper() or any(each.isdigit() for each in words[:8])
    return words if keeps else words[:1].lower() + words[1:]


def either(words: Mapping[str, str], codes: Iterable[str]) -> str:
    """One of these, in words."""
    return f" {gettext('or')} ".join(said(words, each) for each in codes)


def _joined(parts: Iterable[Condition]) -> str:
    return "; ".join(map(_inside, parts))


def _inside(part: Condition) -> str:
    return f"({needed(part)})" if isinstance(part, Every | Either) else needed(part)


def _unless(words: str, *, negated: bool) -> str:
    return gettext("not: %(part)s") % {"part": words} if negated else words
