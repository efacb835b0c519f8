"""Documents as canonical JSON: keys sorted, no spaces, letters as they are, dataclasses by their fields."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from json.encoder import encode_basestring
from operator import attrgetter
from types import NoneType
from typing import Any, Final

_SHORT: Final = 100
"""Texts up to this length are kept: of shares and reasons there are few hundred, and many cells hold the same ones."""

_Write = Callable[[Any], str]  # Any: each kind of value has a function of its own


def canonical(document: object) -> str:
    """The text of dataclasses, dicts by words, tuples and lists of words, numbers and None, inside each other.

    It is what `json.dumps` gives of the same as plain dicts and lists with sorted keys, in half of the time. ValueError
    for NaN and infinity, TypeError for any other value.
    """
    return _Writers()[type(document)](document)


def around(document: object, gap: str) -> tuple[str, str]:
    """What `canonical` writes of a dataclass before and after the value of one of its fields."""
    writers = _Writers()
    names = sorted(one.name for one in fields(document))  # type: ignore[arg-type]  # any dataclass
    place = names.index(gap)
    lines = [
        f"{encode_basestring(name)}:{writers[type(one := getattr(document, name))](one)}"
        for name in names
        if name != gap
    ]
    before, after = "".join([f"{line}," for line in lines[:place]]), "".join([f",{line}" for line in lines[place:]])
    return f"{{{before}{encode_basestring(gap)}:", f"{after}}}"


class _Writers(dict[type, _Write]):
    """How each kind of value is written; of dataclasses that is found out when the first one comes."""

    def __init__(self) -> None:
        # By identity: what is written lives as long as the document does.
        self._written: dict[int, str] = {}
        self.update({str: encode_basestring, int: int.__repr__, float: _float, NoneType: _none, bool: _bool})
        self.update({dict: self._dict, tuple: self._list, list: self._list})

    def __missing__(self, kind: type) -> _Write:
        if str in kind.__mro__:  # a sentence that can be said in other languages: a document holds the English one
            self[kind] = encode_basestring
            return encode_basestring
        if issubclass(kind, Mapping | tuple):  # what is read when it is asked for
            self[kind] = self._dict if issubclass(kind, Mapping) else self._list
            return self[kind]
        names = sorted(one.name for one in fields(kind))  # type: ignore[arg-type]  # whatever else is a dataclass
        written = self._written
        template = "{" + ",".join([f"{encode_basestring(name)}:%s" for name in names]) + "}"
        # More names than there are fields, because of one name it would not give a tuple.
        values = attrgetter(*names, "__class__", "__class__")

        def write(part: object) -> str:
            known = written.get(id(part))
            if known is not None:
                return known
            *inside, _, _ = values(part)
            found = template % tuple([self[type(one)](one) for one in inside])
            if len(found) <= _SHORT:
                written[id(part)] = found
            return found

        self[kind] = write
        return write

    def _dict(self, values: Mapping[str, object]) -> str:
        lines = [f"{encode_basestring(key)}:{self[type(values[key])](values[key])}" for key in sorted(values)]
        return "{" + ",".join(lines) + "}"

    def _list(self, values: Iterable[object]) -> str:
        return "[" + ",".join([self[type(one)](one) for one in values]) + "]"


def _none(_: None) -> str:
    return "null"


def _bool(value: bool) -> str:
    return "true" if value else "false"


def _float(value: float) -> str:
    return json.dumps(value, allow_nan=False)
