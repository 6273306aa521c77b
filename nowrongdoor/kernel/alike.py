"""Whether two telephone numbers, or two places, are one: written by different hands, in different systems.

Source: sources, "One number, one place".
"""

import re
import unicodedata
from collections.abc import Mapping
from enum import IntEnum
from itertools import product

from nowrongdoor.kernel.text import folded

_GAP = r"[^\w;,]{0,3}"  # what stands between the groups of one number; no sign that parts two
_WHOLE = re.compile(rf"(?<!\d)(?:(?:00)?1{_GAP})?(\d{{3}}){_GAP}(\d{{3}}){_GAP}(\d{{4}})(?!\d)")
_NO_AREA = re.compile(rf"(?<!\d)(\d{{3}}){_GAP}(\d{{4}})(?!\d)")
_EXTENSION = re.compile(r"(?:\b|(?<=\d))(?:ext(?:ension)?|x|#)[\s.:]*\d+")
_SHORT = 7

_PLAIN_WORDS = """
alley aly|allee ally; annex anx; arcade arc; avenue ave|av aven avenu avn; bayou byu; beach bch; bend bnd; bluff blf;
bottom btm; boulevard blvd|boul boulv; branch br; bridge brg; brook brk; bypass byp; camp cp; canyon cyn|canyn cnyn;
cape cpe; causeway cswy; center ctr|cen cent centr centre cntr; circle cir|circ circl crcl; cliff clf; club clb;
common cmn; corner cor; course crse; court ct|crt; cove cv; creek crk; crescent cres|crsent; crest crst;
crossing xing|crssng; crossroad xrd; curve curv; dale dl; dam dm; divide dv; drive dr|driv drv; estate est; estates ests;
expressway expy|exp expr express expw; extension ext; falls fls; ferry fry; field fld; flat flt; ford frd; forest frst;
forge frg; fork frk; fort ft|frt; freeway fwy|freewy frway frwy; garden gdn; gardens gdns; gateway gtwy; glen gln;
green grn; grove grv|grov; harbor hbr|harb harbr; haven hvn; heights hts|ht; highway hwy|highwy hiway hiwy hway;
hill hl; hills hls; hollow holw; inlet inlt; island is|islnd; junction jct|jction jctn junctn; key ky; knoll knl;
lake lk; lakes lks; landing lndg; lane ln; light lgt; loaf lf; lock lck; lodge ldg; manor mnr; meadow mdw; meadows mdws;
mill ml; mission msn; motorway mtwy; mount mt; mountain mtn; neck nck; orchard orch; overpass opas; parkway pkwy|parkwy pky;
passage psge; pine pne; place pl; plain pln; plaza plz|plza; point pt; port prt; prairie pr; radial radl; ranch rnch;
rapid rpd; rest rst; ridge rdg; river riv|rvr; road rd; route rte; shoal shl; shore shr; skyway skwy;
spring spg; springs spgs; square sq|sqr sqre squ; station sta; stravenue stra; stream strm; street st|str strt; summit smt;
terrace ter|terr; throughway trwy; trace trce; track trak; trafficway trfy; trail trl; tunnel tunl; turnpike tpke;
underpass upas; union un; valley vly; viaduct via; view vw; village vlg; ville vl; vista vis; way wy; well wl;
apartment apt; building bldg; floor fl; room rm; suite ste; trailer trlr;
north n|no; east e; south s|so; west w; northeast ne; northwest nw; southeast se; southwest sw
"""


def _words(table: str) -> Mapping[str, str]:
    """Each way to write a word, with the short one."""
    found: dict[str, str] = {}
    for row in table.replace("\n", " ").split(";"):
        usual, _bar, others = row.partition("|")
        long, short = usual.split()
        found |= dict.fromkeys([long, short, *others.split()], short)
    return found


_SHORT_WORDS = _words(_PLAIN_WORDS)
_WRITINGS = {
    short: frozenset(word for word, its in _SHORT_WORDS.items() if its == short)
    for short in _SHORT_WORDS.values()
}
_SIGNS = {"&": " and ", "/": " and ", "@": " and ", "#": " apt ", "'": "", "’": ""}
_DIRECTIONS = re.compile(r"\b([ns]) ([ew])\b")


class Likeness(IntEnum):
    OTHER = 0
    MAYBE = 1  # as far as it was written: one of them gives no area
    SAME = 2


def numbers_alike(one: str, other: str) -> Likeness:
    """How alike two texts with telephone numbers are: any number of one beside any of the other."""
    pairs = product(numbers_in(one), numbers_in(other))
    return max((_alike(*pair) for pair in pairs), default=Likeness.OTHER)


def numbers_in(text: str) -> frozenset[str]:
    """Ten digits of each number; seven of one without an area; of what is neither, all there are."""
    said = _EXTENSION.sub(" ", digits(folded(text)))
    whole = {"".join(found) for found in _WHOLE.findall(said)}
    short = {"".join(found) for found in _NO_AREA.findall(_WHOLE.sub(";", said))}
    if found := whole | short:
        return frozenset(found)
    all_digits = re.sub(r"\D", "", said)
    return frozenset({all_digits} if len(all_digits) >= _SHORT else ())


def same_place(one: str, other: str) -> bool:
    """Whether two places are written of one: capitals, dots and how a street's words are shortened aside.

    Two that are not known are not the same.
    """
    place = written_shortly(one)
    return place != "" and place == written_shortly(other)


def written_shortly(place: str) -> str:
    """A place in small letters, with the short form of each word of a street."""
    text = folded(place)
    for sign, word in _SIGNS.items():
        text = text.replace(sign, word)
    words = re.sub(r"[\W_]+", " ", text).split()
    return _DIRECTIONS.sub(r"\1\2", " ".join(_SHORT_WORDS.get(each, each) for each in words))


def writings(word: str) -> frozenset[str]:
    """Every way to write a word of a street, the word itself among them; empty for any other word."""
    return _WRITINGS.get(_SHORT_WORDS.get(word, ""), frozenset())


def digits(text: str) -> str:
    """The same text with the digits of every script as ours."""
    return "".join(_digit(char) for char in text)


def _digit(char: str) -> str:
    return str(unicodedata.digit(char)) if char.isdigit() else char


def _alike(one: str, other: str) -> Likeness:
    if _SHORT in (len(one), len(other)):
        return Likeness.MAYBE if one[-_SHORT:] == other[-_SHORT:] else Likeness.OTHER
    return Likeness.SAME if one == other else Likeness.OTHER
