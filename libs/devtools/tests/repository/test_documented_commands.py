"""Every command that a page shows exists, and is run by a test or has a reason why not."""

import pytest

from devtools.site import command_check, commands

from .conftest import ROOT


def test_every_command_of_a_page_exists_with_its_options_arguments_and_paths() -> None:
    complaints = [command_check.complaint(command, ROOT) for command in commands.shown(ROOT)]

    assert complaints
    assert [complaint for complaint in complaints if complaint] == []


def test_every_command_that_a_sentence_names_exists_with_its_options() -> None:
    complaints = [
        f"{page}: {complaint}"
        for page, text in commands.mentioned(ROOT)
        if (complaint := command_check.mention_complaint(text))
    ]

    assert complaints == []


@pytest.mark.parametrize("beginning", commands.not_run())
def test_what_is_not_run_is_a_command_of_a_page(beginning: str) -> None:
    assert any(str(command).startswith(beginning) for command in commands.shown(ROOT))


def test_only_commands_of_stagectl_are_run_on_a_stage() -> None:
    assert {program for program, *_ in commands.runnable(ROOT)} == {"stagectl"}


def commands_in(*lines: str) -> list[str]:
    block = "\n".join(["```sh", *lines, "```"])
    return [str(command) for command in commands.in_page(block, "page.md")]


def test_comments_quotes_and_continued_lines_are_understood() -> None:
    assert commands_in("stagectl urls   # where", "aws s3 ls \\", "  'a b'") == [
        "stagectl urls",
        "aws s3 ls a b",
    ]


def test_each_part_of_a_line_is_a_command() -> None:
    line = "X=1 stagectl urls && (cd libs; ls) | cat $(aws s3 ls)"

    assert commands_in(line) == ["aws s3 ls", "stagectl urls", "cd libs", "ls", "cat SUBSTITUTED"]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("stagectl nonsense", "has no command nonsense"),
        ("stagectl logs events event-logger --nonsense", "No such option"),
        ("stagectl dlq peek", "Missing argument"),
        ("npm run nonsense", "has no script nonsense"),
        ("npm start -- --nonsense", "No such option"),
        ("aws dynamodb get-thing", "has no operation get-thing"),
        ("aws dynamodb get-item --table TABLE", "has no option --table"),
        ("sls remove --stage dev", "sls remove is not known here"),
        ("pytest services/nonsense", "services/nonsense is not there"),
        (".venv/bin/python -m benchmarks.nonsense", "benchmarks/nonsense is not there"),
        ("cd nonsense", "nonsense is not there"),
        ("nonsense", "no rule says how to check nonsense"),
    ],
)
def test_a_command_that_does_not_exist_is_found(line: str, complaint: str) -> None:
    (command,) = commands.in_page(f"```sh\n{line}\n```", "page.md")

    assert complaint in str(command_check.complaint(command, ROOT))


def test_an_option_in_a_sentence_that_does_not_exist_is_found() -> None:
    assert (
        command_check.mention_complaint("stagectl logs --nonsense")
        == "stagectl logs has no option --nonsense"
    )
