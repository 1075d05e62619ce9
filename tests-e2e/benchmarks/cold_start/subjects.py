"""What is started and compared: every function as it is shipped, and what others would have written."""

import json
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cold_start import events
from benchmarks.cold_start.functions import Function, packaged_functions
from benchmarks.cold_start.installed_references import installed_node_reference
from benchmarks.cold_start.packages import (
    Bytecode,
    install_reference,
    install_runtime,
    size_without_boto3,
    unpack,
)
from benchmarks.cold_start.start import Subject, lambda_variables
from benchmarks.cold_start.trust import Trust
from support.stage import REPOSITORY

BARE = "bare handler"
USUAL = "usual stack"
USUAL_STALE = "usual stack, stale bytecode"
EVERYTHING = "everything imported"
NODE = "Node: middy, SDK v3, ajv, bundled"
EMULATOR_PYTHON = REPOSITORY / ".bigmouth" / "emulator-venv" / "bin" / "python"

_SEARCH = json.dumps(events.SEARCH).encode()
_SEARCH_VARIABLES = {
    "STAGE": "local",
    "TABLE_NAME": "restaurants",
    "POWERTOOLS_SERVICE_NAME": "restaurants",
    "POWERTOOLS_METRICS_NAMESPACE": "BigMouth",
}


@dataclass(frozen=True)
class Bench:
    """What all subjects share.

    Attributes:
        folder: Where packages are unpacked.
        python: The interpreter with what the Lambda runtime brings.
        trust: What the packages trust besides what they trust on AWS.
        aws_url: The loopback AWS.
    """

    folder: Path
    python: Path
    trust: Trust
    aws_url: str


def prepare_bench(folder: Path, trust: Trust, aws_url: str) -> Bench:
    """Make the interpreter that all Python subjects are run by."""
    python = install_runtime(folder / "runtime", python=EMULATOR_PYTHON, trust=trust)
    return Bench(folder, python, trust, aws_url)


def reference_subjects(bench: Bench) -> list[Subject]:
    """Make what our functions are compared with, the bare handler first."""
    return [
        _python_reference(bench, BARE, "bare", Bytecode.VALID),
        _python_reference(bench, USUAL, "usual", Bytecode.VALID),
        _python_reference(bench, USUAL_STALE, "usual", Bytecode.STALE),
        _python_reference(bench, EVERYTHING, "everything", Bytecode.VALID),
        _node_reference(bench),
    ]


def function_subjects(bench: Bench, bytecode: Bytecode, names: Iterable[str]) -> list[Subject]:
    """Make real functions of these names from their packages with that bytecode."""
    functions = packaged_functions(bench.aws_url)
    return [_function(bench, functions[name], bytecode) for name in names]


def package_bytes(bench: Bench) -> dict[str, int]:
    """Return the size of each zip that would be uploaded, by service, without boto3."""
    artifacts = {
        name.partition("/")[0]: one.artifact for name, one in packaged_functions(bench.aws_url).items()
    }
    return {service: size_without_boto3(artifact) for service, artifact in artifacts.items()}


def shown_name(function: str, bytecode: Bytecode) -> str:
    """Return what a function from a package with that bytecode is called in results."""
    return function if bytecode is Bytecode.SHIPPED else f"{function}, {bytecode} bytecode"


def _function(bench: Bench, function: Function, bytecode: Bytecode) -> Subject:
    folder = bench.folder / bytecode / function.artifact.stem
    if not folder.exists():
        folder.parent.mkdir(exist_ok=True)
        unpack(function.artifact, folder, python=bench.python, bytecode=bytecode, trust=bench.trust)
    return Subject(
        name=shown_name(function.name, bytecode),
        command=_python_runtime(bench, function.handler),
        folder=folder,
        environment={
            **lambda_variables(folder, function.handler, function.name.replace("/", "-local-")),
            **function.environment,
            "AWS_ENDPOINT_URL": bench.aws_url,
        },
        event=json.dumps(events.FIRST_EVENTS[function.name]).encode(),
    )


def _python_reference(bench: Bench, name: str, reference: str, bytecode: Bytecode) -> Subject:
    folder = bench.folder / f"{reference}-{bytecode}"
    install_reference(reference, folder, python=bench.python, bytecode=bytecode, trust=bench.trust)
    handler = "search_restaurants.handle"
    return _search_subject(bench, name, folder, _python_runtime(bench, handler), handler)


def _node_reference(bench: Bench) -> Subject:
    work, folder = installed_node_reference(), bench.folder / "node"
    esbuild = str(REPOSITORY / "node_modules" / ".bin" / "esbuild")
    # The SDK is bundled too: it loads quicker than the copy that the runtime brings.
    options = [
        "--bundle",
        "--minify",
        "--platform=node",
        "--target=node20",
        "--format=esm",
        "--log-level=error",
    ]
    # What is CommonJS in it wants `require`.
    banner = (
        "--banner:js=import {createRequire} from 'node:module';const require=createRequire(import.meta.url);"
    )
    bundle = [esbuild, "search_restaurants.mjs", *options, banner]
    subprocess.run([*bundle, f"--outfile={folder / 'search_restaurants.mjs'}"], cwd=work, check=True)
    shutil.copy(work / "runtime.mjs", folder)
    node = shutil.which("node") or "node"
    handler = "search_restaurants.handle"
    return _search_subject(bench, NODE, folder, [node, "runtime.mjs", handler], handler)


def _search_subject(bench: Bench, name: str, folder: Path, command: list[str], handler: str) -> Subject:
    environment = {
        **lambda_variables(folder, handler, "restaurants-local-search-restaurants"),
        **_SEARCH_VARIABLES,
        "AWS_ENDPOINT_URL": bench.aws_url,
        "NODE_EXTRA_CA_CERTS": str(bench.trust.authority),
        "NODE_NO_WARNINGS": "1",
    }
    return Subject(name, command, folder, environment, _SEARCH)


def _python_runtime(bench: Bench, handler: str) -> list[str]:
    return [str(bench.python), "-m", "awslambdaric", handler]
