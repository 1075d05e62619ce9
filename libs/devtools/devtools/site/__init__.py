"""The documentation as a site: every README and page of `docs/`, and a reference made from the code."""

from devtools.site.building import build, serve

__all__ = ["build", "serve"]
