"""What a product gets with and without the example services."""

from pathlib import Path

import pytest

from devtools.template import checkout_files, examples
from devtools.template.checkout_files import File
from stagectl.errors import StagectlError

from .conftest import commit_all, git, render, update, write_template


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A list of the example's files."""
    path = tmp_path / "example_files.yml"
    path.write_text("services: [services/orders/]\ntests: [tests/test_orders.py, tests/conftest.py]\n")
    monkeypatch.setattr(examples, "LIST", path)


@pytest.fixture
def template(tmp_path: Path, listed: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A template of some files, one of them other and one of them only without the example services."""
    texts = {
        "README.md": "# Big Mouth\nOrders. <!-- only-with-example-services -->\nMiddle.\nEnd.\n",
        "services/orders/a/b.py": "1\n",
        "services/auth/serverless.yml": "auth\n",
        "tests/test_orders.py": "orders\n",
        "tests/conftest.py": "orders of big-mouth\n",
        "list.py": "orders,  # only-with-example-services\nlast,  # only-with-example-services",
        "page.md": (
            "a\n<!-- begin only-with-example-services -->\nb\nc <!-- only-with-example-services -->\n"
            "<!-- end only-with-example-services -->\nd\n# begin only-with-example-services\ne\n"
            "# end only-with-example-services\n"
        ),
    }
    other = {"tests/conftest.py": "nothing of big-mouth\n", "tests/test_small.py": "small\n"}
    instead = tmp_path / "without_examples"
    for path, text in other.items():
        (instead / path).parent.mkdir(parents=True, exist_ok=True)
        (instead / path).write_text(text)
    monkeypatch.setattr(examples, "INSTEAD", instead)
    files = {path: File(text.encode()) for path, text in texts.items()}
    others = {path: File(text.encode()) for path, text in other.items()}
    write_template(
        tmp_path / "template",
        checkout_files.as_template(files, others),
        exclusions=examples.exclusions(texts.keys()),
    )
    return tmp_path / "template"


@pytest.fixture
def product_with_examples(tmp_path: Path, template: Path) -> Path:
    """A product that has changed and added something, committed."""
    product = render(template, tmp_path / "product", product_name="Tiny Cinema", example_services=True)
    git(product, "init", "--quiet")
    (product / "services" / "orders" / "ours.py").write_text("ours\n")
    (product / "README.md").write_text("# Tiny Cinema\nOrders.\nMiddle.\nOur end.\n")
    commit_all(product)
    return product


def files_of(product: Path) -> dict[str, str]:
    files = {path.relative_to(product): path for path in product.rglob("*") if path.is_file()}
    return {
        path.as_posix(): file.read_text() for path, file in files.items() if not path.parts[0].startswith(".")
    }


def test_with_the_example_services_a_product_has_all_files_and_lines(tmp_path: Path, template: Path) -> None:
    product = render(template, tmp_path / "product", product_name="Tiny Cinema", example_services=True)

    assert files_of(product) == {
        "README.md": "# Tiny Cinema\nOrders.\nMiddle.\nEnd.\n",
        "services/orders/a/b.py": "1\n",
        "services/auth/serverless.yml": "auth\n",
        "tests/test_orders.py": "orders\n",
        "tests/conftest.py": "orders of tiny-cinema\n",
        "list.py": "orders,\nlast,",
        "page.md": "a\nb\nc\nd\ne\n",
    }


def test_without_the_example_services_a_product_has_none_of_their_files_and_lines(
    tmp_path: Path, template: Path
) -> None:
    product = render(template, tmp_path / "product", product_name="Tiny Cinema", example_services=False)

    assert files_of(product) == {
        "README.md": "# Tiny Cinema\nMiddle.\nEnd.\n",
        "services/auth/serverless.yml": "auth\n",
        "tests/conftest.py": "nothing of tiny-cinema\n",
        "tests/test_small.py": "small\n",
        "list.py": "",
        "page.md": "a\nd\n",
    }
    assert not (product / "services" / "orders").exists()


def test_the_example_is_taken_out_later_and_what_is_the_products_own_stays(
    product_with_examples: Path,
) -> None:
    update(product_with_examples, example_services=False)

    assert files_of(product_with_examples) == {
        "README.md": "# Tiny Cinema\nMiddle.\nOur end.\n",
        "services/auth/serverless.yml": "auth\n",
        "services/orders/ours.py": "ours\n",
        "tests/conftest.py": "nothing of tiny-cinema\n",
        "tests/test_small.py": "small\n",
        "list.py": "",
        "page.md": "a\nd\n",
    }


def test_a_later_update_does_not_bring_the_example_back(product_with_examples: Path) -> None:
    update(product_with_examples, example_services=False)
    commit_all(product_with_examples)
    before = files_of(product_with_examples)

    update(product_with_examples)

    assert files_of(product_with_examples) == before


def test_the_example_is_brought_back_later(product_with_examples: Path) -> None:
    before = files_of(product_with_examples)
    update(product_with_examples, example_services=False)
    commit_all(product_with_examples)

    update(product_with_examples, example_services=True)

    assert files_of(product_with_examples) == before


def test_the_list_names_only_what_there_is(listed: None) -> None:
    with pytest.raises(StagectlError, match=r"has no tests/test_orders\.py, tests/conftest\.py"):
        examples.exclusions(["services/orders/serverless.yml"])


@pytest.mark.parametrize(
    "mark", ["# begin only-with-example-services", "<!-- only-with-example-services --> |"]
)
def test_a_mark_that_would_stay_in_a_product_is_refused(mark: str) -> None:
    with pytest.raises(StagectlError, match=r"page\.md cannot be in the template: a mark"):
        checkout_files.as_template({"page.md": File(f"a\n{mark}\n".encode())})
