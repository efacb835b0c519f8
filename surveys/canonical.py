"""The one form of a questionnaire whose SHA-256 is its identity, and back from it (measurement design, 3.14)."""

import hashlib
import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Literal, Union, get_args, get_origin, get_type_hints

from surveys.model import FUNCTIONS, PAGE_TEXTS, Instrument
from surveys.reader import InstrumentError


def canonical(instrument: Instrument) -> bytes:
    """The questionnaire without its hash as JSON in one fixed form: sorted keys, no spaces, UTF-8.

    A field that has its default is left out, so that a field added to the model later does not change the hash of
    questionnaires that were published before it existed.
    """
    return told(_plain(replace(instrument, sha256="")))


def told(plain: object) -> bytes:
    """Any plain data as JSON in that fixed form."""
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def hashed(instrument: Instrument) -> Instrument:
    """The questionnaire with the hash of its contents."""
    return replace(instrument, sha256=hashlib.sha256(canonical(instrument)).hexdigest())


def restore(data: bytes) -> Instrument:
    """The questionnaire of a canonical form, equal to the one it was made of. InstrumentError when it is not one.

    What a file of an author may hold is not checked again: `surveys.parse` does that.
    """
    try:
        made = _made(Instrument, {**json.loads(data), "sha256": ""})
        assert isinstance(made, Instrument)
        instrument = hashed(_in_order(made))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise InstrumentError("This is not the canonical form of a questionnaire.") from None
    if canonical(instrument) != data:
        raise InstrumentError(
            "This is not the canonical form of a questionnaire: it has other fields or another order."
        )
    return instrument


def _plain(value: object) -> object:
    if is_dataclass(value):
        given = {f.name: (getattr(value, f.name), f.default) for f in fields(value) if f.init and f.name != "sha256"}
        return {name: _plain(v) for name, (v, default) in given.items() if default is MISSING or v != default}
    if isinstance(value, Mapping):
        return {key: _plain(v) for key, v in value.items()}
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value


def _made(kind: object, value: object) -> object:
    """The value of that annotation: a dataclass, a mapping, a tuple, an optional, a literal or a plain type."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return None if value is None else _made(inner[0], value)
    if origin is Mapping and isinstance(value, dict):
        return MappingProxyType({key: _made(inner[1], one) for key, one in value.items()})
    if origin is tuple and isinstance(value, list):
        return tuple(_made(inner[0], one) for one in value)
    if origin is Literal and value in inner:
        return value
    if isinstance(kind, type) and is_dataclass(kind) and isinstance(value, dict):
        known = _annotations(kind)
        return kind(**{name: _made(known[name], one) for name, one in value.items()})
    if isinstance(kind, type) and type(value) is kind:
        return value
    raise TypeError(f"{kind} was expected")


@cache
def _annotations(kind: type) -> Mapping[str, object]:
    return get_type_hints(kind)


def _in_order(instrument: Instrument) -> Instrument:
    """Sorted keys lose the order of the mappings: that of functions is fixed, and modules come as functions do."""
    functions = {name: instrument.functions[name] for name in FUNCTIONS}
    modules = dict.fromkeys(module for module in functions.values() if module is not None)
    return replace(
        instrument,
        functions=MappingProxyType(functions),
        modules=MappingProxyType({name: instrument.modules[name] for name in modules}),
        page_texts=MappingProxyType(
            {name: instrument.page_texts[name] for name in PAGE_TEXTS if name in instrument.page_texts}
        ),
    )
