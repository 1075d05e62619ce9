"""A pytest plugin for suites of functions: their environment, events as AWS sends them, and stubbed clients.

Register it in the root `conftest.py`, by `pytest_plugins = ["service_kit.testing"]`. It imports boto3 and the
rest of the kit only where a test uses them, and no package of a function has it.
"""

from service_kit.testing._clients import (
    MadeClients,
    StubClient,
    StubTables,
    fresh_clients,
    replace_client,
    replace_table,
    stub_client,
    stub_tables,
    use_fresh_clients,
)
from service_kit.testing._environment import fake, function_environment
from service_kit.testing._events import bus_event, queue_message, rest_event, stream_record
from service_kit.testing._invocations import Reply, call, deliver, lambda_context

__all__ = [
    "MadeClients",
    "Reply",
    "StubClient",
    "StubTables",
    "bus_event",
    "call",
    "deliver",
    "fake",
    "fresh_clients",
    "function_environment",
    "lambda_context",
    "queue_message",
    "replace_client",
    "replace_table",
    "rest_event",
    "stream_record",
    "stub_client",
    "stub_tables",
    "use_fresh_clients",
]
