"""A client's colour and logo: readable wherever they stand, and of a file only its pixels."""

import base64
import io
import struct
import zlib
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFile
from PIL.PngImagePlugin import PngInfo

from app.clients.brand import badge, brand
from app.clients.colours import DARK_PAPER, PAPER, READABLE, colours, contrast, read_colour
from app.clients.pictures import LARGE, LIGHTEST, make_logo
from app.errors import InvalidError
from tests.cast import sign_in
from tests.thorough import examples

COLOUR = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def drawn(size=(600, 200), kind="PNG", mode="RGBA", **more):
    """A logo: a dark bar on nothing."""
    picture = Image.new(mode, size)
    ImageDraw.Draw(picture).rectangle((10, 10, size[0] - 10, size[1] - 10), fill="#204060")
    into = io.BytesIO()
    picture.save(into, kind, **more)
    return into.getvalue()


def refused(sent: bytes) -> str:
    with pytest.raises(InvalidError) as found:
        make_logo(sent)
    return found.value.fields["logo"]


@given(COLOUR)
@settings(max_examples=examples(200))
def test_text_on_any_colour_and_the_colour_as_text_can_be_read(chosen):
    made = colours(chosen)
    assert contrast(made.text, made.chosen) >= READABLE
    assert contrast(made.on_paper, PAPER) >= READABLE
    assert contrast(made.on_dark, DARK_PAPER) >= READABLE


def test_contrasts_are_those_of_the_guideline():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#123456", "#123456") == 1


def test_a_colour_that_can_be_read_stays_as_it_was_chosen():
    made = colours("#1f5a96")
    assert (made.chosen, made.text, made.on_paper) == ("#1f5a96", "#ffffff", "#1f5a96")
    assert made.on_dark != "#1f5a96"


@pytest.mark.parametrize("typed", ["#1f5a96", "1F5A96", " #1f5 A96 "])
def test_a_colour_is_read_as_people_write_it(typed):
    assert read_colour(typed) == "#1f5a96"
    assert read_colour("#15a") == "#1155aa"


@pytest.mark.parametrize("typed", ["", "red", "#12345", "#1f5a96;}", "url(x)", "#ＦＦＦＦＦＦ"])
def test_what_is_no_colour_is_none(typed):
    assert read_colour(typed) is None


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "RGB"), ("JPEG", "CMYK"), ("WEBP", "RGBA")]
)
def test_a_logo_becomes_a_png_in_two_sizes(kind, mode):
    made = make_logo(drawn((2400, 800), kind, mode))
    for picture in (made.large, made.small):
        with Image.open(io.BytesIO(picture.png)) as read:
            assert read.format == "PNG"
            assert read.size == (picture.width, picture.height)
    assert made.large.width <= LARGE[0]
    assert made.large.height <= LARGE[1]
    assert len(made.small.png) <= LIGHTEST


def test_a_small_logo_is_light_even_where_every_pixel_is_another():
    noise = Random(1).randbytes(700 * 300 * 3)
    into = io.BytesIO()
    Image.frombytes("RGB", (700, 300), noise).save(into, "PNG")
    small = make_logo(into.getvalue()).small
    assert len(small.png) <= LIGHTEST
    assert small.width >= 80


def test_margins_that_show_nothing_are_cut_off():
    made = make_logo(drawn())
    assert (made.large.width, made.large.height) == (581, 181)


def test_nothing_but_pixels_is_kept():
    info = PngInfo()
    info.add_text("Comment", "taken at home")
    info.add_itxt("XML:com.adobe.xmp", "<script>taken at home</script>")
    sent = drawn(pnginfo=info) + b"<script>alert(1)</script>"
    made = make_logo(sent)
    for picture in (made.large, made.small):
        assert b"taken at home" not in picture.png
        assert b"script" not in picture.png


def test_a_photograph_stands_as_it_was_held():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    made = make_logo(drawn((400, 100), "JPEG", "RGB", exif=exif))
    assert made.large.height > made.large.width


@pytest.mark.parametrize(
    "sent",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b'\xef\xbb\xbf  <?xml version="1.0"?>\n<!-- --><svg onload="alert(1)"/>',
        b"<!-- a drawing --><SVG></SVG>",
    ],
)
def test_a_drawing_that_can_carry_a_program_is_refused(sent):
    assert "SVG" in refused(sent)
    assert "PNG" in refused(sent)


@pytest.mark.parametrize(
    "sent", [b"", b"x", b"GIF89a" + b"\0" * 60, b"%PDF-1.7", b"PK\x03\x04", drawn()[:200], drawn(kind="WEBP")[:60]]
)
def test_what_is_no_picture_is_refused_with_what_to_do(sent, monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint leaves it
    assert "Save the logo as PNG" in refused(sent)


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says that it has very many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def test_a_picture_of_far_too_many_pixels_is_refused_before_it_is_unpacked():
    assert "6000 by 4000 pixels" in refused(bomb(6000, 4000))
    assert "Save the logo as PNG" in refused(bomb(60_000, 60_000))


def test_a_picture_that_shows_nothing_or_too_little_is_refused():
    empty = io.BytesIO()
    Image.new("RGBA", (200, 200)).save(empty, "PNG")
    assert "transparent" in refused(empty.getvalue())
    assert "only 21 by 9 pixels" in refused(drawn((40, 28)))


def send(client, cast, sent: bytes, seen: str = ""):
    files = {"logo": ("logo.png", sent, "image/png")}
    return client.post(f"/organisations/{cast.organisation}/logo", data={"seen": seen}, files=files)


@pytest.mark.both
def test_an_owner_puts_a_logo_that_members_see(client, cast, database):
    sign_in(client, "Ada")
    address = f"/organisations/{cast.organisation}/logo.png"
    assert client.get(address).status_code == 404
    assert send(client, cast, drawn()).status_code == 303
    answer = client.get(address)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert client.get(address, headers={"if-none-match": answer.headers["etag"]}).status_code == 304
    with database.reading() as session:
        large, small = brand(session, cast.organisation), badge(session, cast.organisation)
    assert large.logo is not None
    assert large.logo.png == answer.content
    assert large.colours is None
    assert base64.b64decode(small.logo.partition(",")[2]).startswith(b"\x89PNG")
    assert small.width > small.height > 0
    page = client.get(f"/organisations/{cast.organisation}").text
    assert small.logo in page
    assert "Changed the logo" in client.get(f"/organisations/{cast.organisation}/log").text


def test_strangers_see_no_logo(client, cast):
    sign_in(client, "Ada")
    send(client, cast, drawn())
    sign_in(client, "Ben")
    assert client.get(f"/organisations/{cast.organisation}/logo.png").status_code == 404
    assert send(client, cast, drawn()).status_code == 404


def test_a_refused_logo_leaves_the_one_that_was_there(client, cast, database):
    sign_in(client, "Ada")
    send(client, cast, drawn())
    with database.reading() as session:
        before = brand(session, cast.organisation)
    answer = send(client, cast, b"<svg><script>alert(1)</script></svg>")
    assert answer.status_code == 422
    assert "An SVG file can carry a program" in answer.text
    assert "Choose a file first" in client.post(f"/organisations/{cast.organisation}/logo", data={}).text
    with database.reading() as session:
        assert brand(session, cast.organisation) == before


def test_a_logo_that_is_too_large_is_answered_with_413_and_a_sentence(client, cast):
    sign_in(client, "Ada")
    answer = send(client, cast, b"x" * (2 * 1024 * 1024 + 1))
    assert answer.status_code == 413
    assert "larger than 2 MB" in answer.text


def test_two_owners_who_change_the_logo_do_not_undo_each_other(client, cast, database):
    sign_in(client, "Ada")
    send(client, cast, drawn((300, 200)))
    answer = send(client, cast, drawn((500, 200)), seen="")
    assert answer.status_code == 409
    assert "Somebody else changed the logo meanwhile" in answer.text
    assert send(client, cast, drawn((300, 200)), seen="").status_code == 303  # the same once more
    remove = {"do": "remove", "seen": "something older"}
    assert client.post(f"/organisations/{cast.organisation}/logo", data=remove).status_code == 409
    with database.reading() as session:
        assert brand(session, cast.organisation).logo is not None
