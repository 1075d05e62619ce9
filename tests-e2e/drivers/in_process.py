"""The handlers in this process, with the stage's real table, bus and parameters."""

from typing import Any

from drivers.exchange import Answer, Request
from drivers.function_process import FunctionProcess
from drivers.proxy_event import proxy_event
from drivers.routes import find_route
from support.stage import Stage


class InProcess:
    """Calls handlers with the events that AWS would send them."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._processes: dict[str, FunctionProcess] = {}

    def send(self, request: Request) -> Answer:
        """Call the handler of the request's route; API Gateway's own checks are left out."""
        route = find_route(self._stage, request.service, request.method, request.segments)
        result = self.invoke(
            route.function, proxy_event(request, route, self._stage.home_of(request.service))
        )
        headers = {name.lower(): str(value) for name, value in result["headers"].items()}
        return Answer(request, result["statusCode"], headers, result["body"].encode())

    def invoke(self, function_name: str, event: dict[str, Any]) -> Any:
        """Call a function's handler with any event."""
        if function_name not in self._processes:
            self._processes[function_name] = FunctionProcess(self._stage, function_name)
        return self._processes[function_name].invoke(event)
