"""Logos for the covers of reports in tests."""

import io

from PIL import Image, ImageDraw


def drawn(colour: str, size: tuple[int, int] = (600, 200)) -> bytes:
    """A logo as it is sent: an oval of that colour on nothing."""
    picture = Image.new("RGBA", size)
    ImageDraw.Draw(picture).ellipse((4, 4, size[0] - 4, size[1] - 4), fill=colour)
    into = io.BytesIO()
    picture.save(into, "PNG")
    return into.getvalue()
