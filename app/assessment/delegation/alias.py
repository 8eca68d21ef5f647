"""What may stand for a person receiving care: a made-up word with a number, such as "Maple 14". Pure.

Initials are refused: with a task and a carer beside them, few people in a small town have them. A word alone is refused
because it may be a name. A program cannot know every name, so the form says what an alias is before it is typed; here
is refused what looks like a name, a birthday, an address, or a number that leads to somebody.

A name with a number, "Smith 4", cannot be refused without refusing good ones. Names of staff and common names are the
words people make up too (Rose, Heather, Ash, Hill, Brown); a list of what is nothing but a name knows Smith and not
Okafor, and would be taken for a check; and an alias that was good would be refused on renewal once a Rose began to
work there, so that the newer paper would stand beside the older and not in its place. So the form says it instead.
"""

from __future__ import annotations

import re

LONGEST_ALIAS = 20
USE = "Use a made-up word and a number that only your team knows, such as Maple 14 or Blue 7."

_MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = re.compile(
    rf"\d{{1,4}}[/.\-]\d{{1,2}}[/.\-]\d{{1,4}}|\b\d{{1,2}} \d{{1,2}} \d{{2,4}}\b|\d(?:st|nd|rd|th)?[ \-]?{_MONTHS}\b"
    rf"|\b{_MONTHS}[ \-]?\d|^\d{{6}}$|^\d{{8}}$|(?<!\d)(?:19|20)\d\d(?!\d)",
    re.IGNORECASE,
)
_TEN_DIGITS = re.compile(r"(?<!\d)\d{3}[ \-]?\d{3}[ \-]?\d{4}(?!\d)")
# No postcode ends in a letter that looks like another when written by hand, so "B12 1ml" is none.
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE)
_DISTRICT = re.compile(r"^[A-Z]{1,2}[ \-]?\d{1,2}[A-Z]?$", re.IGNORECASE)
_PLACE = re.compile(
    r"\b(?:flat|house|home|room|road|rd|street|st|lane|ln|avenue|ave|close|drive|court|crescent|gardens|terrace|place"
    r"|way|floor|unit|number|no|apartment|apt|suite|bungalow|villa|block)\b",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"^(?:mr|mrs|ms|miss|mx|dr|sir|dame|lord|lady|rev|prof|master|madam)\b"
    r"|^(?:Mr|Mrs|Ms|Miss|Mx|Dr)(?=[A-Z])",
    re.IGNORECASE,
)
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|MR|MRS|MISS)\.? ?[A-Z]")
_CODE = re.compile(r"[^\W\d_]{3,}[ \-]?\d{1,4}")
_BORN = re.compile(r"\b\d{1,2}[/.\- ](?:\d{1,2}|[A-Za-z]{3,9})[/.\- ](?:19\d\d)\b")


def why_not_alias(alias: str) -> str:
    """Say why this may not stand for a person receiving care, and what to do; empty when it may."""
    text = " ".join(alias.split())
    if not text:
        return f"Type what stands for the person. {USE}"
    if _TEN_DIGITS.search(text):
        return f"This looks like an NHS number or a telephone number. {USE}"
    if _TITLE.search(text):
        return f"This looks like a title with a name. {USE}"
    if _DATE.search(text):
        return f"This looks like a date or a year of birth. {USE}"
    if _POSTCODE.search(text) or _DISTRICT.search(text):
        return f"This looks like a postcode, or a part of one. {USE}"
    if _PLACE.search(text):
        return f"This looks like an address. {USE}"
    if len(text) > LONGEST_ALIAS:
        return f"Use at most {LONGEST_ALIAS} letters. {USE}"
    if _CODE.fullmatch(text):
        return ""
    words = re.findall(r"[^\W\d_]+", text)
    if len(words) == 1 and len(words[0]) <= 3:
        return f"Initials can give somebody away. {USE}"
    return f"This may be a name. {USE}"


def why_not_words(words: str) -> str:
    """Say why words for a task, its limits or a reason name somebody receiving care; empty when they do not.

    A telephone number may stand there: only ten digits that pass the NHS number's own check are refused.
    """
    if any(_is_nhs(found) for found in _TEN_DIGITS.findall(words)):
        return "This has an NHS number in it. Take it out: the alias is enough."
    if _POSTCODE.search(words):
        return "This has a postcode in it. Take it out: the alias is enough."
    if _BORN.search(words):
        return "This has a date of birth in it. Take it out: the alias is enough."
    if _TITLED.search(words):
        return "This has a name in it. Take it out: write the alias, or what they are to the person."
    return ""


def _is_nhs(text: str) -> bool:
    """The check digit of an NHS number: weights 10 to 2, modulus 11 (NHS Data Dictionary, NHS NUMBER)."""
    digits = [int(each) for each in text if each.isdigit()]
    check = 11 - sum(digit * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return check != 10 and check % 11 == digits[9]
