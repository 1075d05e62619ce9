"""One parameter of SSM: its value, how long it serves, and what serves when SSM fails."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from pydantic import ValidationError

from service_kit import aws
from service_kit._safe.validation import safe_reasons
from service_kit.deadlines import DeadlineExceeded, within
from service_kit.invocation import count_for_service, logger
from service_kit.outages import DependencyUnavailable
from service_kit.settings import ServiceSettings, load_settings
from service_kit.snapshots import after_restore
from service_kit.startup import at_start

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Fetch", "Parameter", "ParameterUnavailable", "ParametersSwitchedOff", "PathOf", "fetch_from_ssm"]

T = TypeVar("T")

PathOf: TypeAlias = Callable[[ServiceSettings], str]
Fetch: TypeAlias = Callable[[str, bool], str]

BACK_OFF_SECONDS = 5.0
# How long SSM is asked for a first value, and for a newer one: a function of six seconds may need several.
FIRST_VALUE_SECONDS = 3.0
NEWER_VALUE_SECONDS = 0.8
_FAILURES = (DeadlineExceeded, BotoCoreError, ClientError, ResponseParserError, OSError, ValueError)
STALE_METRIC = "StaleParameterServed"
_NOT_FOUND = "ParameterNotFound"


class ParameterUnavailable(DependencyUnavailable):
    """A parameter could not be read, or is not valid, and there is no earlier value to serve.

    Attributes:
        path: The parameter's path.
        reason: Why, without its value.
    """

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"parameter {path} is unavailable: {reason}")


class ParametersSwitchedOff(Exception):  # noqa: N818, says what is the case
    """A test asked for a parameter that it did not set (`SERVICE_KIT_PARAMETERS=off`)."""

    def __init__(self, parameter: str) -> None:
        super().__init__(
            f"{parameter} would be read from SSM, but SERVICE_KIT_PARAMETERS is off: "
            "set it for a block by `with override_parameters(handle, config=value):`"
        )


@dataclass(frozen=True, slots=True)
class _Known(Generic[T]):
    value: T
    since: float
    try_again_at: float
    is_failing: bool = False


def fetch_from_ssm(path: str, decrypt: bool) -> str:
    """Read one parameter from SSM, past any cache.

    Powertools' provider would put a second cache in front, which drops stale values and lets every thread
    fetch.
    """
    answer = aws.client("ssm").get_parameter(Name=path, WithDecryption=decrypt)
    return answer["Parameter"]["Value"]


at_start(partial(aws.client, "ssm"))


class Parameter(Generic[T]):
    """One SSM parameter, cached for as long as the execution environment lives.

    A value serves for its time to live; then one caller fetches it again while others get the old one. When
    the fetch fails, or its value is not valid, the stale value still serves, the metric
    `StaleParameterServed` and a warning say so, and the next fetch is `BACK_OFF_SECONDS` later. A failure is
    never kept in place of a value.
    """

    def __init__(
        self,
        path_of: PathOf,
        parse: Callable[[str], T],
        *,
        decrypt: bool = False,
        default: T | None = None,
        max_age_seconds: float | None = None,
        clock: Callable[[], float] = time.time,
        fetch: Fetch = fetch_from_ssm,
    ) -> None:
        """Describe a parameter; nothing is read before `get`.

        Args:
            path_of: Gives the path from the settings of the service.
            parse: Turns the text into the value; raises ValueError when it is not valid.
            decrypt: Whether the parameter is a SecureString.
            default: What serves while there is no such parameter; without one that is a failure.
            max_age_seconds: Time to live; by default PARAMETERS_MAX_AGE_SECONDS.
            clock: Seconds; the wall clock, since the monotonic one may stop while Lambda freezes the process.
            fetch: Reads the text of a path.
        """
        self._path_of = path_of
        self._parse = parse
        self._decrypt = decrypt
        self._default = default
        self._max_age_seconds = max_age_seconds
        self._clock = clock
        self._fetch = fetch
        self._lock = Lock()
        self._known: _Known[T] | None = None
        self._flight: Future[_Known[T]] | None = None
        self._overrides: list[T] = []
        after_restore(self.forget)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    @property
    def path(self) -> str:
        """The parameter's path on this stage."""
        return self._path_of(load_settings(ServiceSettings))

    def get(self) -> T:
        """Return the value, from the cache or from SSM.

        Raises:
            ParameterUnavailable: When SSM fails or the value is not valid, and no earlier value is known.
            ParametersSwitchedOff: When the environment says SERVICE_KIT_PARAMETERS=off.
        """
        if self._overrides:
            return self._overrides[-1]
        settings = load_settings(ServiceSettings)
        if settings.service_kit_parameters == "off":
            raise ParametersSwitchedOff(self._path_of(settings))
        # Nearly always this is all; what is known is replaced as a whole, so that no lock is needed to look.
        known = self._known
        if known is not None and self._serves(known):
            return self._answer(known)
        with self._lock:
            known = self._known
            if known is not None and self._serves(known):
                return self._answer(known)
            flight, is_mine = self._flight, self._flight is None
            if flight is None:
                flight = self._flight = Future()
        if is_mine:
            self._fly(flight, known, settings)
        elif known is not None:
            return known.value
        return self._answer(flight.result())

    def forget(self) -> None:
        """Drop what is known, so that the next `get` reads it, or fails: a snapshot may be weeks old."""
        with self._lock:
            self._known = None

    @contextmanager
    def override(self, value: T) -> Iterator[None]:
        """Let `get` answer this value for a block, in every thread, without calling AWS."""
        self._overrides.append(value)
        try:
            yield
        finally:
            self._overrides.pop()

    def _serves(self, known: _Known[T]) -> bool:
        # A clock that was set back must not keep a value alive for ever.
        return known.since <= self._clock() < known.try_again_at

    def _answer(self, known: _Known[T]) -> T:
        if known.is_failing:
            count_for_service(STALE_METRIC)
        return known.value

    def _fly(self, flight: Future[_Known[T]], stale: _Known[T] | None, settings: ServiceSettings) -> None:
        """Fetch for all who wait; the flight always ends, or they would wait for ever."""
        try:
            landed = self._refresh(stale, settings)
        except BaseException as error:  # noqa: BLE001, it is raised again by `flight.result()`
            with self._lock:
                self._flight = None
            flight.set_exception(error)
        else:
            with self._lock:
                self._known, self._flight = landed, None
            flight.set_result(landed)

    def _refresh(self, stale: _Known[T] | None, settings: ServiceSettings) -> _Known[T]:
        path = self._path_of(settings)
        max_age_seconds = self._max_age_seconds
        if max_age_seconds is None:
            max_age_seconds = settings.parameters_max_age_seconds
        try:
            with within(FIRST_VALUE_SECONDS if stale is None else NEWER_VALUE_SECONDS):
                value = self._read(path)
        except _FAILURES as error:
            reason = _reason(error)
        else:
            now = self._clock()
            logger.debug("parameter read", parameter=path, serves_seconds=max_age_seconds)
            return _Known(value, since=now, try_again_at=now + max_age_seconds)
        if stale is None:
            if self._decrypt and reason == _NOT_FOUND:
                reason = f"{reason}, run `stagectl configure --stage {settings.ssm_stage}`"
            raise ParameterUnavailable(path, reason)
        logger.warning("serving a stale parameter", parameter=path, reason=reason)
        now = self._clock()
        return _Known(stale.value, since=now, try_again_at=now + BACK_OFF_SECONDS, is_failing=True)

    def _read(self, path: str) -> T:
        try:
            text = self._fetch(path, self._decrypt)
        except ClientError as error:
            # Without permission the code is another one, which no default may hide.
            if self._default is not None and _reason(error) == _NOT_FOUND:
                logger.debug("no such parameter, defaults serve", parameter=path)
                return self._default
            raise
        return self._parse(text)


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(safe_reasons(error))
    if isinstance(error, ClientError):
        return error.response.get("Error", {}).get("Code", "unknown")
    return type(error).__name__
