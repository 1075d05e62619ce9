"""Commands that develop this repository; stagectl finds them by their entry point."""

import typer

from devtools.commands.checks import (
    audit,
    checkov,
    lint,
    load,  # only-with-example-services
    test,
    test_faults,  # only-with-example-services
)
from devtools.commands.generation import (
    docs,
    generate,
    generate_roles,
    graph,
    growth,  # only-with-example-services
    lock,
)
from devtools.commands.making import (
    new_endpoint,
    new_service,
    new_version,
    release_files,
    template,  # not-in-new-products
)

PANEL = "This repository"
_PYTEST_ARGUMENTS = {"allow_extra_args": True, "ignore_unknown_options": True}


def register(app: typer.Typer) -> None:
    """Add the commands to an app."""
    app.command("test", rich_help_panel=PANEL, context_settings=_PYTEST_ARGUMENTS)(test.run_tests)
    # begin only-with-example-services
    app.command("test-faults", rich_help_panel=PANEL)(test_faults.run_fault_suite)
    app.command("load", rich_help_panel=PANEL)(load.load)
    app.command("growth", rich_help_panel=PANEL)(growth.growth)
    # end only-with-example-services
    app.command("lint", rich_help_panel=PANEL)(lint.run_checks)
    app.command("checkov", rich_help_panel=PANEL)(checkov.run_checkov)
    app.command("audit", rich_help_panel=PANEL)(audit.audit)
    app.command("lock", rich_help_panel=PANEL)(lock.lock)
    app.command("docs", rich_help_panel=PANEL)(docs.docs)
    app.command("generate", rich_help_panel=PANEL)(generate.generate)
    app.command("generate-roles", rich_help_panel=PANEL)(generate_roles.generate_roles)
    app.command("graph", rich_help_panel=PANEL)(graph.graph)
    app.command("new-service", rich_help_panel=PANEL)(new_service.make_service)
    app.command("new-version", rich_help_panel=PANEL)(new_version.make_version)
    app.command("release-files", rich_help_panel=PANEL)(release_files.write_files)
    app.command("new-endpoint", rich_help_panel=PANEL)(new_endpoint.make_endpoint)
    app.command("template", rich_help_panel=PANEL)(template.make_template)  # not-in-new-products
