"""Which region a command works in."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stagectl import cli
from stagectl.aws import region
from stagectl.checkout import Checkout

CONFIG = """
[default]
output = json
[profile work]
region = ap-southeast-2
s3 =
  region = not-this-one
[profile "two words"]
region=eu-north-1
[profile silent]
output = text
[services local]
sqs =
  endpoint_url = http://127.0.0.1:1
"""
ROOT = Checkout.of_this_file().root


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text(CONFIG)
    return tmp_path


CHOICES = [
    ({"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-2", "AWS_PROFILE": "work"}, "eu-west-1"),
    ({"AWS_DEFAULT_REGION": "eu-west-2", "AWS_PROFILE": "work"}, "eu-west-2"),
    ({"AWS_REGION": "", "AWS_DEFAULT_REGION": "", "AWS_PROFILE": "work"}, "ap-southeast-2"),
    ({"AWS_PROFILE": "two words"}, "eu-north-1"),
    ({"AWS_DEFAULT_PROFILE": "work"}, "ap-southeast-2"),
    ({"AWS_PROFILE": "silent", "AWS_DEFAULT_PROFILE": "work"}, None),
    ({"AWS_PROFILE": "of nobody"}, None),
    ({}, None),
    ({"AWS_PROFILE": "work", "AWS_CONFIG_FILE": os.devnull}, None),
    ({"AWS_PROFILE": "work", "AWS_CONFIG_FILE": "/not/there"}, None),
    ({"AWS_PROFILE": "work", "AWS_CONFIG_FILE": "/"}, None),
]


@pytest.mark.parametrize(("user", "expected"), CHOICES)
def test_variables_choose_before_the_profile_and_nothing_is_assumed(
    home: Path, user: Mapping[str, str], expected: str | None
) -> None:
    assert region.chosen({"HOME": str(home), **user}) == expected


def test_the_default_profile_chooses_when_none_is_named(home: Path) -> None:
    (home / ".aws" / "config").write_text("[default]\nregion = eu-south-1\n")

    assert region.chosen({"HOME": str(home)}) == "eu-south-1"


@pytest.mark.parametrize("content", [b"[profile", b"\xff\xfe", b"region = x"])
def test_a_file_that_cannot_be_read_chooses_nothing(home: Path, content: bytes) -> None:
    (home / ".aws" / "config").write_bytes(content)

    assert region.chosen({"HOME": str(home)}) is None


_ASK = """
const region = require(process.env.MODULE);
region({ options: JSON.parse(process.env.OPTIONS), resolveVariable: async () => process.env.STAGE })
  .then((found) => console.log(found), (error) => console.log(error.message));
"""


def of_sls(
    user: Mapping[str, str], *, command: str = "deploy", options: str = "{}", stage: str = "dev"
) -> str:
    node = shutil.which("node")
    assert node
    asked = subprocess.run(
        [node, "-e", _ASK, "sls", command],
        env={**user, "MODULE": str(ROOT / "shared-infra/region.cjs"), "OPTIONS": options, "STAGE": stage},
        capture_output=True,
        text=True,
        check=True,
    )
    return asked.stdout.strip()


@pytest.mark.parametrize(("user", "expected"), CHOICES)
def test_sls_alone_chooses_likewise(home: Path, user: Mapping[str, str], expected: str | None) -> None:
    assert of_sls({"HOME": str(home), **user}) == (expected or region.WAY_OUT)


def test_sls_heeds_its_own_options(home: Path) -> None:
    user = {"HOME": str(home)}

    assert of_sls({**user, "AWS_REGION": "eu-west-1"}, options='{"region": "eu-west-3"}') == "eu-west-3"
    assert of_sls(user, options='{"aws-profile": "work"}') == "ap-southeast-2"


def test_compiling_needs_no_region(home: Path) -> None:
    assert of_sls({"HOME": str(home)}, command="package") == "us-east-1"
    assert of_sls({"HOME": str(home), "AWS_PROFILE": "work"}, command="package") == "ap-southeast-2"


@pytest.mark.parametrize(
    ("stage", "endpoint"), [("local", ""), ("dev", "http://127.0.0.1:4566"), ("pr-1", "http://localhost:1")]
)
def test_a_stage_on_the_emulator_is_in_its_region_whatever_the_profile_says(
    home: Path, stage: str, endpoint: str
) -> None:
    user = {"HOME": str(home), "AWS_PROFILE": "work", "AWS_ENDPOINT_URL": endpoint}

    assert of_sls(user, stage=stage) == region.LOCAL


@pytest.mark.parametrize(
    ("given", "understood"),
    [
        (
            ["up", "--region", "eu-west-1", "--stage", "dev"],
            ["--region", "eu-west-1", "up", "--stage", "dev"],
        ),
        (["up", "--region=eu-west-1"], ["--region=eu-west-1", "up"]),
        (["--region", "eu-west-1", "up"], ["--region", "eu-west-1", "up"]),
        (["up", "--region"], ["--region", "up"]),
        (["test", "--", "--region", "x"], ["test", "--", "--region", "x"]),
        (["up", "--region", "a", "--", "b"], ["--region", "a", "up", "--", "b"]),
        (["up", "--stage", "dev"], ["up", "--stage", "dev"]),
        ([], []),
    ],
)
def test_the_region_may_stand_anywhere_among_the_arguments(given: list[str], understood: list[str]) -> None:
    assert cli.region_first(given) == understood


def test_the_region_that_is_asked_for_goes_before_the_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")

    asked = CliRunner().invoke(cli.app, ["--region", "eu-central-1", "stage-name", "menu"])

    assert asked.exit_code == 0
    assert (os.environ["AWS_REGION"], os.environ["AWS_DEFAULT_REGION"]) == ("eu-central-1", "eu-central-1")
