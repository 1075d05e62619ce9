"""Takes out of botocore's data what a Lambda reads of it, run by an interpreter that has botocore.

    python aws_models.py FOLDER dynamodb ssm=GetParameter,GetParameters …

With operations, the others of that service are left out.

Lambda's botocore looks through the folders of four hundred services before it makes the first client, and
reads documentation and the endpoints of all. The models of a few services, without documentation, have the
same form.
"""

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore

DATA = Path(botocore.__file__).parent / "data"
OF_ALL_SERVICES = ("_retry", "partitions", "sdk-default-configuration")
OF_A_SERVICE = ("service-2", "service-2.sdk-extras", "endpoint-rule-set-1")


def main() -> None:
    """Write what the command line asks for; a service that botocore does not know is left out."""
    folder = Path(sys.argv[1])
    operations = {name: wanted.split(",") if wanted else [] for name, _, wanted in map(_parts, sys.argv[2:])}
    services = list(operations)
    for name in OF_ALL_SERVICES:
        write(folder / f"{name}.json", read(DATA / name))
    endpoints = read(DATA / "endpoints")
    for partition in endpoints["partitions"]:
        known = partition["services"]
        # Under the name in a service's endpoints, which may be another than the folder's.
        wanted = {*services, *(endpoint_prefix(service) for service in services)}
        partition["services"] = {name: known[name] for name in known if name in wanted}
    write(folder / "endpoints.json", endpoints)
    for service in services:
        newest = newest_version(service)
        for name in OF_A_SERVICE:
            if newest and (model := read(newest / name)) is not None:
                if name == "service-2" and operations[service]:
                    keep_operations(model, operations[service])
                write(folder / service / newest.name / f"{name}.json", model)


def _parts(argument: str) -> tuple[str, str, str]:
    return argument.partition("=")


def keep_operations(model: dict[str, Any], wanted: list[str]) -> None:
    """Leave out of a service's model the other operations, and the shapes that only they have."""
    model["operations"] = {name: made for name, made in model["operations"].items() if name in wanted}
    shapes: dict[str, Any] = {}
    waiting = list(shape_names(model["operations"]))
    while waiting:
        name = waiting.pop()
        if name not in shapes:
            shapes[name] = model["shapes"][name]
            waiting += shape_names(shapes[name])
    model["shapes"] = shapes


def shape_names(node: Any) -> Iterator[str]:
    """Yield the names of the shapes that a part of a model refers to."""
    for name, value in node.items() if isinstance(node, dict) else enumerate(node):
        if name == "shape" and isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            yield from shape_names(value)


def newest_version(service: str) -> Path | None:
    """Return the folder that botocore takes for a service when no version is asked for."""
    versions = [path for path in (DATA / service).glob("*") if path.is_dir()]
    return max(versions, default=None, key=lambda path: path.name)


def endpoint_prefix(service: str) -> str:
    """Return the name under which a service's endpoints are listed."""
    newest = newest_version(service)
    return str(read(newest / "service-2")["metadata"]["endpointPrefix"]) if newest else service


def read(path: Path) -> Any:
    """Return a model by its path without the ending, None when there is none."""
    plain, compressed = path.with_name(f"{path.name}.json"), path.with_name(f"{path.name}.json.gz")
    if compressed.is_file():
        return json.loads(gzip.decompress(compressed.read_bytes()))
    return json.loads(plain.read_bytes()) if plain.is_file() else None


def write(path: Path, model: Any) -> None:
    """Write a model as short as it can be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shortened = without_documentation(model)
    for parameter in shortened.get("clientContextParams", {}).values():
        # botocore asks for the text when it makes the first request.
        parameter["documentation"] = ""
    path.write_text(json.dumps(shortened, separators=(",", ":")), encoding="utf-8")


def without_documentation(node: Any) -> Any:
    """Return a model without the texts for people; a member of that name is no text, and stays.

    botocore reads the texts of `clientContextParams`, which S3 has.
    """
    if isinstance(node, dict):
        return {
            name: value if name == "clientContextParams" else without_documentation(value)
            for name, value in node.items()
            if not (name == "documentation" and isinstance(value, str))
        }
    return [without_documentation(value) for value in node] if isinstance(node, list) else node


if __name__ == "__main__":
    main()
