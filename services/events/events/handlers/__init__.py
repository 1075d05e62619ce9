"""Lambda entry points: parse the events, call the domain, report what failed."""

from service_kit.startup import pause_collector

pause_collector()
