"""What the workflow `release` does: bills of materials and checksums are published, attested, once."""

from pathlib import Path
from typing import Any

from workflow_runs import github_script
from workflow_runs.documents import load
from workflow_runs.run import Run

[SCRIPT] = [
    step["with"]["script"]
    for step in load("release.yml")["jobs"]["publish"]["steps"]
    if "script" in step.get("with", {})
]


def publish(folder: Path, *releases: dict[str, Any]) -> github_script.Ran:
    (folder / "release").mkdir()
    for name in ("SHA256SUMS", "notes.md", "sbom-orders.cdx.json"):
        (folder / "release" / name).write_text("Added: a menu\n")
    return github_script.run(SCRIPT, folder=folder, releases=releases, variables={"VERSION": "0.2.0"})


def test_what_is_published_is_what_the_other_job_wrote_and_is_attested(tmp_path: Path) -> None:
    run = Run(tmp_path / "run", "push", {}).start("release.yml")

    assert run.commands == [["npx", "stagectl", "release-files", "release"]]
    assert run.jobs["files"].outputs == {"version": "done"}  # the stand-in's answer
    [attested] = run.jobs["publish"].action("actions/attest")
    assert attested == {"subject-checksums": "release/SHA256SUMS"}
    assert run.jobs["publish"].variables["VERSION"] == "done"


def test_a_release_is_a_draft_until_all_its_files_are_there(tmp_path: Path) -> None:
    ran = publish(tmp_path)

    assert [verb for verb, _ in ran.calls] == ["create", "upload", "upload", "update"]
    created, *uploaded, updated = [given for _, given in ran.calls]
    assert (created["tag_name"], created["target_commitish"], created["draft"]) == ("v0.2.0", "5ha", True)
    assert created["body"] == "Added: a menu\n"
    assert {given["name"] for given in uploaded} == {"SHA256SUMS", "sbom-orders.cdx.json"}
    assert (updated["release_id"], updated["draft"]) == (7, False)


def test_a_version_is_published_once(tmp_path: Path) -> None:
    ran = publish(tmp_path, {"id": 1, "tag_name": "v0.2.0", "draft": False})

    assert (ran.calls, ran.result) == ([], "v0.2.0 is there already")


def test_a_draft_that_a_failed_run_left_is_replaced(tmp_path: Path) -> None:
    ran = publish(tmp_path, {"id": 1, "tag_name": "v0.2.0", "draft": True}, {"id": 2, "tag_name": "v0.1.0"})

    assert ran.calls[0] == [
        "delete",
        {"owner": github_script.OWNER, "repo": github_script.NAME, "release_id": 1},
    ]
    assert ran.result == "v0.2.0 is published"
