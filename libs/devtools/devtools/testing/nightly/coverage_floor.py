"""Compare what the unit tests reach of the services and service_kit with the floor in pyproject.toml."""

from stagectl.checkout import Checkout
from stagectl.system.child_process import Children
from stagectl.targets import emulator_environment


def is_kept(checkout: Checkout) -> bool:
    """Run the unit tests under coverage, print the report, and return whether both passed."""
    coverage = [str(checkout.python), "-m", "coverage"]
    environment = emulator_environment.without_aws()
    children = Children()
    ran = [
        children.run([*coverage, *arguments], cwd=checkout.root, environment=environment, shown=True)
        for arguments in (["run", "-m", "pytest", "-q", "services", "libs/service_kit"], ["report"])
    ]
    return all(one.exit_code == 0 for one in ran)
