"""Invocations that wait for one of a function's few workers."""

import json
import subprocess
from pathlib import Path

from stagectl.checkout import Checkout

# In the emulator's own interpreter, since the module imports MiniStack.
PROGRAM = """
import json, sys, threading, time
sys.path.insert(0, "libs/local_aws")
from local_aws.waiting_invocations import FairRow

row, served, began = FairRow(2), [], threading.Semaphore(0)
assert row.enter(1) and row.enter(1)

def wait(number):
    began.release()
    if row.enter(10):
        served.append(number)
        row.leave()

threads = []
for number in range(5):
    threads.append(threading.Thread(target=wait, args=(number,)))
    threads[-1].start()
    began.acquire()
    while len(row._row) <= number:
        time.sleep(0.001)
late = row.enter(0.05)
row.leave()
for thread in threads:
    thread.join(10)
row.leave()
print(json.dumps({"served": served, "late": late, "free": row._free}))
"""


def test_who_comes_first_is_served_first_and_no_place_is_lost() -> None:
    checkout = Checkout(Path(__file__).parents[3])
    done = subprocess.run(
        [str(checkout.emulator_python), "-c", PROGRAM],
        cwd=checkout.root,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert json.loads(done.stdout) == {"served": [0, 1, 2, 3, 4], "late": False, "free": 2}
