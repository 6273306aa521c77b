"""What is wrong in a file, in words of our own: whoever writes files knows no library of schemas."""

from collections.abc import Mapping
from typing import Any

_LIST = "this is a list: [one, another]"
_NAMED = "this is names with values: {name: value}"
_NUMBER = "this is a whole number"
_WORDS = {
    "extra_forbidden": "nothing is called that here",
    "missing": "this is missing",
    "enum": "this is {expected}",
    "literal_error": "this is {expected}",
    "string_type": "this is text: put it in quotation marks",
    "string_pattern_mismatch": "this is not written as it must be: {pattern}",
    "string_too_short": "this has at least {min_length} characters",
    "string_too_long": "this has at most {max_length} characters",
    "tuple_type": _LIST,
    "list_type": _LIST,
    "frozen_set_type": _LIST,
    "too_short": "there are at least {min_length} of these",
    "too_long": "there are at most {max_length} of these",
    "dict_type": _NAMED,
    "model_type": _NAMED,
    "model_attributes_type": _NAMED,
    "bool_type": "this is true or false",
    "int_type": _NUMBER,
    "int_parsing": _NUMBER,
    "int_from_float": _NUMBER,
    "float_type": "this is a number",
    "float_parsing": "this is a number",
    "greater_than_equal": "this is at least {ge}",
    "greater_than": "this is more than {gt}",
    "less_than_equal": "this is at most {le}",
    "less_than": "this is less than {lt}",
    "date_type": "this is a date: 2026-11-30",
    "date_from_datetime_parsing": "this is a date: 2026-11-30",
}


def in_words(error: Mapping[str, Any]) -> str:
    """One error of pydantic's. A check of our own has its own words; of a sort that is not here, the library's."""
    said = _WORDS.get(error["type"])
    if said is None:
        return str(error["msg"]).removeprefix("Value error, ")
    values = error.get("ctx", {})
    for name, value in values.items():
        said = said.replace(f"{{{name}}}", str(value))
    return said
