"""One file for each rule of AWS that MiniStack lacks; a file in this folder is all that a new rule needs."""

import importlib
import pkgutil


def install() -> None:
    """Install every rule of this folder, in the order of their names."""
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda found: found.name):
        if not module.name.startswith("_"):
            importlib.import_module(f"{__name__}.{module.name}").install()
