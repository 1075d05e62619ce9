"""What is listed before and after a stage's life is all that a stage can make."""

from stagectl.checkout import services
from stagectl.preview_life import inventory

from .conftest import ROOT, Compiled

# Acceptance brings up a preview, which has no releases and no opt-in stack.
NOT_OF_PREVIEWS = {
    "AWS::CodeDeploy::Application",
    "AWS::CodeDeploy::DeploymentGroup",
    # Of stages with an edge.  # only-with-example-services
    "AWS::SecretsManager::Secret",  # only-with-example-services
}


def test_every_type_of_the_templates_is_listed_or_told_by_what_it_is_part_of(
    compiled: dict[str, Compiled],
) -> None:
    declared = {
        resource["Type"]
        for name, stack in services.discover(ROOT).items()
        if not stack.is_opt_in
        for resource in compiled[name].resources.values()
    }

    listed = declared - inventory.PARTS.keys() - NOT_OF_PREVIEWS
    assert listed <= inventory.KINDS.keys()
    assert inventory.KINDS.keys() - {"AWS::CloudFormation::Stack"} <= listed  # only-with-example-services
    assert inventory.PARTS.keys() <= declared  # only-with-example-services
    assert set(inventory.PARTS.values()) <= inventory.KINDS.keys()
