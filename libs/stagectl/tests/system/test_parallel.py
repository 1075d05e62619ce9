import threading
from collections.abc import Callable, Mapping, Sequence

import pytest

from stagectl.system.parallel import run_in_order


def run(
    dependencies: Mapping[str, Sequence[str]],
    work: Callable[[str], bool],
    jobs: int = 4,
    interrupt: Callable[[], None] = lambda: None,
) -> list[str]:
    return run_in_order(
        {name: frozenset(needs) for name, needs in dependencies.items()}, work, jobs=jobs, interrupt=interrupt
    )


def test_work_begins_after_that_of_its_dependencies() -> None:
    order: list[str] = []

    def work(name: str) -> bool:
        order.append(name)
        return True

    assert run({"orders": ["bus", "auth"], "auth": ["bus"], "bus": []}, work) == []
    assert order == ["bus", "auth", "orders"]


def test_independent_work_runs_side_by_side() -> None:
    both = threading.Barrier(2, timeout=10)

    def work(_name: str) -> bool:
        both.wait()
        return True

    assert run({"a": [], "b": []}, work) == []


def test_work_does_not_wait_for_what_it_does_not_need() -> None:
    quick_follower_ran = threading.Event()

    def work(name: str) -> bool:
        if name == "slow":
            return quick_follower_ran.wait(10)
        if name == "follower":
            quick_follower_ran.set()
        return True

    assert run({"slow": [], "quick": [], "follower": ["quick"]}, work) == []


def test_no_more_than_the_wanted_jobs_run_at_once() -> None:
    running: set[str] = set()
    most: list[int] = []

    def work(name: str) -> bool:
        running.add(name)
        most.append(len(running))
        running.discard(name)
        return True

    run({name: [] for name in "abcdef"}, work, jobs=1)

    assert max(most) == 1


def test_after_a_failure_nothing_begins_and_what_runs_ends() -> None:
    failed = threading.Event()
    ended: list[str] = []

    def work(name: str) -> bool:
        if name == "bad":
            failed.set()
            return False
        failed.wait(10)
        ended.append(name)
        return True

    assert run({"bad": [], "other": [], "after": ["other"], "last": ["bad"]}, work) == ["after", "last"]
    assert ended == ["other"]


def test_an_exception_is_raised_when_everything_has_ended() -> None:
    ended: list[str] = []

    def work(name: str) -> bool:
        if name == "bad":
            raise ValueError("broken")
        ended.append(name)
        return True

    with pytest.raises(ValueError, match="broken"):
        run({"bad": [], "other": []}, work)
    assert ended == ["other"]


def test_a_dependency_that_is_not_among_the_names_counts_as_done() -> None:
    assert run({"orders": ["shared-infra"]}, lambda _name: True) == []


def test_an_interrupt_is_passed_on_and_then_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()

    def wait_then_interrupt(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("stagectl.system.parallel.wait", wait_then_interrupt)
    with pytest.raises(KeyboardInterrupt):
        run({"a": []}, lambda _name: released.wait(10), interrupt=released.set)
    assert released.is_set()


def test_keeping_on_spares_only_what_waits_for_a_failure() -> None:
    done: list[str] = []

    def work(name: str) -> bool:
        done.append(name)
        return name != "a"

    dependencies = {name: frozenset(needs) for name, needs in {"a": "", "b": "a", "c": "b", "d": ""}.items()}
    spared = run_in_order(dependencies, work, jobs=1, interrupt=lambda: None, keep_going=True)

    assert (done, spared) == (["a", "d"], ["b", "c"])
