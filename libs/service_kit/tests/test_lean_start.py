"""The tricks of a cold start, each in a process of its own, since they change what is imported afterwards."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from service_kit.lean_start import TRICKS

PACKAGE = Path(__file__).parent.parent
BEGIN = "from service_kit import lean_start; lean_start.begin()\n"


def said(program: str, **variables: str) -> str:
    environment = {
        "PATH": os.environ["PATH"],
        "AWS_LAMBDA_FUNCTION_NAME": "orders-test-place-order",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI",
        "SERVICE_NAME": "orders",
        "POWERTOOLS_METRICS_NAMESPACE": "Kitchen",
        "STAGE": "test",
        **variables,
    }
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=PACKAGE,
        env={name: value for name, value in environment.items() if value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_collector_rests_until_the_first_answer() -> None:
    program = "import gc\n" + BEGIN + "print(gc.isenabled()); lean_start.finish(); "
    assert said(program + "print(gc.isenabled(), gc.get_freeze_count() > 0)").split() == [
        "False",
        "True",
        "True",
    ]


def test_an_invocation_ends_the_lean_start() -> None:
    program = "import gc\n" + BEGIN + "from service_kit.invocation import invocation\n"
    assert said(program + "with invocation(None): pass\nprint(gc.isenabled())").endswith("True")


def test_nothing_changes_outside_of_lambda() -> None:
    program = BEGIN + "import gc, sys; print(gc.isenabled(), 'boto3' in sys.modules)"
    assert said(program, AWS_LAMBDA_FUNCTION_NAME="") == "True False"


@pytest.mark.parametrize("off", [*TRICKS, "all", ", ".join(TRICKS)])
def test_tricks_can_be_switched_off(off: str) -> None:
    program = (
        BEGIN
        + "from service_kit.clients import table, client; table('orders'); client('ssm'); print('works')"
    )
    assert said(program, SERVICE_KIT_LEAN_OFF=off) == "works"


def test_conditions_are_used_without_the_rest_of_boto3() -> None:
    program = BEGIN + "import sys; from boto3.dynamodb.conditions import Key\n"
    program += "print('boto3.session' in sys.modules, Key('a').eq(1).get_expression()['operator'])"
    assert said(program) == "False ="


@pytest.mark.parametrize("moment", ["", "lean_start.finish()"])
def test_who_asks_boto3_for_more_gets_all_of_it(moment: str) -> None:
    program = f"""{BEGIN}
from boto3.dynamodb.conditions import ConditionBase, Key
{moment}
import boto3
import boto3.dynamodb.conditions
resource = boto3.resource("dynamodb").Table("orders")
upload = boto3.client("s3").upload_file
from s3transfer.manager import TransferConfig, TransferManager
print(boto3.__version__ > "1", isinstance(Key("a").eq(1), boto3.dynamodb.conditions.ConditionBase))
print(TransferConfig().multipart_threshold > 0)
"""
    assert said(program).split() == ["True", "True", "True"]


def test_who_asks_for_a_version_gets_it() -> None:
    program = BEGIN + "from importlib.metadata import PackageNotFoundError, version\n"
    assert said(program + "print(version('pydantic'), PackageNotFoundError.__name__)").endswith(
        "NotFoundError"
    )


def test_jmespath_works_when_it_is_asked() -> None:
    assert said(BEGIN + "import jmespath; print(jmespath.search('a.b', {'a': {'b': 1}}))") == "1"


def test_paginators_and_waiters_work_without_docstrings() -> None:
    program = BEGIN + "from service_kit.clients import client; dynamodb = client('dynamodb')\n"
    program += "print(dynamodb.get_paginator('query').__class__.__name__, repr(dynamodb.query.__doc__))"
    assert said(program) == "DynamoDB.Paginator.Query ''"


def test_models_are_as_ever_without_typed_dictionaries_for_the_core() -> None:
    program = (
        BEGIN
        + """
from typing_extensions import TypedDict
from pydantic import BaseModel, ConfigDict, TypeAdapter
class Place(TypedDict, total=False):
    name: str
class Order(BaseModel):
    model_config = ConfigDict(frozen=True)
    place: Place
print(Order.model_validate_json('{"place": {}}'), sorted(TypeAdapter(Place).json_schema()["properties"]))
"""
    )
    assert said(program) == "place={} ['name']"


def test_what_was_compiled_before_finds_the_same() -> None:
    program = """
import json, re, sys
from service_kit.compiled_patterns import install, stored_patterns
subjects = ["", "a", "2026-01-05T10:00:00Z", "[::1]:443", "https://user@host:1/p?q#f", "x" * 40, "\\ud800\\n"]
patterns = [key for key in stored_patterns() or {} if isinstance(key[0], str)]
def find():
    re.purge()
    return [[str(re.compile(*key).search(text)) for text in subjects] for key in patterns]
before = find()
print(install() or not patterns, find() == before)
"""
    assert said(program).endswith("True")
