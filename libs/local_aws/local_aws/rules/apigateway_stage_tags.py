"""A stage of an API has one set of tags: what `TagResource` and `UntagResource` do is seen in the stage.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-supported-resources.html
"""

import re
from typing import Any

from ministack.services import apigateway_v1

_STAGE = re.compile(r"arn:[^:]+:apigateway:[^:]*::/restapis/(?P<api>[^/]+)/stages/(?P<name>[^/]+)")


def install() -> None:
    """Let what changes tags change those of the stage, which a stack or a creation gave it."""
    tag, untag, get = (
        apigateway_v1._tag_v1_resource,
        apigateway_v1._untag_v1_resource,
        apigateway_v1._get_v1_tags,
    )

    def tag_resource(resource_arn: str, data: dict[str, Any]) -> Any:
        answer = tag(resource_arn, data)
        _tags_of_stage(resource_arn).update(data.get("tags", {}))
        return answer

    def untag_resource(resource_arn: str, tag_keys: list[str]) -> Any:
        answer = untag(resource_arn, tag_keys)
        tags = _tags_of_stage(resource_arn)
        for key in tag_keys:
            tags.pop(key, None)
        return answer

    def get_tags(resource_arn: str) -> Any:
        answer = get(resource_arn)
        tags = _tags_of_stage(resource_arn)
        return apigateway_v1._v1_response({"tags": tags}) if tags else answer

    apigateway_v1._tag_v1_resource = tag_resource
    apigateway_v1._untag_v1_resource = untag_resource
    apigateway_v1._get_v1_tags = get_tags


def _tags_of_stage(resource_arn: str) -> dict[str, str]:
    """Return the tags of an API's stage, to be changed in place; a new empty set for any other resource."""
    found = _STAGE.fullmatch(resource_arn)
    stage = apigateway_v1._stages_v1.get(found["api"], {}).get(found["name"]) if found else None
    if stage is None:
        return {}
    tags: dict[str, str] = stage.setdefault("tags", {})
    return tags
