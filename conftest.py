"""What Powertools reads of a function's environment when it is imported, for the tests of all services."""

import os

os.environ.setdefault("POWERTOOLS_METRICS_NAMESPACE", "Kitchen")
