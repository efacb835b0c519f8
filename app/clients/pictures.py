"""A logo as it was sent, made into clean pictures: read, looked at, and drawn anew, so that only its pixels are kept.

What a file says beside its pixels (where a photograph was taken, a profile, a program) is left behind. Pillow is
imported when the first logo is sent: most web processes never need it.
"""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.errors import InvalidError
from app.sentences import say

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS: Final = ("PNG", "JPEG", "WEBP")
MOST_PIXELS: Final = 16_000_000
SMALLEST: Final = 24
LARGE: Final = (1200, 480)
# Stands on the first page of a survey, whose first visit weighs less than 40 KB: 4 KB are 5.4 as a part of the page.
SMALL: Final = ((320, 96), (240, 72), (160, 48), (120, 36))
COLOURS: Final = (128, 48, 16)
LIGHTEST: Final = 4096
# Of 255: what is seen at all, and grey that has less than 1.7 to 1 of contrast with white.
FULL, HALF, LIGHT = 255, 128, 200
NEARLY_ALL: Final = 0.9

ANY_OTHER: Final = say(
    "This file is no PNG, JPEG or WebP picture that can be read. Save the logo as PNG and send that."
)
DRAWN: Final = say("An SVG file can carry a program, so it is not taken. Save the logo as PNG and send that.")


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG with its size in pixels."""

    png: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo as it is kept: large for paper, small for pages that have to be light."""

    large: Picture
    small: Picture


def make_logo(sent: bytes) -> Logo:
    """The logo of a file; InvalidError, field `logo`, with what is wrong with it and what to do.

    Of a moving picture it is the first one; empty margins are cut off.
    """
    from PIL import Image, ImageFile, ImageOps

    if _is_drawn(sent):
        raise _refused(DRAWN)
    # WeasyPrint has Pillow fill up pictures that were cut off, in every process that loads it.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(io.BytesIO(sent), formats=FORMATS) as found:
            _require_size(*found.size)
            picture = ImageOps.exif_transpose(found).convert("RGBA")
    except InvalidError:
        raise
    except Exception as error:
        # Pillow raises what it meets in a file that is cut off, forged or far too large: OSError, ValueError,
        # SyntaxError, struct.error, its own warning of a bomb. None of them is a fault of ours.
        raise _refused(ANY_OTHER) from error
    shown = picture.getchannel("A").getbbox()
    if shown is None:
        raise _refused(say("Nothing can be seen in this picture: all of it is transparent. Send another one."))
    picture = picture.crop(shown)
    if max(picture.size) < SMALLEST:
        raise _refused(_too_small(*picture.size))
    return Logo(_picture(_fitting(picture, LARGE)), _light(picture))


def is_pale(picture: Picture) -> bool:
    """Whether a logo without a ground of its own would vanish on paper: nearly all that can be seen of it is light."""
    from PIL import Image

    with Image.open(io.BytesIO(picture.png)) as found:
        drawn = found.convert("RGBA")
    seen = drawn.getchannel("A")
    if seen.getextrema()[0] == FULL:
        return False
    counts = drawn.convert("L").histogram(seen.point([FULL if level >= HALF else 0 for level in range(FULL + 1)]))
    return sum(counts[LIGHT:]) >= NEARLY_ALL * sum(counts)


def _is_drawn(sent: bytes) -> bool:
    beginning = sent[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return beginning.startswith((b"<svg", b"<?xml", b"<!doctype svg")) or b"<svg" in beginning


def _require_size(width: int, height: int) -> None:
    """Refuses, before a pixel is unpacked, what would be far too many of them."""
    if width * height > MOST_PIXELS:
        raise _refused(
            say(
                "The picture has {width} by {height} pixels, and 16 million are the most. Save it smaller, for example "
                "1200 pixels wide.",
                width=width,
                height=height,
            )
        )


def _too_small(width: int, height: int) -> str:
    return say(
        "The picture is only {width} by {height} pixels, too small to be seen. Send one that is larger, for example "
        "1200 pixels wide.",
        width=width,
        height=height,
    )


def _refused(sentence: str) -> InvalidError:
    return InvalidError(sentence, fields={"logo": sentence})


def _fitting(picture: "Image", box: tuple[int, int]) -> "Image":
    """The picture no larger than the box, with the same shape."""
    made = picture.copy()
    made.thumbnail(box)
    return made


def _light(picture: "Image") -> Picture:
    """The largest small picture with the most colours that is light enough; the smallest of them where none is."""
    tried = (_picture(_fitting(picture, box).quantize(count, method=2)) for box in SMALL for count in COLOURS)
    made = next(tried)
    while len(made.png) > LIGHTEST and (another := next(tried, None)) is not None:
        made = another
    return made


def _picture(picture: "Image") -> Picture:
    into = io.BytesIO()
    picture.save(into, "PNG", optimize=True)
    return Picture(into.getvalue(), *picture.size)
