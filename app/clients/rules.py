"""What the names, functions and headcounts of departments may be; sentences for what they may not."""

import difflib
import re

from app.clients.functions import FUNCTIONS, SYNONYMS

LONGEST_NAME = 120
LONGEST_SHORT_NAME = 60
LARGEST_HEADCOUNT = 1_000_000

# White space that people and spreadsheets put between thousands.
_SPACES = re.compile(r"[\s\u00a0\u2009\u202f]")
_WORDS = {
    **{key.replace("_", " "): key for key in FUNCTIONS},
    **{label.casefold(): key for key, label in FUNCTIONS.items()},
    **SYNONYMS,
}


def fold(text: str) -> str:
    """A name as it is compared: upper and lower case and runs of white space make no difference."""
    return " ".join(text.split()).casefold()


def about_name(name: str, example: str = "Accounts payable") -> str | None:
    """What is wrong with a name; None when it will do."""
    if not name:
        return f"Give a name, for example {example}."
    if len(name) > LONGEST_NAME:
        return f"The name has {len(name)} characters. Use at most {LONGEST_NAME}."
    if not name.isprintable():
        return "The name has a line break or another invisible character in it. Type it again."
    if re.search(r"\s/\s", f" {name} "):
        return "A name can't have a slash between spaces: that separates a parent from what lies below it."
    return None


def about_short_name(what: str, name: str) -> str | None:
    """What is wrong with the name of a pool or a site, which `what` says; None when it will do."""
    if len(name) > LONGEST_SHORT_NAME:
        return f"The name of the {what} has {len(name)} characters. Use at most {LONGEST_SHORT_NAME}."
    if not name.isprintable():
        return f"The name of the {what} has a line break or another invisible character in it. Type it again."
    return None


def about_function(function: str) -> str | None:
    """What is wrong with a function's key; None when it is one."""
    return None if function in FUNCTIONS else "Choose one of the functions."


def about_headcount(headcount: int) -> str | None:
    """What is wrong with a headcount; None when it will do."""
    if 0 <= headcount <= LARGEST_HEADCOUNT:
        return None
    return f"{headcount} is not a headcount. Give a whole number from 0 to {LARGEST_HEADCOUNT:,}."


def read_function(text: str) -> str | None:
    """The key of a function written as people write it; None for an unknown one."""
    return _WORDS.get(" ".join(text.replace("_", " ").casefold().split()))


def nearest_function(text: str) -> str | None:
    """The function whose name is nearest to a text, as people write it."""
    near = difflib.get_close_matches(text.replace("_", " ").casefold(), _WORDS, n=1, cutoff=0.6)
    return FUNCTIONS[_WORDS[near[0]]].lower() if near else None


def read_headcount(text: str) -> int | None:
    """A whole number of people, white space between thousands allowed; None for anything else."""
    digits = _SPACES.sub("", text)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
        return None
    return int(digits) if int(digits) <= LARGEST_HEADCOUNT else None
