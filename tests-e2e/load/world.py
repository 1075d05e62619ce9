"""What all customers of a run share: the stage, its URLs, and accounts to sign in with."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from gevent.pool import Pool
from gevent.queue import Queue

from load.measurements import Measurements
from steps import given
from steps.given import Person
from support.stage import Stage

# Cognito takes some tens of these a second.
SIMULTANEOUS = 8


@dataclass(frozen=True)
class World:
    """Everything around a customer."""

    stage: Stage
    web_url: str
    restaurants_url: str
    orders_url: str
    measurements: Measurements
    people: "Queue[Person]"


@contextmanager
def accounts(stage: Stage, count: int) -> Iterator["Queue[Person]"]:
    """Make accounts, and remove them at the end of the block, whatever happens."""
    pool, stacks = Pool(SIMULTANEOUS), [ExitStack() for _ in range(count)]

    def register(stack: ExitStack) -> Person:
        return stack.enter_context(given.a_signed_in_user(stage)).person

    try:
        people: Queue[Person] = Queue()
        for person in pool.map(register, stacks):
            people.put(person)
        yield people
    finally:
        pool.join()
        Pool(SIMULTANEOUS).map(ExitStack.close, stacks)
