"""Classify errors of AWS clients, whatever their wording."""

_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
_MISSING = frozenset({"ResourceNotFoundException", "NoSuchBucket", "ParameterNotFound", "404"})


def _code(error: Exception) -> str:
    return str(getattr(error, "response", {}).get("Error", {}).get("Code", ""))


def is_denied(error: Exception) -> bool:
    """Return whether the caller lacks a permission."""
    return _code(error) in _DENIED


def is_missing(error: Exception) -> bool:
    """Return whether the requested resource does not exist."""
    return _code(error) in _MISSING or "does not exist" in str(error)


def is_from_aws(error: Exception) -> bool:
    """Return whether the SDK raised an error, without an import: most commands never load it."""
    return type(error).__module__.partition(".")[0] in {"botocore", "boto3"}
