"""Start products from the template of this checkout, and run their tests."""

import tempfile
from pathlib import Path

from devtools.template import examples, making
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
_STAGECTL = ".venv/bin/stagectl"
_FIRST_SERVICE = (
    [_STAGECTL, "new-service", "films"],
    [_STAGECTL, "new-endpoint", "films", "list-films"],
    ["npm", "test"],
)


def passes(checkout: Checkout) -> bool:
    """Start products from the template, and return whether the `npm test` of each passes.

    One has the example services. One has none, and gets its first service and endpoint.
    """
    with tempfile.TemporaryDirectory(prefix="new-product-") as folder:
        template = Path(folder) / "template"
        making.write(checkout, template, version="1")
        ended = [
            _passes(checkout, template, Path(folder) / name, with_examples=with_examples)
            for name, with_examples in (("with-examples", True), ("without-examples", False))
        ]
        return all(ended)


def _passes(checkout: Checkout, template: Path, product: Path, *, with_examples: bool) -> bool:
    answers = {"product_name": _NAME, examples.ANSWER: str(with_examples).lower()}
    data = [word for name, answer in answers.items() for word in ("--data", f"{name}={answer}")]
    copier = [str(checkout.python), "-m", "copier", "copy", "--quiet", "--defaults"]
    commands = [
        [*copier, *data, str(template), str(product)],
        ["git", "init", "--quiet"],
        ["git", "add", "--all"],
        ["git", "commit", "--quiet", "--message", f"feat: start {_NAME}"],
        ["npm", "test"],
        *(() if with_examples else _FIRST_SERVICE),
    ]
    product.mkdir()
    children = Children()
    environment = {**emulator_environment.without_aws(), **_AUTHOR}
    for command in commands:
        ran = children.run(command, cwd=product, environment=environment, shown=command[0] == "npm")
        if ran.exit_code:
            console.say(f"{' '.join(command)} failed in {product.name}.\n{ran.output}")
            return False
    return True
