"""The archive that the template makes on AWS, and the one that stagectl makes on the emulator, are alike."""

import json

from stagectl import event_archive
from stagectl.yaml_loader import load_mapping

from .conftest import ROOT


def test_the_emulator_archives_under_the_same_name_what_aws_archives() -> None:
    template = load_mapping(ROOT / "shared-infra" / "resources" / "event-bus.yml")
    archive = template["Resources"]["EventArchive"]["Properties"]

    assert archive["EventPattern"] == json.loads(event_archive.EVENT_PATTERN)
    name = archive["ArchiveName"].replace("${self:service}", "shared-infra").replace("${sls:stage}", "dev")
    assert name == event_archive.name_of("dev")
