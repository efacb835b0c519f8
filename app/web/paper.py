"""What may be read while a page is printed. Imported by what prints only: it loads WeasyPrint.

Importing this raises OSError where WeasyPrint's native libraries are missing.
"""

from pathlib import Path

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from app.web.statics import ROOT


class StaticOnly(URLFetcher):  # type: ignore[misc]  # the library has no types
    """Fetches files below `static/` and pictures inside the page or its sheet; everything else ends the rendering."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("file", "data"), allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The file; raises for an address outside of `static/`."""
        if url.startswith(("data:image/svg+xml", "data:image/png")):
            return super().fetch(url, headers)
        path = Path(url.removeprefix("file://")).resolve()
        if not (url.startswith("file://") and path.is_relative_to(ROOT)):
            raise FatalURLFetchingError(f"What is printed may only read files below static/, not {url}.")
        return super().fetch(url, headers)
