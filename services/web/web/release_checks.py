"""What a new version of each function has to answer before visitors reach it, and then the public URL."""

from collections.abc import Sequence

from service_kit.releases import (
    CHECK_ID,
    FRESH_ID,
    Check,
    PublicRequest,
    Request,
    message,
    release_check,
    traffic_check,
)

CHECKS: dict[str, Sequence[Check]] = {
    "get-index": [Request(status=200)],
    "get-restaurant-page": [Request(status=200)],
    "get-legal-document": [Request(path={"page": "terms"}, status=200)],
    "get-acceptances": [Request(status=200)],
    "put-acceptance": [Request(method="PUT", path={"document": "none", "version": "1"}, status=404)],
    "erase-acceptances": [message("user_erasure_requested", {"erasureId": FRESH_ID, "userId": CHECK_ID})],
    "get-asset": [Request(path={"file": "app.js"}, status=200)],
}

check_release = release_check(CHECKS)

check_traffic = traffic_check(
    [PublicRequest(path="/", holds="<html"), PublicRequest(path="/restaurant", holds="<html")]
)
