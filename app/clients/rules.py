"""What names, functions, headcounts and time zones may be; sentences for what they may not."""

import difflib
import functools
import re
import zoneinfo

from app.clients.functions import FUNCTIONS, SYNONYMS
from app.numerals import whole
from app.sentences import say

LONGEST_NAME = 120
LONGEST_SHORT_NAME = 60
LARGEST_HEADCOUNT = 1_000_000
WOULD_BE_TOO_MANY = say("There would be more than {most} departments, and that is the most.")

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


@functools.cache
def time_zones() -> tuple[str, ...]:
    """The time zones that an organisation can have: places, and UTC."""
    places = {
        zone
        for zone in zoneinfo.available_timezones()
        if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/", "posix/", "right/"))
    }
    return (*sorted(places), "UTC")


def about_name(name: str, example: str = "Accounts payable") -> str | None:
    """What is wrong with a name; None when it will do."""
    if not name:
        return say("Give a name, for example {example}.", example=example)
    if len(name) > LONGEST_NAME:
        return say("The name has {count} characters. Use at most {longest}.", count=len(name), longest=LONGEST_NAME)
    if not name.isprintable():
        return say("The name has a line break or another invisible character in it. Type it again.")
    if re.search(r"\s/\s", f" {name} "):
        return say("A name can't have a slash between spaces: that separates a parent from what lies below it.")
    return None


def about_short_name(what: str, name: str) -> str | None:
    """What is wrong with the name of a pool or a site, which `what` says; None when it will do."""
    if len(name) > LONGEST_SHORT_NAME:
        return say(
            "The name of the {what} has {count} characters. Use at most {longest}.",
            what=what,
            count=len(name),
            longest=LONGEST_SHORT_NAME,
        )
    if not name.isprintable():
        return say(
            "The name of the {what} has a line break or another invisible character in it. Type it again.", what=what
        )
    return None


def about_function(function: str) -> str | None:
    """What is wrong with a function's key; None when it is one."""
    return None if function in FUNCTIONS else say("Choose one of the functions.")


def about_headcount(headcount: int) -> str | None:
    """What is wrong with a headcount; None when it will do."""
    if 0 <= headcount <= LARGEST_HEADCOUNT:
        return None
    return say(
        "{headcount} is not a headcount. Give a whole number from 0 to {largest}.",
        headcount=headcount,
        largest=LARGEST_HEADCOUNT,
    )


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
    return whole(digits, most=LARGEST_HEADCOUNT)
