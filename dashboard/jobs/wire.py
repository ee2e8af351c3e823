"""Between the server and its worker: frames of pickled values, a profile sent once for each version.

Only the worker unpickles, what the server itself has packed; what it answers is JSON and the file's bytes.
"""

from __future__ import annotations

import io
import pickle
import select
import struct
import time
from collections import OrderedDict
from typing import Any, BinaryIO

import orjson

from data.profile import Profile

_HEAD = struct.Struct(">Q")
PROFILES = 12
"""As many the worker keeps at once: the prefecture's, and those of counties that were drawn last."""
PIECE = 1 << 16


def tell(file: BinaryIO, *told: str) -> None:
    """Send short texts."""
    write_frame(file, orjson.dumps(told))


def told(file: BinaryIO, until: float | None = None) -> list[str]:
    """Texts that `tell` sent; raises as `read_frame`, and ValueError for anything else."""
    value = orjson.loads(read_frame(file, until))
    if not isinstance(value, list) or not value or not all(isinstance(one, str) for one in value):
        raise ValueError(value)
    return value


class Sending:
    """Packs values for one worker, and knows which profiles it has."""

    def __init__(self) -> None:
        self._known: OrderedDict[int, Profile] = OrderedDict()
        self._next = 0

    def pack(self, value: Any) -> bytes:
        """A value and the profiles in it that the worker does not have yet."""
        fresh: dict[int, bytes] = {}
        buffer = io.BytesIO()
        pickler = _Pickler(buffer, lambda profile: self._number(profile, fresh))
        pickler.dump(value)
        gone = []
        while len(self._known) > PROFILES:
            gone.append(self._known.popitem(last=False)[0])
        return pickle.dumps((fresh, gone, buffer.getvalue()), pickle.HIGHEST_PROTOCOL)

    def _number(self, profile: Profile, fresh: dict[int, bytes]) -> int:
        for number, known in self._known.items():
            if known is profile:
                self._known.move_to_end(number)
                return number
        number, self._next = self._next, self._next + 1
        self._known[number] = profile
        fresh[number] = pickle.dumps(profile, pickle.HIGHEST_PROTOCOL)
        return number


class Receiving:
    """Unpacks what a `Sending` packed, in order: the worker's side, which trusts the server."""

    def __init__(self) -> None:
        self._known: dict[int, Profile] = {}

    def unpack(self, packed: bytes) -> Any:
        """The value, with its profiles."""
        fresh, gone, rest = pickle.loads(packed)  # noqa: S301  (from the server itself)
        for number, text in fresh.items():
            self._known[number] = pickle.loads(text)  # noqa: S301  (from the server itself)
        value = _Unpickler(io.BytesIO(rest), self._known).load()
        for number in gone:
            self._known.pop(number, None)
        return value


class _Pickler(pickle.Pickler):
    def __init__(self, file: BinaryIO, number: Any) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._number = number

    def persistent_id(self, obj: Any) -> Any:
        return self._number(obj) if isinstance(obj, Profile) else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: BinaryIO, known: dict[int, Profile]) -> None:
        super().__init__(file)
        self._known = known

    def persistent_load(self, pid: Any) -> Any:
        return self._known[pid]


def write_frame(file: BinaryIO, content: bytes, until: float | None = None) -> None:
    """Send one frame.

    `until` is for a pipe that does not block: one that does would wait for as long as nobody reads.

    Raises:
        OSError: the other end is gone.
        TimeoutError: the other end has not taken it whole at `until`, by `time.monotonic`.
    """
    for part in (_HEAD.pack(len(content)), content):
        left = memoryview(part)
        # A pipe without a buffer may take less than it is given, or nothing now.
        while left:
            if until is not None and not select.select([], [file], [], max(until - time.monotonic(), 0))[1]:
                raise TimeoutError
            left = left[file.write(left) or 0 :]
    file.flush()


def read_frame(file: BinaryIO, until: float | None = None) -> bytes:
    """The next frame, of an unbuffered pipe.

    Raises:
        EOFError: the other end is gone.
        TimeoutError: it is not there whole at `until`, by `time.monotonic`.
    """
    (size,) = _HEAD.unpack(_exactly(file, _HEAD.size, until))
    return _exactly(file, size, until)


def _exactly(file: BinaryIO, size: int, until: float | None) -> bytes:
    got = bytearray()
    while len(got) < size:
        if until is not None and not select.select([file], [], [], max(until - time.monotonic(), 0))[0]:
            raise TimeoutError
        piece = file.read(min(size - len(got), PIECE))
        if not piece:
            raise EOFError
        got += piece
    return bytes(got)
