"""What happens to files on their way: pieces cut out, put in, repeated, bits turned."""

import random

from data.errors import PlimsollError

MUTATIONS_MAX = 6
PIECES = (
    b'"', b"'", b",", b";", b"\t", b"|", b"\n", b"\r\n", b"\r", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"sep=|\n", b"NaN",
    b"-inf", b"1e999", b"99999999999999999999", b"0x10", b"1_000", b"1,234", b"12 ms", b"%", b"\xc2\xa0",
    b"\xe2\x80\xaf",
    b"(file)", b"(value)", b"row_number", b"'; drop table raw_sample; --", b"$window_end", b"{{", b"2026-02-30 00:00",
    b"0000-00-00", b"infinity", b"epoch", b"now", b"10/1/2026", b"Thu Oct 01 2026 25:00:00 GMT+9999", b"GMT+0100 (",
    b"+99:99", b"CST", b"1790812800", b"-1", b"\xf0\x9f\x9a\xa2", b"a" * 5000, b"(" * 200, b"\\", b"{service=",
    b"null", b"true", b"{}", b"[]", b"[[", b"]]", b"=", b"../", b"\\u0000", b"\\ud800", b"1e-30", b".",
)  # fmt: skip


def damaged(chance: random.Random, whole: bytes) -> bytes:
    """Return the content damaged a few times, or not at all."""
    content = bytearray(whole)
    for _ in range(chance.randint(0, MUTATIONS_MAX)):
        at = chance.randrange(len(content) + 1)
        kind = chance.choice(("insert", "replace", "delete", "flip", "cut", "repeat"))
        if kind == "insert":
            content[at:at] = chance.choice(PIECES)
        elif kind == "replace":
            piece = chance.choice(PIECES)
            content[at : at + len(piece)] = piece
        elif kind == "delete":
            del content[at : at + chance.randint(1, 30)]
        elif kind == "flip" and at < len(content):
            content[at] ^= 1 << chance.randrange(8)
        elif kind == "cut" and chance.random() < 1 / 3:
            del content[at:]
        elif kind == "repeat":
            content[at:at] = content[at : at + 200] * chance.randint(1, 5)
    return bytes(content)


def check_is_one_line(error: PlimsollError) -> None:
    """Raise AssertionError where what a user reads of a refusal is more than one line."""
    assert len(str(error).splitlines()) == 1, error
