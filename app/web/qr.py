"""An address as a QR code, drawn as SVG: dark on light in every colour scheme, because cameras need it so."""

import segno
from markupsafe import Markup

QUIET = 4  # modules of white around the code, as the standard asks


def qr(text: str) -> Markup:
    """The code as an `<svg>` that takes the size of what it stands in. It is as large a picture as text allows."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(
        border=QUIET, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )
    # Made of numbers alone: nothing of the text stands in the drawing as text.
    return Markup(drawn)  # noqa: S704
