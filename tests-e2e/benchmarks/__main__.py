"""Runs the benchmarks and prints their tables, then every figure that has a target beside its target.

    npm run bench                                # under ten minutes, on a machine that does nothing else
    npm run bench -- --only warm-path --quick    # few rounds, to see that it works; no result is kept
    npm run bench -- --beside DIR                # orders as well, on the stage that STAGE and AWS_* name

A missed target fails nothing. Results are kept in results/, the chart of the README among them. Without
`--beside`, the figure about orders is the kept one.
"""

import argparse
import json
import subprocess
import sys
import time
import traceback
from importlib import import_module
from pathlib import Path

from benchmarks.measured_results import RESULTS, Target, say, show, target_lines

PARTS = {
    "cold-start": ("benchmarks.cold_start.run", "from nothing, and from a snapshot, to the first answer"),
    "warm-path": ("benchmarks.warm_path.run", "the chain around a handler, per invocation"),
    "reporting": ("benchmarks.reporting.run", "what logs and metrics cost: time, import, bytes"),
    "growth": ("benchmarks.growth.run", "what reading costs as the tables and the pages grow"),
}
ORDER_ROUNDS = 100


def main() -> None:
    """Run the parts that are asked for; one that fails does not keep the others from running."""
    parser = argparse.ArgumentParser(
        prog="npm run bench --", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parts = "\n".join(f"{name}: {summary}" for name, (_, summary) in PARTS.items())
    parser.add_argument("--only", action="append", choices=PARTS, help=f"this part, or these\n{parts}")
    parser.add_argument("--quick", action="store_true", help="few rounds; no result is kept")
    parser.add_argument(
        "--beside", type=Path, metavar="DIR", help="checkout of a Node implementation: see README.md, Orders"
    )
    arguments = parser.parse_args()
    targets: list[Target] = []
    failed = []
    for name in [name for name in PARTS if name in (arguments.only or PARTS)]:
        since = time.monotonic()
        try:
            targets += import_module(PARTS[name][0]).run(is_quick=arguments.quick)
        except Exception:  # noqa: BLE001, whatever it is, the others can still run
            traceback.print_exc()
            failed.append(name)
        say(f"{name}: {time.monotonic() - since:.0f} s")
    if arguments.beside and not _measure_orders(arguments.beside):
        failed.append("orders")
    show(target_lines([*targets, *_order_targets()]))
    if failed:
        sys.exit(f"Failed: {', '.join(failed)}. The reason is above.")


def _measure_orders(beside: Path) -> bool:
    module = "benchmarks.orders_beside_node"
    command = [sys.executable, "-m", module, "--beside", str(beside), "--rounds", str(ORDER_ROUNDS)]
    return subprocess.run(command, check=False).returncode == 0


def _order_targets() -> list[Target]:
    """Return the figure about orders that was kept last; none where it was never measured."""
    file = RESULTS / "orders_beside_node.json"
    if not file.is_file():
        say("POST /orders was never measured beside Node: see README.md, Orders")
        return []
    kept = json.loads(file.read_text(encoding="utf-8"))
    (ours,) = (way["medianByNode"] for way in kept["ways"] if way["way"] == "ours")
    return [
        Target(
            "POST /orders, warm median, ÷ the public Node implementation",
            ours,
            at_most=kept["target"],
            remark=f"measured {kept['measuredAt']}",
        )
    ]


if __name__ == "__main__":
    main()
