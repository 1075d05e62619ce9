"""The catalogue of events: it is up to date, consumers understand producers, and personal data is marked."""

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import pytest
from pydantic import BaseModel, ValidationError

from devtools.contracts import catalogue, overviews
from devtools.contracts.catalogue import log_fields, rules
from devtools.contracts.handler_import import handler_of
from service_kit.testing import bus_event
from stagectl.checkout.services import package_of
from stagectl.checkout.yaml_loader import load_mapping

from .conftest import ROOT, SERVICES, Compiled

EVENTS = {
    schema["title"]: schema
    for path in sorted(ROOT.glob("services/*/events/*.schema.json"))
    for schema in [json.loads(path.read_text(encoding="utf-8"))]
}
KIT = ROOT / "libs" / "service_kit" / "service_kit"
# Fields of log lines whose names stand in no call: Powertools writes them, or they are in a mapping.
WRITTEN_OTHERWISE = {
    *("attempt", "exception", "exception_name", "function", "level", "location", "message"),
    *("sampling_rate", "service", "stage", "timestamp", "xray_trace_id"),
}
PERSONAL_NAME = re.compile(
    r"e[-_]?mail|phone|mobile|address|birth|gender|passport|password|credit|iban|(?:^|[._])ip(?:$|[._])"
    r"|(?:given|family|first|last|full|nick|user|customer|person)[._]?(?:name|id)|(?:^|\.)sub$|latitude|longitude"
)


class Reader(NamedTuple):
    """A function that reads an event."""

    service: str
    function: str
    event: str

    @property
    def model(self) -> type[BaseModel]:
        """What the function parses a message of its queue with."""
        document = load_mapping(ROOT / "services" / self.service / "serverless.yml")
        model: type[BaseModel] = handler_of(document, self.function).contract.event
        return model

    @property
    def needs(self) -> set[str]:
        """The fields of the detail that the function cannot do without, by their names in JSON."""
        detail = self.model.model_fields["detail"].annotation
        assert detail is not None
        return set(detail.model_json_schema().get("required", ()))

    def reads(self, detail: object) -> bool:
        """Return whether the function understands an event with this detail."""
        try:
            self.model.model_validate_json(json.dumps(bus_event(detail, detail_type=self.event)))
        except ValidationError:
            return False
        return True


def readers() -> Iterator[Reader]:
    for service in SERVICES:
        custom = load_mapping(ROOT / "services" / service / "serverless.yml")["custom"]
        for queue in custom.get("eventQueues", {}).values():
            for event in EVENTS:
                if event in queue.get("detailTypes", ()) and "consumer" in queue:
                    yield Reader(service, queue["consumer"], event)


READERS = list(readers())


def document_of(compiled: dict[str, Compiled]) -> dict[str, Any]:
    return catalogue.catalogue(ROOT, {name: one.template for name, one in compiled.items()})


def test_the_overviews_are_up_to_date(compiled: dict[str, Compiled]) -> None:
    templates = {name: one.template for name, one in compiled.items()}
    assert overviews.outdated(ROOT, templates) == [], "run `stagectl generate`"


@pytest.mark.parametrize("name", EVENTS)
def test_the_examples_of_an_event_are_one_with_all_fields_and_one_with_the_required_ones(name: str) -> None:
    schema = EVENTS[name]
    full, minimal = schema["examples"][0], schema["examples"][-1]
    jsonschema.Draft202012Validator.check_schema(schema)
    for example in schema["examples"]:
        jsonschema.validate(example, schema)
    assert full.keys() == {field for field, one in schema["properties"].items() if one is not False}
    assert minimal.keys() == set(schema["required"])


@pytest.mark.parametrize("reader", READERS, ids=lambda one: f"{one.service}-{one.function}-{one.event}")
def test_a_consumer_understands_every_example_of_its_producer(reader: Reader) -> None:
    for example in EVENTS[reader.event]["examples"]:
        assert reader.reads(example)
        assert reader.reads(example | {"addedLater": {"by": ["its", "producer"]}})


@pytest.mark.parametrize("reader", READERS, ids=lambda one: f"{one.service}-{one.function}-{one.event}")
def test_a_producer_that_removes_or_retypes_a_needed_field_is_noticed(reader: Reader) -> None:
    example = EVENTS[reader.event]["examples"][0]
    assert reader.needs
    for field in reader.needs:
        assert field in EVENTS[reader.event]["required"]
        assert not reader.reads({name: value for name, value in example.items() if name != field})
        assert not reader.reads(example | {field: {"of": "another type"}})


def test_every_consumer_of_the_templates_is_checked(compiled: dict[str, Compiled]) -> None:
    templates = {name: one.template for name, one in compiled.items()}
    found = {
        Reader(one.service, one.function, event)
        for event in EVENTS
        for one in rules.consumers(templates, event)
        # The archive knows no event by its fields; its own tests read all examples.
        if one.function not in {None, "event-logger"}
    }
    assert found == set(READERS)


def test_every_event_has_a_producer_and_a_consumer(compiled: dict[str, Compiled]) -> None:
    events = {event["name"]: event for event in document_of(compiled)["events"]}
    if not events["user_erasure_requested"]["consumers"]:
        # No service holds data of people yet.
        del events["user_erasure_requested"], events["user_erased"]
    for event in events.values():
        assert event["producers"], event["name"]
        assert event["consumers"], event["name"]


def unmarked(fields: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the fields whose names say that they are personal data, and that are not marked so."""
    # `customerId` and `customer_id` are one name.
    return [
        one["name"]
        for one in fields
        if not one["personalData"]
        and PERSONAL_NAME.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", one["name"]).lower())
    ]


def test_a_field_whose_name_says_that_it_is_personal_data_is_marked(compiled: dict[str, Compiled]) -> None:
    document = document_of(compiled)
    fields = [
        *(field for event in document["events"] for field in event["fields"]),
        *(field for topic in document["topics"] for field in (*topic["fields"], *topic["attributes"])),
        *document["logFields"],
        *({"name": member, "personalData": None} for member in document["loggedMembers"]),
    ]
    assert unmarked(fields) == []


@pytest.mark.parametrize(
    "name",
    ["email", "contact.eMail", "customerId", "customer_id", "givenName", "phoneNumber", "address", "sub"],
)
def test_an_unmarked_name_of_personal_data_is_noticed(name: str) -> None:
    assert unmarked([{"name": name, "personalData": None}]) == [name]
    assert unmarked([{"name": name, "personalData": "identity"}]) == []


@pytest.mark.parametrize(
    "name", ["orderId", "restaurantName", "function_name", "subject", "recipe", "service"]
)
def test_other_names_need_no_mark(name: str) -> None:
    assert unmarked([{"name": name, "personalData": None}]) == []


def test_every_field_that_code_logs_is_declared_with_its_meaning() -> None:
    folders = [KIT, *(ROOT / "services" / service / package_of(service) for service in SERVICES)]
    written = set[str]().union(*map(log_fields.written, folders))
    assert {field["name"] for field in log_fields.declared()} == written | WRITTEN_OTHERWISE


def counted() -> Iterator[tuple[str, str]]:
    """Yield name and unit of the metrics that code counts under a literal name."""
    for folder in [KIT, *(ROOT / "services").glob("*/*")]:
        for path in folder.rglob("*.py") if folder.is_dir() and folder.name != "tests" else ():
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("metrics.add_metric"):
                    named = {one.arg: one.value for one in node.keywords}
                    if isinstance(named["name"], ast.Constant):
                        unit = ast.unparse(named["unit"]).rpartition(".")[2].strip("'")
                        yield str(named["name"].value), unit


def test_every_metric_that_is_counted_or_watched_has_a_meaning_and_its_unit() -> None:
    units = {one["name"]: one["unit"] for one in catalogue.metrics.declared(ROOT)}
    for name, unit in counted():
        assert units[name] == unit
    for path in [*ROOT.glob("services/*/service-levels.yml")]:
        levels = load_mapping(path)
        graphs = [metric for graph in levels.get("dashboard", ()) for metric in graph["metrics"]]
        watched = [signal["metric"] for signal in levels.get("signals", {}).values()]
        own = {one["name"] for one in [*graphs, *watched] if "namespace" not in one}
        assert own <= units.keys(), path


def test_every_topic_of_a_service_has_the_schema_of_its_messages(compiled: dict[str, Compiled]) -> None:
    topics = {
        (name, topic["TopicName"].rpartition("-")[2])
        for name, one in compiled.items()
        for topic in one.of_type("AWS::SNS::Topic").values()
        # Its messages are CloudWatch's.
        if name != "shared-infra"
    }
    described = {
        (path.parents[1].name, path.name.removesuffix(".schema.json"))
        for path in Path(ROOT).glob("services/*/messages/*.schema.json")
    }
    assert described == topics
