"""Start a product from the template of this checkout, and run its tests."""

import tempfile
from pathlib import Path

from devtools.template import making
from stagectl.checkout import Checkout
from stagectl.system.child_process import Children
from stagectl.targets import emulator_environment
from stagectl.terminal import console

_NAME = "Tiny Cinema"
_AUTHOR = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
}


def passes(checkout: Checkout) -> bool:
    """Start a product from the template, and return whether its `npm test` passes."""
    children = Children()
    with tempfile.TemporaryDirectory(prefix="new-product-") as folder:
        template, product = Path(folder) / "template", Path(folder) / "tiny-cinema"
        making.write(checkout, template, version="1")
        copier = [str(checkout.python), "-m", "copier", "copy", "--quiet", "--defaults"]
        commands = [
            (Path(folder), [*copier, "--data", f"product_name={_NAME}", str(template), str(product)]),
            (product, ["git", "init", "--quiet"]),
            (product, ["git", "add", "--all"]),
            (product, ["git", "commit", "--quiet", "--message", f"feat: start {_NAME}"]),
            (product, ["npm", "test"]),
        ]
        for where, command in commands:
            environment = {**emulator_environment.without_aws(), **_AUTHOR}
            ran = children.run(command, cwd=where, environment=environment, shown=command[0] == "npm")
            if ran.exit_code:
                console.say(f"{' '.join(command)} failed.\n{ran.output}")
                return False
    return True
