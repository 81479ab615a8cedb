import errno
from pathlib import Path

import pytest

from docextract.errors import OutputError
from docextract.output.atomic import output_error, remove, write_atomic

FULL = Path("/dev/full")

pytestmark = pytest.mark.anyio


def _entries(folder: Path) -> list[str]:
    return [entry.name for entry in folder.iterdir()]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_a_file_is_written_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.json"
    await write_atomic(path, b"one")
    await write_atomic(path, b"two")
    assert path.read_bytes() == b"two"
    assert _entries(path.parent) == ["b.json"]


async def test_a_link_at_the_place_is_replaced_and_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"safe")
    link = tmp_path / "out.json"
    link.symlink_to(victim)
    await write_atomic(link, b"new")
    assert victim.read_bytes() == b"safe"
    assert not link.is_symlink()


async def test_a_folder_that_leads_out_is_refused(tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    out.mkdir()
    elsewhere.mkdir()
    (out / "a").symlink_to(elsewhere)
    with pytest.raises(OutputError) as caught:
        await write_atomic(out / "a" / "x.json", b"x", root=out)
    assert caught.value.code == "path_refused"
    assert _entries(elsewhere) == []


async def test_a_folder_in_place_of_the_file_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "x.json").mkdir()
    with pytest.raises(OutputError) as caught:
        await write_atomic(tmp_path / "x.json", b"x")
    assert caught.value.code == "path_refused"
    assert caught.value.exit_code == 4
    assert _entries(tmp_path) == ["x.json"]


def test_a_full_disk_is_told_from_a_refused_path(tmp_path: Path) -> None:
    if not FULL.exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(OSError, match="space") as caught, FULL.open("wb", buffering=0) as file:
        file.write(b"x")
    assert output_error(tmp_path, caught.value).code == "disk_full"
    assert output_error(tmp_path, OSError(errno.EROFS, "read-only")).code == "path_refused"


async def test_names_longer_than_the_file_system_takes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        await write_atomic(tmp_path / ("x" * 300), b"x")
    assert _entries(tmp_path) == []


async def test_removing_what_is_not_there_is_no_fault(tmp_path: Path) -> None:
    await remove(tmp_path / "nothing")
