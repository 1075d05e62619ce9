"""The price list: one dated file with AWS's prices."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stagectl.checkout.yaml_loader import load_mapping
from stagectl.errors import StagectlError

PRICE_LIST = Path(__file__).parent / "prices.yml"


@dataclass(frozen=True)
class Price:
    """The price of a unit.

    Attributes:
        component: The AWS service that asks for it.
        name: What is counted, in the plural.
        usd: US dollars.
        per: For how many.
        source: The page that says so.
    """

    component: str
    name: str
    usd: float
    per: float
    source: str

    def of(self, amount: float) -> float:
        """Return the cost of an amount, in US dollars."""
        return amount * self.usd / self.per


@dataclass(frozen=True)
class PriceList:
    """Prices by unit, with the day and the region that they hold for."""

    date: str
    region: str
    prices: Mapping[str, Price]

    def price(self, unit: str) -> Price:
        """Return the price of a unit.

        Raises:
            StagectlError: The list does not have it.
        """
        if unit not in self.prices:
            raise StagectlError(f"The price list has no price for {unit}.")
        return self.prices[unit]


def read(path: Path = PRICE_LIST) -> PriceList:
    """Return the price list that a file holds.

    Raises:
        StagectlError: The file is none.
    """
    content = load_mapping(path)
    try:
        prices = {unit: Price(**entry) for unit, entry in content["prices"].items()}
        return PriceList(str(content["date"]), content["region"], prices)
    except (KeyError, TypeError, AttributeError) as error:
        raise StagectlError(f"{path} is not a price list: {error}") from error
