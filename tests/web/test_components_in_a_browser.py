"""The page with the components in a real browser: accessible by axe in light and dark, fit for phone and paper."""

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import read_settings
from app.web.statics import StaticFiles
from tests.browser import accessibility_violations, launched_browser
from tests.conftest import SECRET


@pytest.fixture
def components(tmp_path: Path) -> str:
    """The page that shows the components, as the demo serves it to anybody."""
    settings = read_settings(demo=True, data_dir=tmp_path, secret_key=SECRET)
    with TestClient(create_app(settings)) as client:
        answer = client.get("/demo/components")
    assert answer.status_code == 200
    return answer.text


def test_the_components_can_be_used_in_light_dark_and_forced_colours_and_on_paper(components: str) -> None:
    files = StaticFiles()
    style = "".join(files.text(f"css/{name}.css") for name in ("console", "work"))
    page_source = re.sub(r"<(link|script)[^>]*>(</script>)?", "", components).replace(
        "</head>", f"<style>{style}</style></head>"
    )
    with launched_browser() as browser:
        page = browser.new_page(viewport={"width": 320, "height": 700}, reduced_motion="reduce")
        page.set_content(page_source)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert accessibility_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        page.emulate_media(color_scheme="dark", media="print")
        assert page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor") == "rgb(255, 255, 255)"
        page.emulate_media(media="screen", forced_colors="active")
        edges = "getComputedStyle(document.querySelector('.tile')).outlineStyle"
        assert page.evaluate(edges) == "solid"
