"""Models from a package, in place of botocore's own."""

import json
from pathlib import Path
from typing import Any, cast

import botocore.session
import pytest
from botocore.exceptions import DataNotFoundError
from botocore.loaders import Loader

from service_kit.aws_models import use_packaged_models


def client(session: botocore.session.Session, service: str) -> Any:
    return session.create_client(
        cast("Any", service), region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )


@pytest.fixture
def packaged(tmp_path: Path) -> Path:
    """A package that knows SSM alone, and of that one operation."""
    whole = Loader()
    version = whole.determine_latest_version("ssm", "service-2")
    model = whole.load_service_model("ssm", "service-2")
    model["operations"] = {"GetParameter": model["operations"]["GetParameter"]}
    folder = tmp_path / "aws_models" / "ssm" / version
    folder.mkdir(parents=True)
    (folder / "service-2.json").write_text(json.dumps(model))
    return tmp_path / "aws_models"


def test_a_client_is_made_from_the_packaged_model(packaged: Path) -> None:
    session = botocore.session.Session()
    use_packaged_models(session, packaged)
    ssm = client(session, "ssm")
    assert hasattr(ssm, "get_parameter")
    assert not hasattr(ssm, "put_parameter")


def test_what_is_not_packaged_comes_from_botocore(packaged: Path) -> None:
    session = botocore.session.Session()
    use_packaged_models(session, packaged)
    assert hasattr(client(session, "sqs"), "send_message")
    assert client(session, "dynamodb").get_paginator("query")


def test_without_packaged_models_a_session_is_as_ever(tmp_path: Path) -> None:
    session = botocore.session.Session()
    before = session.get_component("data_loader")
    use_packaged_models(session, tmp_path / "aws_models")
    assert session.get_component("data_loader") is before


def test_a_package_that_lacks_a_model_is_helped_with_its_paginators_too(packaged: Path) -> None:
    session = botocore.session.Session()
    use_packaged_models(session, packaged)
    loader: Any = session.get_component("data_loader")
    assert set(loader.load_service_model("ssm", "service-2")["operations"]) == {"GetParameter"}
    assert loader.load_service_model("dynamodb", "service-2", api_version="2012-08-10")["metadata"]
    with pytest.raises(DataNotFoundError):
        loader.load_service_model("dynamodb", "service-2", api_version="1999-01-01")


def test_what_another_version_adds_to_a_model_is_not_added(packaged: Path) -> None:
    session = botocore.session.Session()
    use_packaged_models(session, packaged)
    loader: Any = session.get_component("data_loader")
    (version,) = (folder.name for folder in (packaged / "ssm").iterdir())
    with pytest.raises(DataNotFoundError):
        loader.load_data_with_path(f"ssm/{version}/service-2.sdk-extras")


def test_what_is_packaged_is_all_that_is_looked_through(packaged: Path) -> None:
    session = botocore.session.Session()
    use_packaged_models(session, packaged)
    loader: Any = session.get_component("data_loader")
    assert loader.search_paths == [str(packaged)]
