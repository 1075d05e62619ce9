"""Which errors pass by themselves, so that the caller may ask again."""

from __future__ import annotations

from typing import Any

__all__ = ["DependencyUnavailable", "outage_reason"]

_FIRST_SERVER_ERROR = 500
_TOO_MANY_REQUESTS = 429
# Throttling, as the services spell it, and conflicts with what another request does at this moment.
_PASSING_CODES = frozenset(
    {
        "BandwidthLimitExceeded",
        "ConcurrentModificationException",
        "EC2ThrottledException",
        "InternalError",
        "InternalException",
        "InternalFailure",
        "InternalServerError",
        "InternalServerErrorException",
        "KMSThrottling",
        "KMSThrottlingException",
        "KmsThrottled",
        "KmsThrottlingException",
        "LimitExceeded",
        "LimitExceededException",
        "OverLimit",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "ReplicatedWriteConflictException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "SlowDown",
        "Throttled",
        "ThrottledException",
        "Throttling",
        "ThrottlingError",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
_CANCELLED = "TransactionCanceledException"
# A member of a transaction against which nothing spoke.
_NO_REASON = {None, "", "None"}


class DependencyUnavailable(Exception):  # noqa: N818, says what is the case
    """Base of errors that say a dependency does not answer now; HTTP answers them with 503."""


def outage_reason(error: BaseException) -> str | None:
    """Return why a dependency did not do what it was asked, when that passes: throttling, no answer, no time.

    None is for all else: no permission, a request that does not fit, no credentials. Asking again would get
    the same, so these are faults of ours.

    Args:
        error: What a call raised, or an error of the domain that was raised from that.
    """
    if isinstance(error, DependencyUnavailable):
        return str(error)
    from botocore.exceptions import ClientError  # noqa: PLC0415, heavy, and loaded when a call was made

    if isinstance(error, ClientError):
        code = _code(error)
        return f"{code} of {error.operation_name}" if _passes(code, error.response) else None
    if isinstance(error, _passing_kinds()):
        return type(error).__name__
    return outage_reason(error.__cause__) if error.__cause__ else None


def _passes(code: str, response: Any) -> bool:
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code == _CANCELLED:
        reasons = _cancellation_reasons(response) - _NO_REASON
        # A condition that does not hold would not hold at the next try either.
        return bool(reasons) and reasons <= _PASSING_CODES
    return code in _PASSING_CODES or status == _TOO_MANY_REQUESTS or status >= _FIRST_SERVER_ERROR


def _cancellation_reasons(response: Any) -> set[str | None]:
    if listed := response.get("CancellationReasons"):
        return {reason.get("Code") for reason in listed}
    # As in "… for specific reasons [ThrottlingError, None]".
    return set(response.get("Error", {}).get("Message", "").rpartition("[")[2].rstrip("]").split(", "))


def _code(error: Any) -> str:
    # Some services write a namespace in front, as in `com.amazonaws…#ThrottlingException`.
    return str(error.response.get("Error", {}).get("Code", "unknown")).rpartition("#")[2]


def _passing_kinds() -> tuple[type[Exception], ...]:
    from botocore import exceptions as of_botocore  # noqa: PLC0415, as above
    from botocore.parsers import ResponseParserError  # noqa: PLC0415, as above

    return (
        of_botocore.ConnectionError,
        of_botocore.HTTPClientError,
        of_botocore.IncompleteReadError,
        # Where Lambda keeps a snapshot's credentials did not answer; that there are none is another matter.
        of_botocore.CredentialRetrievalError,
        of_botocore.MetadataRetrievalError,
        ResponseParserError,
    )
