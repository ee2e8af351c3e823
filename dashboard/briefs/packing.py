"""A .pdf with its small objects packed: the tags of a thousand rows take a tenth of the room.

Typst writes every object by itself, unpacked. What is not a stream goes, a few hundred at a time, into object
streams with a cross-reference stream (ISO 32000-1, 7.5.7 and 7.5.8), which every reader of PDF 1.5 knows.
"""

from __future__ import annotations

import re
import struct
import zlib

TOGETHER = 200
"""Objects in one stream; a reader unpacks all of them to get at one."""
TRAILER = re.compile(rb"trailer\s*<<(.*)>>\s*startxref\s+(\d+)\s+%%EOF\s*$", re.DOTALL)
FREE, PLAIN, PACKED = 0, 1, 2
"""Kinds of entries of the cross-reference stream."""


def packed(data: bytes) -> bytes:
    """The same document, smaller; as it was, where it is not laid out as Typst does."""
    found = TRAILER.search(data)
    bodies = _bodies(data, int(found[2])) if found else None
    if found is None or bodies is None:
        return data
    made = bytearray(b"%PDF-1.7\n%\x80\x80\x80\x80\n")
    entries: dict[int, tuple[int, int, int]] = {0: (FREE, 0, 65535)}
    small = []
    for number, body in bodies.items():
        if body.endswith(b"endstream"):
            entries[number] = (PLAIN, len(made), 0)
            made += b"%d 0 obj\n%b\nendobj\n" % (number, body)
        else:
            small.append((number, body))
    last = max(bodies)
    for start in range(0, len(small), TOGETHER):
        last += 1
        some = small[start : start + TOGETHER]
        entries |= {number: (PACKED, last, n) for n, (number, _) in enumerate(some)}
        entries[last] = (PLAIN, len(made), 0)
        made += _stream(last, b"/Type/ObjStm" + _index(some)[0], _index(some)[1])
    last += 1
    entries[last] = (PLAIN, len(made), 0)
    at = len(made)
    kept = re.sub(rb"/Size \d+", b"", found[1])
    rows = b"".join(struct.pack(">BIH", *entries.get(number, (FREE, 0, 0))) for number in range(last + 1))
    made += _stream(last, b"/Type/XRef/W[1 4 2]/Size %d" % (last + 1) + kept, rows)
    return bytes(made + b"startxref\n%d\n%%%%EOF\n" % at)


def _bodies(data: bytes, table: int) -> dict[int, bytes] | None:
    """Number to what stands between `obj` and `endobj`; None where the file is not one plain table long."""
    head = re.match(rb"xref\s+0 (\d+)\s+", data[table : table + 40])
    if head is None:
        return None
    start, count = table + head.end(), int(head[1])
    rows = [data[start + 20 * n : start + 20 * n + 20] for n in range(count)]
    places = {n: int(row[:10]) for n, row in enumerate(rows) if row[17:18] == b"n"}
    ends = dict(zip(sorted(places.values()), [*sorted(places.values())[1:], table], strict=True))
    found = {}
    for number, place in places.items():
        begin = b"%d 0 obj" % number
        body = data[place : ends[place]].strip()
        if not body.startswith(begin) or not body.endswith(b"endobj"):
            return None
        found[number] = body[len(begin) : -len(b"endobj")].strip()
    return found or None


def _index(some: list[tuple[int, bytes]]) -> tuple[bytes, bytes]:
    """What the dictionary of an object stream says, and the stream: numbers and places, then the objects."""
    places, at = [], 0
    for number, body in some:
        places.append(b"%d %d" % (number, at))
        at += len(body) + 1
    index = b" ".join(places) + b"\n"
    return b"/N %d/First %d" % (len(some), len(index)), index + b"\n".join(body for _, body in some)


def _stream(number: int, words: bytes, content: bytes) -> bytes:
    small = zlib.compress(content, 9)
    head = b"%d 0 obj\n<<%b/Filter/FlateDecode/Length %d>>\nstream\n" % (number, words, len(small))
    return head + small + b"\nendstream\nendobj\n"
