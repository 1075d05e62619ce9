from pathlib import Path

import pytest

from stagectl.watching import generated_files


def test_what_follows_from_a_text_is_written_when_it_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def upper(service: Path) -> dict[Path, str]:
        return {service / "made.txt": (service / "texts" / "a.md").read_text().upper()}

    monkeypatch.setattr(generated_files, "_generators", lambda: {"texts": upper, "others": upper})
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.md").write_text("a text")

    generated_files.write(tmp_path)
    written = (tmp_path / "made.txt").stat().st_mtime_ns
    generated_files.write(tmp_path)

    assert (tmp_path / "made.txt").read_text() == "A TEXT"
    assert (tmp_path / "made.txt").stat().st_mtime_ns == written
