"""The service levels, and whether a step keeps them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from stagectl.checkout.routes import routes_of
from stagectl.checkout.yaml_loader import load_mapping

from load.measurements import RouteFigures, StepFigures
from support.stage import REPOSITORY

ENOUGH_FOR_95, ENOUGH_FOR_99 = 20, 100
FILE = "service-levels.yml"
STANDARD = REPOSITORY / "shared-infra" / "signals" / "standard.yml"


class Times(BaseModel):
    """How long a route's answers may take, in milliseconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    p95: float = Field(gt=0)
    p99: float = Field(gt=0)
    reason: str = ""


class Shares(BaseModel):
    """How many of all requests may go wrong, from 0 to 1."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    errors: float = Field(ge=0, le=1)
    refused: float = Field(ge=0, le=1)


class ServiceLevels(BaseModel):
    """What customers may count on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    shares: Shares
    routes: Mapping[str, Times]

    def breaches(self, step: StepFigures) -> list[str]:
        """Return what a step does not keep, each as a sentence; a route without a level is one of them.

        Of a few answers the slowest one says little: below 20 the middle one is held to the level for 95 of
        100, and from 100 on there is one for 99.
        """
        of_routes = (text for name, figures in step.routes.items() for text in self._of(name, figures))
        return [*self._of_all(step), *of_routes]

    def _of_all(self, step: StepFigures) -> Iterator[str]:
        count = sum(figures.count for figures in step.routes.values())
        if not count:
            yield "nothing was answered, and nothing refused"
            return
        shares = (
            ("ended in errors", sum(figures.errors for figures in step.routes.values()), self.shares.errors),
            ("were refused", sum(figures.refused for figures in step.routes.values()), self.shares.refused),
        )
        for what, amount, most in shares:
            if amount / count > most:
                yield f"{amount / count:.1%} of all requests {what}, not {most:.1%} at most"

    def _of(self, route: str, figures: RouteFigures) -> Iterator[str]:
        times = self.routes.get(route)
        if times is None:
            yield f"{route} has no level: give it one in its service's {FILE}"
            return
        count = len(figures.milliseconds)
        held_to = {95 if count >= ENOUGH_FOR_95 else 50: times.p95}
        if count >= ENOUGH_FOR_99:
            held_to[99] = times.p99
        for percent, most in held_to.items():
            took = figures.percentile(percent)
            if took is not None and took > most:
                yield f"{route} took {took:,.0f} ms for {percent} of 100, not {most:,.0f} at most"


def read(repository: Path = REPOSITORY) -> ServiceLevels:
    """Return what the services of a checkout promise: of their routes by method and path, and of journeys.

    The alarms on AWS are made from the same files.
    """
    standard = load_mapping(STANDARD)
    routes: dict[str, Any] = {}
    for file in sorted(repository.glob(f"services/*/{FILE}")):
        levels = load_mapping(file)
        objectives = levels.get("objectives") or {}
        for route in routes_of(load_mapping(file.with_name("serverless.yml"))):
            name = f"{route.method} {route.path.replace('+}', '}')}"
            routes[name] = objectives.get(route.function, standard["objectives"]["default"])
        routes |= levels.get("journeys") or {}
    return ServiceLevels.model_validate({"shares": standard["shares"], "routes": routes})
