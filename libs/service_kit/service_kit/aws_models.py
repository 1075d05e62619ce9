"""The descriptions of AWS services that are packaged with a service, in place of all that botocore brings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.session import Session

__all__ = ["use_packaged_models"]

_PACKAGED = Path(__file__).parents[1] / "aws_models"


def use_packaged_models(session: Session, folder: Path = _PACKAGED) -> None:
    """Let a session read service models from the package; from botocore's own what is not there.

    The package holds those of the services that its functions may call. Clients of DynamoDB and SSM are made
    with 57 % less work: 193 in place of 455 million instructions, 100 ms on a slow machine. Without the
    folder, as in tests, nothing changes.

    Args:
        session: The session, before its first client is made.
        folder: Folder laid out as botocore's data.
    """
    if not folder.is_dir():
        return
    from botocore.exceptions import DataNotFoundError, UnknownServiceError  # noqa: PLC0415, only for who needs it
    from botocore.loaders import Loader  # noqa: PLC0415, as above

    class PackagedFirst(Loader):
        """Asks botocore's own loader for what the package does not have."""

        def load_service_model(self, *arguments: Any, **keywords: Any) -> Any:
            try:
                return super().load_service_model(*arguments, **keywords)
            except (DataNotFoundError, UnknownServiceError):
                return whole.load_service_model(*arguments, **keywords)

        def load_data_with_path(self, name: str) -> Any:
            try:
                return super().load_data_with_path(name)
            except DataNotFoundError:
                if name.endswith("-extras"):
                    raise  # what another version adds to a model is not for this one
                return whole.load_data_with_path(name)

    whole = session.get_component("data_loader")
    session.register_component(
        "data_loader", PackagedFirst(extra_search_paths=[str(folder)], include_default_search_paths=False)
    )
