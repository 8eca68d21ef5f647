"""What a trainer sends is made small and plain, and what cannot be used is refused in words that say what to do."""

from __future__ import annotations

import array
import contextlib
import io
import math
import random
import re
import struct
import wave
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from app.content.source import is_plain_name
from app.content.svg import read_media
from app.web.trainer import sound
from app.web.trainer.mpeg import NotMp3, only_sound
from app.web.trainer.smaller import LARGEST_PICTURE, LONGEST_SIDE, Unfit, fit, plain_name
from tests.support.content import picture as drawing

# One frame of MPEG 1 layer III: 128 kbit/s at 44.1 kHz, 417 bytes, 26 ms.
FRAME = b"\xff\xfb\x90\x00" + b"\x00" * 413


def photo(kind: str = "JPEG", size: tuple[int, int] = (1600, 1200), mode: str = "RGB", **more: Any) -> bytes:
    """A picture with enough in it to be worth making smaller."""
    image = Image.new(mode, size, "white" if mode != "RGBA" else (255, 255, 255, 0))
    pencil = ImageDraw.Draw(image)
    luck = random.Random(4)
    for _ in range(400):
        x, y = luck.randrange(size[0]), luck.randrange(size[1])
        pencil.ellipse((x, y, x + 90, y + 60), fill=tuple(luck.randrange(256) for _ in range(3)))
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def opened(body: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(body), formats=("WEBP",))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_a_small_webp_the_checker_takes(kind: str) -> None:
    made = fit(f"Mrs Begum's stairs (1).{kind}", photo(kind), ())

    assert (made.name, made.kind) == ("mrs-begum-s-stairs-1.webp", "picture")
    assert len(made.body) <= LARGEST_PICTURE
    assert max(opened(made.body).size) == LONGEST_SIDE
    assert read_media(made.name, made.body).width == LONGEST_SIDE


def test_grain_that_packs_badly_is_still_made_to_fit() -> None:
    grain = Image.frombytes("RGB", (600, 600), random.Random(1).randbytes(600 * 600 * 3))
    out = io.BytesIO()
    grain.save(out, "PNG")

    assert len(fit("grain.png", out.getvalue(), ()).body) <= LARGEST_PICTURE


def test_nothing_of_the_camera_travels_along() -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x9286] = "Camera of Priya Nair", "51.5074 N, 0.1278 W"
    body = photo(exif=exif, comment=b"at the house of Mrs Begum")
    assert b"Priya" in body

    made = fit("a.jpg", body, ()).body

    assert b"EXIF" not in made
    assert b"Priya" not in made
    assert not opened(made).info.get("exif")
    assert not opened(made).info.get("icc_profile")


def test_a_photo_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    made = fit("a.jpg", photo(size=(400, 200), exif=exif), ())

    assert opened(made.body).size == (200, 400)


def test_what_is_seen_through_stays_so() -> None:
    assert opened(fit("a.png", photo("PNG", (300, 200), "RGBA"), ()).body).mode == "RGBA"


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that opens to width × height pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(6000, 6000), (10_000, 10_000), (60_000, 60_000), (2_000_000_000, 1)])
def test_a_picture_that_would_fill_the_memory_is_not_opened(size: tuple[int, int]) -> None:
    with pytest.raises(Unfit, match="too many pixels"):
        fit("bomb.png", bomb(*size), ())


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "iPhone"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00", "video"),
        (b"GIF89a" + b"\0" * 50, "Moving pictures"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "not a sound we can use"),
        (b"fLaC" + b"\xff" * 500, "not a sound we can use"),
        (b"OggS" + b"\0" * 50, "Save it as MP3"),
        (b"%PDF-1.7", "PDF"),
        (b"MZ" + b"\0" * 200, "not a picture or sound"),
        (b"<html><script>alert(1)</script></html>", "not a picture or sound"),
        (b"PK\x03\x04" + b"\0" * 200, "not a picture or sound"),
        (photo()[:3000], "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "damaged"),
        (b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\0" * 300, "not a sound we can use"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>alert(1)</script></svg>', "<script>"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"/>', "DOCTYPE"),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else None,
)
def test_what_cannot_be_used_is_refused_with_what_to_do(body: bytes, words: str) -> None:
    with pytest.raises(Unfit, match=re.escape(words)):
        fit("picture.png", body, ())


def test_no_bytes_make_it_fail_in_any_other_way() -> None:
    luck = random.Random(9)
    whole = [*(photo(kind, (120, 90)) for kind in ("JPEG", "PNG", "WEBP")), FRAME * 30, drawing()]
    for _ in range(150):
        body = bytearray(luck.choice(whole))
        for _ in range(luck.randrange(1, 30)):
            body[luck.randrange(len(body))] = luck.randrange(256)
        with contextlib.suppress(Unfit):
            made = fit("a.bin", bytes(body), ())
            assert read_media(made.name, made.body).kind == made.kind


def test_a_drawing_is_kept_byte_for_byte() -> None:
    assert fit("Stairs.SVG", drawing(), ()).body == drawing()


@pytest.mark.parametrize(
    ("filename", "name"),
    [
        ("../../etc/passwd", "passwd.webp"),
        ("C:\\Users\\Priya\\Küche mit Herd.PNG", "kuche-mit-herd.webp"),
        ("\x00.png", "picture.webp"),
        ("…….jpg", "picture.webp"),
        ("", "picture.webp"),
        ('"><script>.png', "script.webp"),
        ("a" * 300 + ".png", "a" * 40 + ".webp"),
        ("stairs.svg.exe", "stairs-svg.webp"),
    ],
)
def test_a_name_is_made_plain(filename: str, name: str) -> None:
    made = plain_name(filename, "picture", "webp", ())

    assert made == name
    assert is_plain_name(made)


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert plain_name("Stairs.png", "picture", "webp", ("stairs.webp", "STAIRS-2.webp")) == "stairs-3.webp"


def test_of_a_sound_only_the_sound_is_kept() -> None:
    # 300 bytes of a tag, seven bits a byte; then a tag of the old kind at the end.
    tag = b"ID3\x03\x00\x00\x00\x00\x02\x2c" + b"TPE1 Priya Nair".ljust(300, b"\0")
    made = fit("call.mp3", tag + FRAME * 40 + b"TAG" + b"Priya Nair".ljust(125), ())

    assert (made.name, made.kind, made.body) == ("call.mp3", "sound", FRAME * 40)
    assert only_sound(tag + FRAME * 40)[1] == pytest.approx(40 * 1152 / 44_100)


def test_a_sound_of_other_speeds_is_read_too() -> None:
    # MPEG 2, 32 kbit/s at 22.05 kHz: 104 bytes and 26 ms each.
    slow = b"\xff\xf3\x40\xc0" + b"\0" * 100

    assert only_sound(slow * 20) == (slow * 20, pytest.approx(20 * 576 / 22_050))


def voice(seconds: float, hertz: int = 44_100) -> bytes:
    """A WAV with two channels of a tone that never stands still, and a name in its notes."""
    moments = (index / hertz for index in range(int(seconds * hertz)))
    heights = array.array("h", (int(9000 * math.sin(600 * t * (1 + t % 1))) for t in moments for _ in range(2)))
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((2, 2, hertz, 0, "NONE", "not packed"))
        file.writeframes(heights.tobytes())
    return out.getvalue() + b"LIST\x12\x00\x00\x00INFOIART\x06\x00\x00\x00Priya\x00"


def test_a_sound_is_made_small_and_lasts_as_long() -> None:
    long = voice(8)

    made = fit("Mrs Begum's call.wav", long, ())

    plain, seconds = only_sound(made.body)
    assert (made.name, made.kind, made.body) == ("mrs-begum-s-call.mp3", "sound", plain)
    assert seconds == pytest.approx(8, abs=0.2)
    assert len(made.body) < len(long) / 20
    assert b"Priya" not in made.body
    assert read_media(made.name, made.body).type == "audio/mpeg"


def test_a_large_mp3_is_packed_again_and_a_small_one_left_alone() -> None:
    large = b"".join(FRAME for _ in range(400))

    assert len(fit("a.mp3", large, ()).body) < len(large) / 2
    assert fit("a.mp3", FRAME * 100, ()).body == FRAME * 100


def test_a_sound_that_is_too_long_is_refused_with_its_length_and_the_limit() -> None:
    with pytest.raises(Unfit, match=r"lasts 90 seconds\. The limit is 75\. Make it shorter"):
        fit("long.wav", voice(90, hertz=8_000), ())


def test_a_sound_that_takes_the_memory_or_breaks_the_reader_is_only_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A length of days in the header, and nothing behind it.
    endless = b"fLaC\x00\x00\x00\x22" + b"\x10\x00" * 2 + b"\0" * 6 + b"\x0a\xc4\x42\xff\xff\xff\xff\xff" + b"\0" * 16
    with pytest.raises(Unfit):
        fit("endless.flac", endless, ())
    falls = tmp_path / "falls.py"
    falls.write_text("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    monkeypatch.setattr(sound, "__file__", str(falls))
    with pytest.raises(Unfit, match="damaged"):
        fit("a.wav", voice(1), ())


def test_bytes_that_only_begin_like_a_sound_are_none() -> None:
    for body in (FRAME * 7, b"\xff\xfb\x90\x00" * 100, b"ID3" + b"\xff" * 100, b"\xff\xe2"):
        with pytest.raises(NotMp3):
            only_sound(body)
