"""Check the types of the files of a commit as `npm run lint` does, which finds all services."""

import sys

from devtools.checks.lint import Linter
from stagectl.checkout import Checkout

if __name__ == "__main__":
    sys.exit(Linter(Checkout.of_this_file()).types_of(sys.argv[1:]).complaints or None)
