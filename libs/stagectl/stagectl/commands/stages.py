"""Commands about one stage, on this machine or on AWS."""

from typing import Annotated

import typer

from stagectl.checkout import Checkout, changed_files, services
from stagectl.commands.options import AsJson, Jobs, OnEmulator, Parameters, Services, StageName
from stagectl.deployment import partial_preview
from stagectl.deployment import seed as seeding
from stagectl.errors import UsageError
from stagectl.removal import remove
from stagectl.stacks import published
from stagectl.stages import function_logs, lifecycle, listing, timings_table
from stagectl.targets import preview_name, provenance
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document
from stagectl.terminal.outside_text import UNKNOWN


def register(app: typer.Typer) -> None:
    """Add the commands to an app."""
    for command in (up, down, urls, seed, logs):
        app.command(rich_help_panel="Stages")(command)
    app.command("list", rich_help_panel="Stages")(list_stages)


def up(
    *,
    stage: Annotated[
        str | None,
        typer.Option(
            "--stage",
            "-s",
            metavar="NAME",
            help="Stage, or a branch name to make one from.  \\[default: with --base, this branch's preview]",
        ),
    ] = None,
    service: Services = None,
    changed_since: Annotated[
        str | None,
        typer.Option("--changed-since", metavar="REF", help="With --base: the commit that the base runs."),
    ] = None,
    base: Annotated[
        str | None,
        typer.Option(
            "--base", metavar="STAGE", help="Deploy only what changed, and take the rest from this stage."
        ),
    ] = None,
    param: Parameters = None,
    jobs: Jobs = None,
    seed: Annotated[
        bool | None,
        typer.Option("--seed/--no-seed", help="Fill it with demo data.  \\[default: only on an emulator]"),
    ] = None,
    timings: Annotated[bool, typer.Option("--timings", help="Print how long each part took.")] = False,
    time_to_live: Annotated[
        str,
        typer.Option("--ttl", metavar="AGE", help="How long the stage may stay before `reap` takes it."),
    ] = "3d",
    force: Annotated[bool, typer.Option("--force", help="Deploy also what has not changed.")] = False,
    forward_only: Annotated[
        bool,
        typer.Option("--forward-only", help="Refuse when the stage is at a newer commit than this checkout."),
    ] = False,
    emulator: OnEmulator = False,
) -> None:
    """Deploy a stage: every stack in its order, independent ones side by side. Then make missing secrets.

    Safe to repeat: stacks that have not changed are left alone.

    With --base and --changed-since it is a partial preview: what differs from the commit is deployed, and
    shared-infra, since the event bus is always the stage's own. Other services are those of the base stage,
    which are not touched, and which do not hear the preview's events.

    For example:

        stagectl up --stage local

        stagectl up --stage dev --service orders

        stagectl up --stage feature/new-menu --param ssmStage=dev

        stagectl up --changed-since origin/main --base dev
    """
    checkout = Checkout.of_this_file()
    if (base is None) != (changed_since is None):
        raise UsageError("--base and --changed-since go together: the stage to build on, and what it runs")
    if base is not None and service:
        raise UsageError("--service and --base exclude each other: with --base, what changed is deployed")
    if stage is None and base is None:
        raise UsageError("Missing option --stage, such as --stage local")
    place = lifecycle.find(
        checkout,
        stage or _preview_of_checkout(checkout),
        use_emulator=emulator or base == LOCAL_STAGE,
        only=service or (),
    )
    wish = None
    if base is not None and changed_since is not None:
        changed = changed_files.by_stack(checkout, place.stacks, changed_since)
        wish = partial_preview.Wish(base, changed, changed_since)
    is_seeded = place.target.is_emulator if seed is None else seed
    taken = lifecycle.bring_up(
        checkout,
        place,
        parameters=param or (),
        jobs=jobs,
        seeding=is_seeded,
        time_to_live=function_logs.parse_age(time_to_live),
        wish=wish,
        force=force,
        forward_only=forward_only,
    )
    if is_seeded:
        seeding.show_sign_in(checkout, place.name, place.target)
    if timings:
        timings_table.show(taken)


def _preview_of_checkout(checkout: Checkout) -> str:
    branch = provenance.branch(checkout.root)
    if branch == UNKNOWN:
        raise UsageError("This checkout is on no branch, so its stage has no name: pass --stage")
    return preview_name.of_branch(branch)


def down(
    *,
    stage: StageName,
    jobs: Jobs = None,
    emulator: OnEmulator = False,
    keep_emulator: Annotated[
        bool, typer.Option("--keep-emulator", help="Leave the emulator of the stage `local` running.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Remove a stage: its stacks, what they leave behind, and parameters that nobody else removes.

    Finds stacks on the stage, also those of services that this checkout does not have. Goes on where an
    earlier run ended. The stages dev, staging and prod are refused, and so is a stage that has something
    protected against deletion, before anything is touched. Exits with 1 when something could not be removed.

    For example:

        stagectl down --stage local

        stagectl down --stage feature/new-menu --json
    """
    checkout = Checkout.of_this_file()
    remove.check_removable(stage)
    for place in lifecycle.all_meant(checkout, stage, use_emulator=emulator):
        machine = place.target.emulator
        if machine and not machine.is_alive():
            console.say(f"The emulator on port {machine.port} does not run: nothing to take down.")
            continue
        lifecycle.enter(place)
        _take_down(checkout, place, jobs=jobs, as_json=as_json)
        if machine and place.name == LOCAL_STAGE and not keep_emulator:
            machine.stop()
            console.say(f"Stopped the emulator on port {machine.port}.")


def _take_down(checkout: Checkout, stage: lifecycle.Stage, *, jobs: int | None, as_json: bool) -> None:
    removal = remove.Removal()
    try:
        removal.outcomes = lifecycle.take_down(checkout, stage, jobs=jobs)
    except remove.RemovalError as error:
        removal = error.removal
        raise
    finally:
        if as_json and removal.outcomes:
            console.result(
                json_document.text({"stage": stage.name, "outcomes": removal.outcomes, "left": removal.left})
            )
    if removal.was_not_there:
        console.say(f"Stage {stage.name} is not there: nothing to remove.")
    else:
        console.say(f"Stage {stage.name} is gone.")


def list_stages(
    *,
    aws: Annotated[bool, typer.Option("--aws", help="Look on AWS too.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the stages that exist, with the states of their stacks.

    Looks at the emulators of this checkout that run, at AWS_ENDPOINT_URL when set, and on demand at AWS.

    For example:

        stagectl list

        stagectl list --aws --json
    """
    checkout = Checkout.of_this_file()
    stacks = list(services.discover(checkout.root).values())
    found = listing.find_stages(listing.places(checkout, aws=aws), stacks)
    if as_json:
        console.result(json_document.text(found))
        return
    if not found:
        console.say("No stages." if aws else "No stages on this machine (those on AWS: stagectl list --aws).")
    for stage in found:
        console.result(f"{stage.name} on {stage.place}")
        for name, status in stage.stacks.items():
            console.result(f"  {name:<14} {status.state:<24} {json_document.shown_time(status.updated_at)}")


def urls(*, stage: StageName = LOCAL_STAGE, emulator: OnEmulator = False, as_json: AsJson = False) -> None:
    """Print the URLs of a stage's services, the landing page first.

    For example:

        stagectl urls

        stagectl urls --stage dev --json
    """
    place = lifecycle.find(Checkout.of_this_file(), stage, use_emulator=emulator)
    lifecycle.enter_deployed(place)
    found = published.service_urls(place.name, place.stacks.values())
    if as_json:
        console.result(json_document.text(found))
        return
    if not found:
        console.say(f"No service of stage {place.name} has published a URL: is it up? (stagectl list)")
    for name, url in found.items():
        console.result(f"{name:<14} {url}")


def seed(*, stage: StageName = LOCAL_STAGE, emulator: OnEmulator = False) -> None:
    """Fill a stage that is up with demo data. The stage prod is refused.

    Secrets are not demo data: `up` and `configure` make them.

    For example:

        stagectl seed

        stagectl seed --stage dev
    """
    checkout = Checkout.of_this_file()
    place = lifecycle.find(checkout, stage, use_emulator=emulator)
    seeding.check_seedable(place.name)
    lifecycle.enter_deployed(place)
    seeding.seed(checkout, place.name, place.stacks, place.target)
    seeding.show_sign_in(checkout, place.name, place.target)


def logs(
    service: Annotated[str, typer.Argument(help="Service, such as orders.")],
    function: Annotated[
        str | None, typer.Argument(help="Function key, such as place-order; all when left out.")
    ] = None,
    *,
    stage: StageName = LOCAL_STAGE,
    since: Annotated[
        str, typer.Option("--since", metavar="AGE", help="How far back: 30s, 10m, 2h or 1d.")
    ] = "10m",
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Keep waiting for new lines until Ctrl-C.")
    ] = False,
    emulator: OnEmulator = False,
) -> None:
    """Print what the functions of a service logged.

    For example:

        stagectl logs orders

        stagectl logs orders place-order --stage dev --since 2h --follow
    """
    age = function_logs.parse_age(since)
    place = lifecycle.find(Checkout.of_this_file(), stage, use_emulator=emulator)
    stack = next(iter(services.select(place.stacks, [service]).values()))
    functions = function_logs.choose_functions(stack, function)
    lifecycle.enter_deployed(place)
    for line in function_logs.read(stack.name, functions, place.name, age=age, follow=follow):
        console.result(f"{line.written_at.astimezone():%H:%M:%S} {line.function} {line.text}")
