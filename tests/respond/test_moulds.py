"""Pages of questions are put together from what was made before, and are what their template makes of them."""

import gzip

import pytest

from app.respond.views import QuestionPage
from app.web import moulds

ASKED = ["", "?language=ar", "?left=1", "?own=1"]
PACKED, PLAIN = {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "identity"}


@pytest.fixture
def token(stage) -> str:
    made: list[str] = stage.personal()
    return made[0]


def raw(client, path: str, **headers: str) -> bytes:
    with client.stream("GET", path, headers=PLAIN | headers) as answer:
        assert answer.status_code == 200
        return b"".join(answer.iter_raw())


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_a_page_that_is_put_together_is_the_one_that_is_rendered(client, token, monkeypatch, asked, site):
    client.post(f"/r/{token}/t1", data={"T1a": "3", "T1b": "dk"})
    for key in ("t1", "t2"):
        path, headers = f"/r/{token}/{key}{asked}", {"Sec-Fetch-Site": site}
        twice = [raw(client, path, **headers) for _ in range(2)]
        with monkeypatch.context() as patched:
            patched.setattr(QuestionPage, "is_common", False)
            rendered = raw(client, path, **headers)
        assert twice == [rendered, rendered]


def test_a_part_for_htmx_that_is_put_together_is_the_one_that_is_rendered(client, token, monkeypatch):
    def part() -> str:
        answer = client.post(f"/r/{token}/t1", data={"T1a": "3", "T1b": "4"}, headers={"HX-Request": "true"})
        assert answer.headers["hx-push-url"]
        return str(answer.text)

    part()
    put_together = part()
    monkeypatch.setattr(QuestionPage, "is_common", False)
    assert put_together == part()


def test_the_packed_page_is_the_page(client, token):
    plain = raw(client, f"/r/{token}/t1")
    packed = raw(client, f"/r/{token}/t1", **PACKED)
    assert gzip.decompress(packed) == plain
    assert len(packed) < 6000


def test_nothing_of_one_person_is_kept(client, stage, application):
    [one, other] = stage.personal(count=2)
    pages = [raw(client, f"/r/{token}/t1") for token in (one, other)]
    kept = application.state.templates._moulds
    segments = [part for mould in kept._moulds.values() for part in mould if isinstance(part, moulds.Segment)]
    segments += kept._pieces.values()
    assert segments
    for token, page in zip((one, other), pages, strict=True):
        assert token.encode() in page
        assert all(token.encode() not in segment.plain for segment in segments)


def test_an_own_link_is_shown_to_its_owner_alone(client, stage):
    [one, other] = stage.personal(count=2)
    assert f"/r/{one}</code>".encode() in raw(client, f"/r/{one}/t1?own=1")
    assert b"</code>" not in raw(client, f"/r/{other}/t1")


def test_pages_are_forgotten_when_there_are_too_many(client, token, application, monkeypatch):
    monkeypatch.setattr(moulds, "MOST_MOULDS", 1)
    monkeypatch.setattr(moulds, "MOST_PIECES", 2)
    kept = application.state.templates._moulds
    kept._moulds.clear()
    kept._pieces.clear()
    for key in ("t1", "t2", "t1"):
        assert b"<main" in raw(client, f"/r/{token}/{key}")
    assert len(kept._moulds) == 1
    assert len(kept._pieces) <= 2
