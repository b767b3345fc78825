"""Files whose values are compared with the checksums in them before anybody sees them."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Iterable
from typing import Any

import h5py
import numpy as np
import xarray as xr
import xxhash
from xarray.backends import BackendArray, BackendEntrypoint
from xarray.core import indexing

CHECKSUMS = "checksums"
FILE = "(file)"
"""What the attributes of the file are called among the checksums."""

_RESERVED = ("CLASS", "NAME", "_Netcdf4Dimid", "DIMENSION_LIST", "REFERENCE_LIST", "_NCProperties")
_NO_COORDINATES = "This is a netCDF dimension but not a netCDF variable."
_BLOCK = 1 << 26
_READING = (KeyError, AttributeError, OSError, RuntimeError, ValueError, TypeError, MemoryError)
"""What reading a damaged file may end with; a text that is none is a `ValueError`."""


class DamagedFile(OSError):
    """A file is not what was written."""


class _Sum:
    """xxh3-64 of a description and values, as the program makes it."""

    def __init__(self, name: str, shape: Iterable[tuple[str, int]], attributes: h5py.AttributeManager) -> None:
        self._sum = xxhash.xxh3_64()
        self.text(name)
        for dimension, size in shape:
            self.text(dimension)
            self._sum.update(np.uint64(size).tobytes())
        for key in attributes:
            if key in _RESERVED:
                continue
            value = attributes[key]
            if np.size(value) != 1:
                continue
            value = np.asarray(value).reshape(-1)[0]
            self.text(key)
            if isinstance(value, str):
                self.text(value)
            elif isinstance(value, bytes):
                self.text(value.split(b"\0")[0].decode())
            elif value.dtype.kind == "f":
                self._sum.update(np.float64(value).tobytes())
            else:
                self._sum.update((value if value.dtype == np.uint64 else np.int64(value)).tobytes())

    def text(self, text: str) -> None:
        raw = text.encode()
        self._sum.update(np.uint64(len(raw)).tobytes())
        self._sum.update(raw)

    def values(self, data: h5py.Dataset) -> None:
        if h5py.check_string_dtype(data.dtype) is not None:
            for text in np.asarray(data.asstr()[()], dtype=object).reshape(-1):
                self.text(text)
            return
        kind = data.dtype if data.dtype.kind == "f" else np.dtype(np.int64)
        if data.ndim == 0:
            self._sum.update(np.ascontiguousarray(data[()], dtype=kind).tobytes())
            return
        row = max(1, int(np.prod(data.shape[1:], dtype=object)) * kind.itemsize)
        chunk = data.chunks[0] if data.chunks else 1
        step = max(1, _BLOCK // row // chunk) * chunk
        for start in range(0, data.shape[0], step):
            self._sum.update(np.ascontiguousarray(data[start : start + step], dtype=kind).tobytes())

    def hex(self) -> str:
        return str(self._sum.hexdigest())


class Checks:
    """The checksums in a file, and what has been compared with them: attributes and dimensions at once, variables when they
    are first used."""

    def __init__(self, path: pathlib.Path) -> None:
        self.path = path
        self._known: set[str] = set()
        with h5py.File(path) as file:
            try:
                lines = "".join(np.asarray(file[CHECKSUMS].asstr()[()], dtype=object).reshape(-1)).splitlines()
                self._sums = dict(line.split(" ", 1) for line in lines)
            except _READING as error:
                raise self._damaged(CHECKSUMS, f"they cannot be read ({error})") from error
            try:
                there = [name for name, found in file.items() if isinstance(found, h5py.Dataset) and name != CHECKSUMS]
                scales = [name for name in there if file[name].is_scale]
            except _READING as error:
                raise self._damaged(FILE, str(error)) from error
            for name in self._sums:
                if name != FILE and name not in there:
                    raise self._damaged(name, "it is gone")
            for name in there:
                if name not in self._sums:
                    raise self._damaged(name, "it has no checksum, so it was added later")
            self._compare(FILE, lambda: _Sum(FILE, (), file.attrs))
            for name in scales:
                self._ensure(file, name)

    def ensure_all(self) -> None:
        """Compares everything with its checksum. Raises `DamagedFile`."""
        for name in self._sums:
            if name != FILE:
                self.ensure(name)

    def ensure(self, name: str) -> None:
        """Compares a variable with its checksum, if that was not done before. Raises `DamagedFile`."""
        if name not in self._known:
            with h5py.File(self.path) as file:
                self._ensure(file, name)

    def _ensure(self, file: h5py.File, name: str) -> None:
        def found() -> _Sum:
            data = file[name]
            names = [name] if data.is_scale else [file[refs[0]].name.lstrip("/") for refs in self._scales(data)]
            total = _Sum(name, zip(names, [data.size] if data.is_scale else data.shape, strict=True), data.attrs)
            label = data.attrs.get("NAME", b"") if data.is_scale else b""
            label = label.decode() if isinstance(label, bytes) else str(label)
            if not label.startswith(_NO_COORDINATES):
                total.values(data)
            return total

        self._compare(name, found)
        self._known.add(name)

    @staticmethod
    def _scales(data: h5py.Dataset) -> Any:
        return data.attrs["DIMENSION_LIST"] if data.ndim else ()

    def _compare(self, name: str, total: Any) -> None:
        try:
            same = total().hex() == self._sums.get(name)
        except _READING as error:
            raise self._damaged(name, str(error)) from error
        if not same:
            raise self._damaged(name, "it is not what was written")

    def _damaged(self, part: str, reason: str) -> DamagedFile:
        return DamagedFile(
            f"{self.path} is damaged: {part}: {reason}; `autarky verify` lists all that is wrong; copy it again, or run again"
        )


class _CheckedArray(BackendArray):
    """A numeric variable that is compared with its checksum when it is first read."""

    def __init__(self, checks: Checks, name: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
        self.checks, self.name, self.shape, self.dtype = checks, name, shape, dtype

    def __getitem__(self, key: indexing.ExplicitIndexer) -> Any:
        return indexing.explicit_indexing_adapter(key, self.shape, indexing.IndexingSupport.OUTER_1VECTOR, self._read)

    def _read(self, key: tuple[Any, ...]) -> Any:
        self.checks.ensure(self.name)
        with h5py.File(self.checks.path) as file:
            return np.asarray(file[self.name][key])


class CheckedBackend(BackendEntrypoint):
    """Another engine of xarray, with all that is read compared with the checksums in the file."""

    description = "recordings of Autarky, checked"
    open_dataset_parameters = ("filename_or_obj", "drop_variables", "inner")

    def open_dataset(  # type: ignore[override]
        self,
        filename_or_obj: str | os.PathLike[str],
        *,
        drop_variables: str | Iterable[str] | None = None,
        inner: str = "h5netcdf",
    ) -> xr.Dataset:
        # The engine says that there is no such file, or that it is no HDF5, as it always did.
        path = pathlib.Path(filename_or_obj)
        try:
            data = xr.open_dataset(
                path, engine=inner, mask_and_scale=False, cache=False, drop_variables=drop_variables  # type: ignore[arg-type]
            )
        except (OSError, ImportError):
            raise
        except Exception:
            # It stumbles over damage in its own way: the checksums say what is wrong, if it is that.
            if path.is_file() and h5py.is_hdf5(path):
                Checks(path).ensure_all()
            raise
        checks = Checks(path)
        lazy: dict[str, xr.Variable] = {}
        for name, variable in data.variables.items():
            if name in data.indexes or name == CHECKSUMS:
                continue
            if variable.dtype.kind in "if":
                wrapped = _CheckedArray(checks, str(name), variable.shape, variable.dtype)
                values = indexing.LazilyIndexedArray(wrapped)
                lazy[str(name)] = xr.Variable(variable.dims, values, variable.attrs, variable.encoding)
            else:
                checks.ensure(str(name))
        found = data.assign(lazy)
        found.set_close(data.close)
        return found
