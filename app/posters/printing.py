"""Prints posters: HTML from standard input becomes a PDF on standard output. It runs in a process of its own.

So no page of the survey waits for it, and nothing that holds a link is stored on the way (app/posters/press.py).
"""

import sys

from app.posters.press import NO_LIBRARY


def main() -> int:
    """Prints the page that comes on standard input as a PDF; the exit code says whether a library is missing."""
    try:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration

        from app.web.paper import StaticOnly
    except OSError:
        return NO_LIBRARY
    from app.web.statics import ROOT

    fetcher, fonts = StaticOnly(), FontConfiguration()
    html = weasyprint.HTML(string=sys.stdin.read(), base_url=f"{ROOT.as_uri()}/", url_fetcher=fetcher)
    style = weasyprint.CSS(filename=ROOT / "css/poster.css", url_fetcher=fetcher, font_config=fonts)
    sys.stdout.buffer.write(html.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
