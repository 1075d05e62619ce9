"""What the tests of all services and libraries share."""

pytest_plugins = ["service_kit.testing"]
