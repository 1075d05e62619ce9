"""Mark what is personal data, where the model of an event or a message declares it.

    customer_id: Annotated[str, PersonalData("pseudonym")]

The mark stands in the JSON Schema as `x-personal-data`. The catalogue of events lists it, and the archive of
events leaves such fields out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler

__all__ = ["MARK", "PersonalData"]

MARK = "x-personal-data"


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Says that a field is personal data.

    Attributes:
        kind: `identity` names a person by itself, such as an e-mail address; `pseudonym` leads to a person
            only with the data of another service, such as a user's id.
    """

    kind: Literal["identity", "pseudonym"]

    def __get_pydantic_json_schema__(self, core_schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Add the mark to the field's schema."""
        return {**handler(core_schema), MARK: self.kind}
