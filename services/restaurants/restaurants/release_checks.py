"""What a new version of each function has to answer before customers reach it, and then the public URL."""

from collections.abc import Sequence

from service_kit.releases import (
    CHECK_ID,
    FRESH_ID,
    Check,
    Invocation,
    PublicRequest,
    Request,
    message,
    release_check,
    traffic_check,
)

ADMINS = ["restaurant-admins"]
NAME = {"name": "Release check"}
MEMBER = NAME | {"email": "release-check@example.com"}
SUBMISSION = {"submissionId": CHECK_ID}

CHECKS: dict[str, Sequence[Check]] = {
    # Not the page itself: the service `web` is deployed later, on a new stage for the first time.
    "get-landing-page": [Request(query={"text": "x" * 2_001}, status=400)],
    "redirect-to-web": [Request(path={"path": "x" * 201}, status=400)],
    "get-restaurants": [Request(status=200)],
    "get-restaurant": [Request(path=NAME, status=404)],
    "search-restaurants": [Request(method="POST", body={"theme": CHECK_ID}, status=200)],
    "find-restaurants": [Request(query={"text": CHECK_ID}, status=200)],
    # Writes on a condition that no restaurant fulfils.
    "put-restaurant": [
        Request(
            method="PUT",
            path=NAME,
            headers={"if-match": f'"{CHECK_ID}"'},
            body={"image": "assets/images/new-restaurant.svg", "themes": []},
            groups=ADMINS,
            status=412,
        )
    ],
    "delete-restaurant": [Request(method="DELETE", path=NAME, groups=ADMINS, status=404)],
    "put-favourite": [Request(method="PUT", path=NAME, status=404)],
    "delete-favourite": [Request(method="DELETE", path=NAME, status=204)],
    "get-favourites": [Request(status=200)],
    "put-staff-member": [Request(method="PUT", path=MEMBER, groups=ADMINS, status=404)],
    "delete-staff-member": [Request(method="DELETE", path=MEMBER, groups=ADMINS, status=204)],
    "get-staff": [Request(path=NAME, groups=ADMINS, status=404)],
    "get-staff-member": [Request(path=MEMBER, status=404)],
    "get-staffed-restaurants": [Request(status=200)],
    "erase-user": [
        message(
            "user_erasure_requested",
            {"erasureId": FRESH_ID, "userId": CHECK_ID, "email": MEMBER["email"]},
        )
    ],
    # Refused before it is stored: reviewers would see it.
    "submit-restaurant": [
        Request(method="POST", body={"name": "Release check", "themes": []}, email_verified=False, status=403)
    ],
    "get-submissions": [Request(status=200)],
    "approve-submission": [Request(method="POST", path=SUBMISSION, groups=ADMINS, status=404)],
    "reject-submission": [Request(method="POST", path=SUBMISSION, groups=ADMINS, status=404)],
    # Tries to end a wait that does not exist.
    "request-review": [Invocation(payload=SUBMISSION | {"taskToken": CHECK_ID})],
    "conclude-review": [Invocation(payload=SUBMISSION, answers={"state": None})],
}

check_release = release_check(CHECKS)

check_traffic = traffic_check(
    [
        PublicRequest(path="/restaurants/search", holds="restaurants"),
    ]
)
