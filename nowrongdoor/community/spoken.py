"""A place as it is said or typed by ear, in the short words of a street: numbers, sides and kinds of street. Pure."""

import re
from itertools import takewhile

from nowrongdoor.kernel.alike import written_shortly

_ONES = {
    word: number
    for row in (
        (1, "one first uno primera"), (2, "two second dos segunda"), (3, "three third tres tercera"),
        (4, "four fourth cuatro cuarta"), (5, "five fifth cinco quinta"), (6, "six sixth seis sexta"),
        (7, "seven seventh siete septima"), (8, "eight eighth ocho octava"), (9, "nine ninth nueve novena"),
        (10, "ten tenth diez decima"), (11, "eleven eleventh once"), (12, "twelve twelfth doce"),
        (13, "thirteen thirteenth trece"), (14, "fourteen fourteenth catorce"),
        (15, "fifteen fifteenth quince"), (16, "sixteen sixteenth dieciseis"),
        (17, "seventeen seventeenth diecisiete"), (18, "eighteen eighteenth dieciocho"),
        (19, "nineteen nineteenth diecinueve"), (21, "veintiuno"), (22, "veintidos"), (23, "veintitres"),
        (24, "veinticuatro"), (25, "veinticinco"), (26, "veintiseis"), (27, "veintisiete"),
        (28, "veintiocho"), (29, "veintinueve"),
    )
    for number, words in [row]
    for word in words.split()
}  # fmt: skip
_TENS = {
    "twenty": 20, "twentieth": 20, "veinte": 20, "thirty": 30, "thirtieth": 30, "treinta": 30, "forty": 40,
    "fortieth": 40, "cuarenta": 40, "fifty": 50, "fiftieth": 50, "cincuenta": 50, "sixty": 60, "sesenta": 60,
    "seventy": 70, "setenta": 70, "eighty": 80, "ochenta": 80, "ninety": 90, "noventa": 90,
}  # fmt: skip
_HUNDREDS = {
    "cien": 100, "ciento": 100, "doscientos": 200, "trescientos": 300, "cuatrocientos": 400, "quinientos": 500,
    "seiscientos": 600, "setecientos": 700, "ochocientos": 800, "novecientos": 900,
}  # fmt: skip
TEN, HUNDRED = 10, 100
FEWEST = 2
"""Digits in a row that are said one by one."""
_TIMES = {"hundred": 100, "thousand": 1000, "mil": 1000}
_SPANISH = {
    "calle": "st", "avenida": "ave", "bulevar": "blvd", "carretera": "rd", "norte": "n", "sur": "s", "este": "e",
    "oeste": "w", "esquina": "and", "y": "and", "con": "and", "at": "and",
}  # fmt: skip
_NO_PLACE = {"the", "block", "of", "on", "el", "la", "los", "las", "en", "de", "cuadra"}
_WITHIN = re.compile(
    r"\b(?:apt|unit|ste|trlr|spc|space|lot|apartamento|departamento|depto|lote|rm|bldg)\b.*"
)
_ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th|a|o)$")
ORDINAL = "#"
"""How a number ends here that was said to be one of a row: the name of a street, never a house."""
_ROWS = frozenset(
    [
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
        "fifteenth",
        "sixteenth",
        "seventeenth",
        "eighteenth",
        "nineteenth",
        "twentieth",
        "thirtieth",
        "fortieth",
        "fiftieth",
        "primera",
        "segunda",
        "tercera",
        "cuarta",
        "quinta",
        "sexta",
        "septima",
        "octava",
        "novena",
        "decima",
    ]
)


def words_of(place: str) -> list[str]:
    """The words of a place: short, without what lies within the house, numbers as digits.

    "Twelve hundred East Speedway, apartment 4" is 1200 e speedway; "twenty-second street" is 22# st.
    """
    short = _WITHIN.sub("", written_shortly(place))
    return [_plain(each) for each in _counted(short.split()) if each not in _NO_PLACE]


def _plain(word: str) -> str:
    ordinal = _ORDINAL.match(word)
    return ordinal.group(1) + ORDINAL if ordinal else _SPANISH.get(word, word)


def _counted(words: list[str]) -> list[str]:
    """With each run of numbers said in words, or "12 hundred", as one number."""
    found: list[str] = []
    run: list[str] = []
    for word in [*words, ""]:
        if _counts(word) or (word.isdigit() and not run) or (word == "and" and _goes_on(run)):
            run.append(word)
            continue
        found += _as_number(run)
        run = []
        found.append(word)
    return [each for each in found if each]


def _counts(word: str) -> bool:
    return word in _ONES or word in _TENS or word in _HUNDREDS or word in _TIMES


def _goes_on(run: list[str]) -> bool:
    return bool(run) and run[-1] in _TIMES


def _as_number(run: list[str]) -> list[str]:
    trailing = []
    while run and run[-1] == "and":  # "two hundred and Speedway": a crossing
        trailing.append(run[-1])
        run = run[:-1]
    if not run:
        return trailing
    if len(run) == 1 and run[0].isdigit():
        return [*run, *trailing]
    number = _sum(_by_digits(run))
    if number is None:
        return [*run, *trailing]
    return [f"{number}{ORDINAL if run[-1] in _ROWS else ''}", *trailing]


def _sum(run: list[str]) -> int | None:
    """The number that is said; None where it may be two: "twelve five" is 125 or 1205."""
    whole, part = 0, 0
    for word in run:
        if word in _TIMES and word != "hundred":
            whole, part = (whole + (part or 1) * _TIMES[word]), 0
        elif word == "hundred":
            part = (part or 1) * 100
        elif word != "and":
            value = _ONES.get(word) or _TENS.get(word) or _HUNDREDS.get(word) or int(word)
            if value < TEN and (part % TEN or part == TEN):
                return None  # after "two" or "twelve" comes no digit
            part = _next(part, value)
    return whole + part


def _by_digits(run: list[str]) -> list[str]:
    """Digits said one after another at the beginning, as one: "nine one one" is 911, "one two hundred" 1200."""
    said = list(takewhile(lambda word: 0 < _ONES.get(word, 0) < TEN and word not in _ROWS, run))
    if len(said) < FEWEST:
        return run
    return ["".join(str(_ONES[word]) for word in said), *run[len(said) :]]


def _next(part: int, value: int) -> int:
    """As house numbers are said: "twelve forty" is 1240; "twenty two" is 22."""
    if 0 < part < HUNDRED and value >= TEN:
        return part * HUNDRED + value
    return part + value
