"""The archive that the template makes is the one that `stagectl replay` looks for."""

from stagectl.checkout.yaml_loader import load_mapping
from stagectl.recovery import event_archive

from .conftest import ROOT


def test_events_are_archived_under_the_name_that_replays_look_for() -> None:
    template = load_mapping(ROOT / "shared-infra" / "resources" / "event-bus.yml")
    archive = template["Resources"]["EventArchive"]["Properties"]

    name = archive["ArchiveName"].replace("${self:service}", "shared-infra").replace("${sls:stage}", "dev")
    assert name == event_archive.name_of("dev")
