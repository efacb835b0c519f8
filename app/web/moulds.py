"""Pages that are the same for many people but for a few places: rendered and packed once, and put together each time.

A view says which of its fields are one person's (`own_fields`), which hold things that many pages show
(`piece_fields`), and when it is such a page (`is_common`). The template is rendered once with a mark in each of these
places and cut there; its pieces are packed once too. What is one person's is never kept and never packed.
"""

import re
import secrets
import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from jinja2 import Environment
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

MOST_MOULDS = 1000  # about five kilobytes each
MOST_PIECES = 5000  # about one
BEST: Final = 9
RAW: Final = -zlib.MAX_WBITS
GZIP_BEGINS: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
GZIP_ENDS: Final = b"\x03\x00"  # an empty last block, before checksum and length
LONGEST_LOOSE: Final = 0xFFFF


class Page(Protocol):
    """What a mould needs to know of a view."""

    @property
    def template(self) -> str:
        """The name of the template, `<room>/<page>.html`."""
        ...

    @property
    def own_fields(self) -> tuple[str, ...]:
        """The fields that are one person's, printed as they are."""
        ...

    @property
    def piece_fields(self) -> Mapping[str, tuple[str, str]]:
        """The fields that hold things which many pages show, with the template and the macro that show each."""
        ...


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a page: its bytes, and the same as blocks of DEFLATE that need nothing of what came before."""

    plain: bytes
    packed: bytes


@dataclass(frozen=True, slots=True)
class Hole:
    """Stands in a template for a thing that many pages show; `once` prints its mark."""

    mark: str


def packed(text: str) -> Segment:
    """A stretch that will be sent often."""
    plain, packer = text.encode(), zlib.compressobj(BEST, zlib.DEFLATED, RAW)
    return Segment(plain, packer.compress(plain) + packer.flush(zlib.Z_FULL_FLUSH))


def loose(text: str) -> Segment:
    """A short stretch that will be sent once: a stored block."""
    plain = text.encode()
    assert len(plain) <= LONGEST_LOOSE
    return Segment(plain, struct.pack("<BHH", 0, len(plain), LONGEST_LOOSE ^ len(plain)) + plain)


class MadeOfSegments(HTMLResponse):
    """A page whose stretches are packed already."""

    def __init__(self, segments: Sequence[Segment], *, status_code: int, headers: Mapping[str, str]) -> None:
        self.segments = segments
        super().__init__(b"".join([one.plain for one in segments]), status_code=status_code, headers=headers)

    def gzip(self) -> bytes:
        """The page as gzip (RFC 1952)."""
        body = bytes(self.body)
        end = struct.pack("<LL", zlib.crc32(body), len(body) & 0xFFFFFFFF)
        return b"".join([GZIP_BEGINS, *[one.packed for one in self.segments], GZIP_ENDS, end])


class Moulds:
    """The moulds of all pages in all languages that were asked for; each is made when it is first needed."""

    def __init__(self) -> None:
        self._moulds: dict[tuple[object, ...], tuple[Segment | str, ...]] = {}
        self._pieces: dict[tuple[object, ...], Segment] = {}

    # Any: the fields of views have no common type.
    def cast(self, page: Page, values: Mapping[str, Any], environment: Environment, tag: str) -> list[Segment]:
        """A page in the language of an environment. `values`: the fields of the view, and what all pages are told."""
        common = dict(values)
        fills: dict[str, Sequence[Segment]] = {name: (loose(escape(common.pop(name))),) for name in page.own_fields}
        for name, (template, macro) in page.piece_fields.items():
            things = common.pop(name)
            fills[name] = [self._piece((tag, template, macro, one), environment) for one in things]
        key = (page.template, tag, *common.values())
        mould = self._moulds.get(key)
        if mould is None:
            if len(self._moulds) >= MOST_MOULDS:
                self._moulds.clear()
            mould = self._moulds[key] = _mould(page, environment, common)
        made: list[Segment] = []
        for one in mould:
            if isinstance(one, str):
                made += fills[one]
            else:
                made.append(one)
        return made

    def _piece(self, key: tuple[object, ...], environment: Environment) -> Segment:
        made = self._pieces.get(key)
        if made is None:
            if len(self._pieces) >= MOST_PIECES:
                self._pieces.clear()
            _, template, macro, thing = key
            show: Callable[[object], Markup] = getattr(environment.get_template(str(template)).module, str(macro))
            made = self._pieces[key] = packed(show(thing))
        return made


def _mould(page: Page, environment: Environment, common: Mapping[str, object]) -> tuple[Segment | str, ...]:
    """The page cut at its holes: stretches, and the names of fields that come between them."""
    marks = {f"m{secrets.token_hex(16)}m": name for name in (*page.own_fields, *page.piece_fields)}
    own = {name: mark for mark, name in marks.items() if name in page.own_fields}
    pieces = {name: (Hole(mark),) for mark, name in marks.items() if name in page.piece_fields}
    whole = environment.get_template(page.template).render(**common, **own, **pieces)
    cut = re.split(f"({'|'.join(marks)})", whole)
    return tuple(marks.get(one) or packed(one) for one in cut if one)
