"""Origins of URLs, as policies name them."""

import re
from urllib.parse import urlsplit

_ORIGIN = re.compile(r"(?:http|ws)s?://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")


def origin_of(url: str) -> str | None:
    """Return scheme, host and port of a URL, without user and password; None when it is no plain one."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        # Of a name in other scripts, policies know the ASCII form.
        host = f"[{host}]" if ":" in host else host.encode("idna").decode()
        port = "" if parts.port is None else f":{parts.port}"
    except ValueError:
        return None
    origin = f"{parts.scheme}://{host}{port}"
    return origin if _ORIGIN.fullmatch(origin) else None
