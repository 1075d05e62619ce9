import pytest

from stagectl.errors import UsageError
from stagectl.targets import production


def test_prod_is_loaded_only_when_that_is_meant() -> None:
    with pytest.raises(UsageError, match="--even-prod"):
        production.check_loadable("prod", even_prod=False)

    production.check_loadable("prod", even_prod=True)
    production.check_loadable("dev", even_prod=False)
