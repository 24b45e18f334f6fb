"""Files that are their owner's alone, on the disk or among systemd's credentials."""

import resource
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kiosk.wire.keys import KeyUnusable, load_or_create_signing_key
from kiosk.wire.private_files import replace_whole, where_kept, write_once
from kiosk.wire.tls_key import load_or_create_tls_key


@pytest.fixture
def credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "credentials"
    folder.mkdir()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    return folder


def test_a_key_among_the_credentials_is_read_in_place_of_the_one_on_the_disk(tmp_path: Path, credentials: Path) -> None:
    on_disk = load_or_create_signing_key(tmp_path / "terminal-key.pem")
    assert not isinstance(on_disk, KeyUnusable)
    assert where_kept(tmp_path / "terminal-key.pem") == tmp_path / "terminal-key.pem"
    sealed = load_or_create_signing_key(credentials / "terminal-key.pem")
    assert not isinstance(sealed, KeyUnusable)
    (credentials / "terminal-key.pem").chmod(0o440)
    found = load_or_create_signing_key(tmp_path / "terminal-key.pem")
    assert not isinstance(found, KeyUnusable)
    assert found.private_bytes_raw() == sealed.private_bytes_raw() != on_disk.private_bytes_raw()


def test_a_key_on_the_disk_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tls.pem"
    assert not isinstance(load_or_create_tls_key(path), KeyUnusable)
    path.chmod(0o640)
    assert load_or_create_tls_key(path) == KeyUnusable("readable-by-others")
    path.chmod(0o600)
    path.write_text("no key")
    assert load_or_create_tls_key(path) == KeyUnusable("not-a-key")
    assert not isinstance(load_or_create_signing_key(tmp_path / "other.pem"), KeyUnusable)
    assert load_or_create_tls_key(tmp_path / "other.pem") == KeyUnusable("other-kind-of-key")


def test_what_is_written_once_stays_and_what_is_replaced_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    write_once(path, b"first")
    write_once(path, b"second")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"first", 0o600)
    replace_whole(path, b"third", 0o644)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"third", 0o644)
    assert [each.name for each in path.parent.iterdir()] == ["file"]


def test_writers_at_once_do_not_come_into_each_other_s_way(tmp_path: Path) -> None:
    path = tmp_path / "file"
    texts = [bytes([letter]) * 4096 for letter in b"abcdefgh"]

    def write(text: bytes) -> None:
        for _ in range(20):
            replace_whole(path, text)

    with ThreadPoolExecutor(len(texts)) as pool:
        list(pool.map(write, texts))
    assert path.read_bytes() in texts
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()
    with pytest.raises(IsADirectoryError):
        replace_whole(tmp_path / "file", b"text")
    allowed = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, allowed[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            replace_whole(tmp_path / "other", bytes(4096))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, allowed)
    assert [each.name for each in tmp_path.iterdir()] == ["file"]
