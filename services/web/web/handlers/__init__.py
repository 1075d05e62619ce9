"""Lambda entry points: parse the event, call one domain function, map its result."""

from service_kit.startup import pause_collector

pause_collector()
