import json
from typing import Any, cast

import pytest

from stagectl.configuration.stored import CANARY, StoredConfiguration, changes
from stagectl.errors import StagectlError, UsageError

from ..fakes.ssm import WRITER, FakeSsm

NAME = "/orders/dev/place-order/config"


@pytest.fixture
def ssm() -> FakeSsm:
    return FakeSsm()


@pytest.fixture
def stored(ssm: FakeSsm) -> StoredConfiguration:
    return StoredConfiguration(cast("Any", ssm), NAME)


def test_what_is_not_configured_is_version_0_without_fields(stored: StoredConfiguration) -> None:
    newest = stored.newest()
    assert (newest.number, newest.fields, stored.versions()) == (0, {}, [])


def test_the_parameter_holds_the_fields_and_nothing_else(ssm: FakeSsm, stored: StoredConfiguration) -> None:
    assert stored.write({"patienceSeconds": 600}, after=0) == 1
    assert ssm.parameters[NAME] == ("String", '{"patienceSeconds": 600}')


def test_the_history_says_who_wrote_which_version(stored: StoredConfiguration) -> None:
    for number, seconds in enumerate((600, 700)):
        stored.write({"patienceSeconds": seconds}, after=number)
    assert [(one.number, one.fields["patienceSeconds"], one.by) for one in stored.versions()] == [
        (2, 700, WRITER),
        (1, 600, WRITER),
    ]


def test_what_another_program_wrote_before_is_not_replaced(ssm: FakeSsm, stored: StoredConfiguration) -> None:
    stored.write({"patienceSeconds": 600}, after=0)
    with pytest.raises(UsageError, match=r"version 1 of .* was found and 0 expected"):
        stored.write({"patienceSeconds": 700}, after=0)
    assert ssm.values()[NAME] == '{"patienceSeconds": 600}'


def test_what_another_program_wrote_in_the_same_moment_is_reported(
    ssm: FakeSsm, stored: StoredConfiguration
) -> None:
    stored.write({"patienceSeconds": 600}, after=0)
    ssm.before_write = lambda: ssm.put_parameter(Name=NAME, Type="String", Value="{}", Overwrite=True)
    with pytest.raises(StagectlError, match=r"Version 3 .* was written and 2 expected"):
        stored.write({"patienceSeconds": 700}, after=1)


def test_of_two_programs_that_create_it_one_is_refused(ssm: FakeSsm, stored: StoredConfiguration) -> None:
    ssm.before_write = lambda: ssm.put_parameter(Name=NAME, Type="String", Value="{}")
    with pytest.raises(UsageError, match="another program has created"):
        stored.write({"patienceSeconds": 700}, after=0)
    assert ssm.values()[NAME] == "{}"


@pytest.mark.parametrize("letter", ["x", "ü"])
def test_what_is_too_large_for_a_standard_parameter_is_refused(
    ssm: FakeSsm, stored: StoredConfiguration, letter: str
) -> None:
    room = 4096 - len(json.dumps({"note": ""}))
    stored.write({"note": letter * (room // len(letter.encode()))}, after=0)
    with pytest.raises(UsageError, match="hold 4096"):
        stored.write({"note": letter * (room // len(letter.encode()) + 1)}, after=1)
    assert len(ssm.history[NAME]) == 1


@pytest.mark.parametrize("text", ["not JSON", "[]", '{"canary": {"percent": 10}}', '{"canary": 1}'])
def test_what_others_wrote_by_hand_has_no_running_canary(ssm: FakeSsm, text: str) -> None:
    ssm.put_parameter(Name=NAME, Type="String", Value=text)
    newest = StoredConfiguration(cast("Any", ssm), NAME).newest()
    assert (newest.fields, newest.has_running_canary) == ({}, False)
    assert (CANARY in newest.document) == (CANARY in text)


def test_changes_name_added_removed_and_other_fields() -> None:
    before = {"same": 1, "other": 1, "removed": True}
    assert changes(before, {"same": 1, "other": 2, "added": {"percent": 10}}) == [
        '+ added: {"percent": 10}',
        "~ other: 1 → 2",
        "- removed: true",
    ]
