from collections.abc import Callable
from pathlib import Path

import pytest

from stagectl.checkout import Checkout, adoption, changed_files, services
from stagectl.errors import StacksError, UsageError

from ..fakes import git

Write = Callable[[str, str], Path]

TABLE = '[tool.stagectl]\nproject = "notes"\nservices = ["apps/*/serverless.yml", "mail/serverless.yml"]\n'


def reading(name: str) -> str:
    return f'custom:\n  key: "{{{{resolve:ssm:{name}}}}}"\n'


@pytest.fixture
def root(tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with services where it likes, in which an installed stagectl is called."""
    write("pyproject.toml", TABLE)
    write("apps/notes/serverless.yml", "service: notes\n" + reading("/mail/dev/address"))
    write("apps/tags/serverless.yml", "service: tags\n" + reading("/company/dev/key"))
    write("mail/serverless.yml", "service: mail\n" + reading("/mail/dev/secret"))
    installed = Checkout(tmp_path / ".venv" / "lib")
    monkeypatch.setattr(Checkout, "of_this_file", lambda: installed)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_checkout_works_on_itself_wherever_it_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")

    assert Checkout.here() == Checkout.of_this_file()


def test_an_installed_stagectl_works_on_the_repository_around_the_folder(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root / "apps" / "notes")

    assert Checkout.here().root == root


def test_a_folder_without_the_table_is_refused_with_an_example(
    root: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))

    with pytest.raises(UsageError, match=r'elsewhere\d* or above it .*services = \["services/'):
        Checkout.here()


def test_services_are_where_the_table_says(root: Path) -> None:
    assert {stack.name: stack.folder for stack in services.discover(root).values()} == {
        "mail": root / "mail",
        "notes": root / "apps" / "notes",
        "tags": root / "apps" / "tags",
    }


def test_parameters_that_no_service_writes_are_no_dependencies(root: Path) -> None:
    found = services.discover(root)

    assert {name: set(stack.dependencies) for name, stack in found.items()} == {
        "mail": set(),
        "notes": {"mail"},
        "tags": set(),
    }


@pytest.mark.parametrize(
    "text",
    [
        "provider: {apiGateway: {restApiId: {Fn::ImportValue: '${sls:stage}-ApiId'}}}",
        "provider: {apiGateway: {restApiId: !ImportValue '${sls:stage}-ApiId'}}",
        "custom: {api: '${cf:mail-${sls:stage}.ApiId}'}",
        "custom: {api: '${cf(eu-west-1):mail-dev.ApiId, self:custom.none}'}",
    ],
)
def test_taking_an_output_of_another_stack_is_a_dependency(root: Path, write: Write, text: str) -> None:
    export = "resources: {Outputs: {ApiId: {Value: x, Export: {Name: '${sls:stage}-ApiId'}}}}"
    write("mail/serverless.yml", f"service: mail\n{export}\n")
    write("apps/tags/serverless.yml", f"service: tags\n{text}\n")

    assert services.discover(root)["tags"].dependencies == {"mail"}


def test_of_services_whose_names_begin_alike_the_stack_is_of_the_longer_one(root: Path, write: Write) -> None:
    write("apps/api/serverless.yml", "service: mail-api\n")
    write("apps/tags/serverless.yml", "service: tags\ncustom: {api: '${cf:mail-api-dev.ApiId}'}\n")

    assert services.discover(root)["tags"].dependencies == {"mail-api"}


def test_patterns_that_fit_nothing_are_named(root: Path, write: Write) -> None:
    write("pyproject.toml", TABLE.replace("apps/*/", "apps/*/*/").replace('"mail/', '"post/'))

    with pytest.raises(StacksError, match=r"fits apps/\*/\*/serverless\.yml, post/serverless\.yml"):
        services.discover(root)


def test_a_name_with_variables_is_refused(root: Path, write: Write) -> None:
    write("mail/serverless.yml", "service: ${self:custom.name}\n")

    with pytest.raises(StacksError, match=r"mail/serverless\.yml: the key `service` must be a name"):
        services.discover(root)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[tool.stagectl]\nservices = []", "project is missing or wrong"),
        ('[tool.stagectl]\nproject = "x"\nservices = "*"', "services is missing or wrong"),
        (TABLE + "permanent-stages = [1]", "permanent-stages is missing or wrong"),
        (TABLE + "stages = []", "has no setting stages. Settings: project, services, permanent-stages"),
        ("[tool.stagectl", "is not valid TOML"),
    ],
)
def test_a_wrong_table_is_refused_with_its_reason(root: Path, write: Write, text: str, reason: str) -> None:
    write("pyproject.toml", text)

    with pytest.raises(UsageError, match=reason):
        adoption.read(root)


def test_stages_are_permanent_by_default_with_the_usual_names(root: Path) -> None:
    found = adoption.read(root)

    assert found is not None
    assert found.permanent_stages == {"dev", "staging", "prod"}


def test_a_changed_file_outside_of_all_services_changes_every_service(root: Path, write: Write) -> None:
    git.repository(root, "main")
    git.git(root, "add", "--all")
    git.git(root, "commit", "--message", "all of it")
    write("common/lib.py", "")
    write("apps/notes/handler.py", "")

    changed = changed_files.by_stack(Checkout(root), services.discover(root), "main")

    assert changed == {
        "mail": ("common/lib.py",),
        "notes": ("apps/notes/handler.py", "common/lib.py"),
        "tags": ("common/lib.py",),
    }
