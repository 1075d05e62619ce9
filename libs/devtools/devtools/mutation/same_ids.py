"""Print the tests whose ids change when pytest collects them again in the same process.

What `ids=` makes of a parameter is escaped at each run again. mutmut, which collects twice, then does not
find the test, and takes that for a test that has noticed the change.
"""

import sys

import pytest


class _Ids:
    """Notes what is collected."""

    def __init__(self) -> None:
        self.found: set[str] = set()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Note it, as a hook of pytest."""
        self.found.update(item.nodeid for item in items)


def main(tests: list[str]) -> None:
    """Print the ids of the first time that are not there the second time."""
    first, second = _Ids(), _Ids()
    for ids in (first, second):
        pytest.main(["--collect-only", "-qqq", *tests], plugins=[ids])
    sys.stderr.write("".join(f"{lost}\n" for lost in sorted(first.found - second.found)))


if __name__ == "__main__":
    main(sys.argv[1:])
