"""MP3: its frames and nothing else. Names, pictures and notes that programs put around the sound are left out.

ISO/IEC 11172-3 and 13818-3, layer III; tags as id3.org describes them.
"""

from __future__ import annotations

KBITS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
KBITS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
HEADER = 4
TAG = 10
# A quarter of a second; other bytes look like so many frames in a row by no chance.
FEWEST = 8


class NotMp3(ValueError):
    """There is no MP3 sound in these bytes."""


def only_sound(body: bytes) -> tuple[bytes, float]:
    """Return the frames of an MP3 one after another, and how many seconds they last. Raises NotMp3."""
    at, kept, seconds = _after_tags(body), bytearray(), 0.0
    count = 0
    while (found := _frame(body, at)) is not None:
        length, lasts = found
        if at + length > len(body):
            break
        kept += body[at : at + length]
        at, seconds, count = at + length, seconds + lasts, count + 1
    if count < FEWEST:
        raise NotMp3
    return bytes(kept), seconds


def _after_tags(body: bytes) -> int:
    at = 0
    while body[at : at + 3] == b"ID3" and len(body) > at + TAG:
        sizes = body[at + 6 : at + TAG]
        # Seven bits a byte, so that no size looks like the beginning of a frame.
        size = sum((byte & 0x7F) << shift for byte, shift in zip(sizes, (21, 14, 7, 0), strict=True))
        footer = TAG if body[at + 5] & 0x10 else 0
        at += TAG + size + footer
    while at < len(body) and body[at] == 0:
        at += 1
    return at


def _frame(body: bytes, at: int) -> tuple[int, float] | None:
    """Return length in bytes and seconds of the frame that begins here, or None when none does."""
    header = body[at : at + HEADER]
    if len(header) < HEADER or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return None
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    kbits, rate = header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or layer != 1 or kbits in (0, 15) or rate == 3:
        return None
    newest = version == 3
    samples = 1152 if newest else 576
    hertz = RATES[version][rate]
    length = samples // 8 * (KBITS_1 if newest else KBITS_2)[kbits] * 1000 // hertz + (header[2] >> 1 & 1)
    return length, samples / hertz
