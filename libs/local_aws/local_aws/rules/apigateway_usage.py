"""`GetUsage` reports the requests of each key of a usage plan, by day, with what was left of the quota.

https://docs.aws.amazon.com/apigateway/latest/api/API_GetUsage.html
MiniStack counts for quotas and not by day, so all requests are reported on the last day asked for.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from ministack.services import apigateway_v1

_PATH = re.compile(r"/usageplans/(?P<plan>[^/]+)/usage")


def install() -> None:
    """Answer the call, which MiniStack takes for `GetUsagePlan`."""
    handle = apigateway_v1.handle_request

    async def handle_request(method: str, path: str, headers: Any, body: Any, query_params: Any) -> Any:
        found = _PATH.fullmatch(path)
        if method == "GET" and found and found["plan"] in apigateway_v1._usage_plans:
            return _usage(found["plan"], query_params)
        return await handle(method, path, headers, body, query_params)

    apigateway_v1.handle_request = handle_request


def _usage(plan_id: str, query_params: Mapping[str, Any]) -> Any:
    start, end = (apigateway_v1._qp(query_params, name) for name in ("startDate", "endDate"))
    days_before = (date.fromisoformat(end) - date.fromisoformat(start)).days
    limit = int(apigateway_v1._usage_plans[plan_id].get("quota", {}).get("limit", 0))
    values = {
        key_id: [[0, limit]] * days_before + [[used, limit - used]]
        for (plan, key_id), (used, _) in apigateway_v1._quota_state.items()
        if plan == plan_id
    }
    return apigateway_v1._v1_response(
        {"usagePlanId": plan_id, "startDate": start, "endDate": end, "values": values}
    )
