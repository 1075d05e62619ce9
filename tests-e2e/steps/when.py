"""The actions of scenarios."""

import json

from stagectl.checkout.facts import EVENT_SOURCE

from steps.given import Person
from support.stage import Stage


def a_person_signs_up(stage: Stage, person: Person, *without: str, password: str | None = None) -> None:
    """Sign up at the page's client, leaving some attributes out."""
    stage.cognito.sign_up(
        ClientId=stage.published("auth", "webClientId"),
        Username=person.username,
        Password=person.password if password is None else password,
        UserAttributes=[given for given in person.attributes if given["Name"] not in without],
    )


def an_event_happens(stage: Stage, detail_type: str, detail: object) -> None:
    """Publish an event on the stage's bus, as a service does."""
    said = stage.events.put_events(
        Entries=[
            {
                "EventBusName": stage.published("shared-infra", "eventBusName"),
                "Source": EVENT_SOURCE,
                "DetailType": detail_type,
                "Detail": json.dumps(detail),
            }
        ]
    )
    assert said["FailedEntryCount"] == 0, said
