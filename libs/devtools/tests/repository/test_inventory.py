"""What is listed before and after a stage's life is all that a stage can make."""

from stagectl.preview_life import inventory

from .conftest import Compiled

# Acceptance brings up a preview, which has no releases.
OF_PERMANENT_STAGES = {"AWS::CodeDeploy::Application", "AWS::CodeDeploy::DeploymentGroup"}


def test_every_type_of_the_templates_is_listed_or_told_by_what_it_is_part_of(
    compiled: dict[str, Compiled],
) -> None:
    declared = {resource["Type"] for stack in compiled.values() for resource in stack.resources.values()}

    listed = declared - inventory.PARTS.keys() - OF_PERMANENT_STAGES
    assert listed == inventory.KINDS.keys() - {"AWS::CloudFormation::Stack"}
    assert inventory.PARTS.keys() <= declared
    assert set(inventory.PARTS.values()) <= inventory.KINDS.keys()
