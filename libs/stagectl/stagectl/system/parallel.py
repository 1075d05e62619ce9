"""Run work in parallel, in the order of its dependencies."""

from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait


def run_in_order(
    dependencies: Mapping[str, frozenset[str]],
    work: Callable[[str], bool],
    *,
    jobs: int,
    interrupt: Callable[[], None],
    keep_going: bool = False,
) -> list[str]:
    """Do the work of every name as soon as that of its own dependencies is done.

    After the first failure nothing new begins; what runs is let finish. Dependencies that are not among the
    names count as done.

    Args:
        dependencies: What each name waits for.
        work: Does one name's work in a thread; False is a failure. An exception is one too and is raised at
            the end.
        jobs: How many run at once.
        interrupt: Called when the user interrupts; should make the running work end soon.
        keep_going: After a failure that is no exception only spare those names that wait for the failed one.

    Returns:
        The names whose work never began.
    """
    waiting = dict(dependencies)
    running: dict[Future[bool], str] = {}
    spared: set[str] = set()
    failed: list[BaseException | None] = []
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        try:
            while True:
                if not failed:
                    unfinished = waiting.keys() | set(running.values()) | spared
                    for name in [name for name, needs in waiting.items() if not needs & unfinished]:
                        del waiting[name]
                        running[pool.submit(work, name)] = name
                if not running:
                    break
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in filter(_has_failed, done):
                    if keep_going and future.exception() is None:
                        spared.add(running[future])
                    else:
                        failed.append(future.exception())
                running = {future: name for future, name in running.items() if future not in done}
        except BaseException:
            for future in running:
                future.cancel()
            interrupt()
            raise
    errors = [error for error in failed if error is not None]
    if errors:
        raise errors[0]
    return list(waiting)


def _has_failed(future: Future[bool]) -> bool:
    return future.exception() is not None or not future.result()
