"""A picture or sound as a trainer sends it, made into what a phone is sent: small, of a known kind, nothing hidden.

Photos are drawn anew as WebP, so that no place, time or name of a camera travels along; sounds become MP3 for speech.
What a file is, its bytes say and never its name.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

# WebP is named here, as otherwise Pillow reads all forty of its forms to find it.
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError, WebPImagePlugin  # noqa: F401

from app.content.svg import MediaRefused, read_media
from app.web.trainer import sound
from app.web.trainer.mpeg import NotMp3, only_sound

# Pixels. A screen of 360 shows no more of a picture than this, also where it is three times as fine.
LONGEST_SIDE = 1000
# Bytes a picture may fill; a module has 400 kB for all it holds.
LARGEST_PICTURE = 90_000
LARGEST_SOUND = 300_000
# An MP3 of this size is left as it is: every time it is packed again it sounds a little worse.
SMALL_SOUND = 60_000
# A wall clock's worth; the program that packs sounds has limits of its own too.
LONGEST_PACKING = 60
# A photo of today has 12 to 50 million pixels; each takes 3 or 4 bytes once it is opened. JPEG is opened small.
MOST_PIXELS = {"JPEG": 60_000_000, "PNG": 24_000_000, "WEBP": 24_000_000}
QUALITIES = (80, 60, 40)
ENOUGH = 60
LONGEST_NAME = 40

# What people send that we cannot use, by how it begins, and what to do about it.
KNOWN_OTHERS = (
    (rb"....ftyp(heic|heix|mif1|msf1|avif)", "This is a photo as an iPhone keeps it. Save it as JPEG, then send that."),
    (rb"....ftyp", "This is a video, or sound in another form. Save it as MP3 or WAV, then send that."),
    (rb"GIF8", "Moving pictures are not used. Save it as PNG, then send that."),
    (rb"OggS", "This sound is in another form. Save it as MP3 or WAV, then send that."),
    (rb"%PDF", "This is a PDF. Take a picture of the part you need, and send that."),
    (rb"BM|II\*\x00|MM\x00\*", "This picture is in an old form. Save it as PNG or JPEG, then send that."),
)
# Opening a large photo fills memory: one at a time in each process.
_one_at_a_time = threading.Lock()


class Unfit(ValueError):
    """A file we cannot use. `str()` says why, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A file ready to be kept: a plain name nobody else has, and its bytes. `kind` is "picture" or "sound"."""

    name: str
    body: bytes
    kind: str


def fit(filename: str, body: bytes, taken: Collection[str]) -> Fit:
    """Return the file as it will be kept beside a draft whose files are named `taken`. Raises Unfit."""
    if not body:
        raise Unfit("This file is empty. Choose another one.")
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<svg", b"<?xml", b"<!--", b"<!DOCTYPE")):
        return Fit(name=plain_name(filename, "picture", "svg", taken), body=_drawing(body), kind="picture")
    if re.match(rb"ID3|\xff[\xe2\xe3\xea\xeb\xf2\xf3\xfa\xfb]|RIFF....WAVE|fLaC", body, re.DOTALL):
        return Fit(name=plain_name(filename, "sound", "mp3", taken), body=_sound(body), kind="sound")
    for beginning, words in KNOWN_OTHERS:
        if re.match(beginning, body, re.DOTALL):
            raise Unfit(words)
    return Fit(name=plain_name(filename, "picture", "webp", taken), body=_photo(body), kind="picture")


def plain_name(filename: str, otherwise: str, ending: str, taken: Collection[str]) -> str:
    """Return a name made of letters, numbers and hyphens, like the file's own, that none of `taken` has."""
    stem = re.split(r"[/\\]", filename)[-1].rsplit(".", 1)[0]
    letters = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", letters)[:LONGEST_NAME].strip("-") or otherwise
    names = {name.lower() for name in taken}
    number, name = 1, f"{stem}.{ending}"
    while name in names:
        number += 1
        name = f"{stem}-{number}.{ending}"
    return name


def _drawing(body: bytes) -> bytes:
    try:
        read_media("drawing.svg", body)
    except MediaRefused as refused:
        raise Unfit(f"{refused} Draw it with plain shapes only, or save it as PNG and send that.") from None
    return body


def _sound(body: bytes) -> bytes:
    try:
        if body[:4] not in (b"RIFF", b"fLaC"):
            plain, _ = only_sound(body)
            if len(plain) <= SMALL_SOUND:
                return plain
        return only_sound(_packed_sound(body))[0]
    except NotMp3:
        raise Unfit(
            "This is not a sound we can use, or it is damaged. Save it as MP3 or WAV, then send that."
        ) from None


def _packed_sound(body: bytes) -> bytes:
    """Return it as a small MP3, made by a program that may fall over. Raises Unfit or NotMp3."""
    with _one_at_a_time:
        try:
            # Ours, with nothing of what was sent among its words.
            ran = subprocess.run(  # noqa: S603
                [sys.executable, "-I", sound.__file__, str(LARGEST_SOUND)],
                input=body,
                capture_output=True,
                timeout=LONGEST_PACKING,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise NotMp3 from None
    if ran.returncode == sound.TOO_LONG:
        most = LARGEST_SOUND // (sound.RATES[-1] * 125)
        raise Unfit(
            f"This sound lasts {int(ran.stdout)} seconds. The limit is {most}. Make it shorter, or make two of it."
        )
    if ran.returncode != 0:
        raise NotMp3
    return ran.stdout


def _photo(body: bytes) -> bytes:
    with _one_at_a_time:
        try:
            return _drawn_anew(body)
        except Unfit:
            raise
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            raise Unfit(_TOO_MANY) from None
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
            raise Unfit(
                "This is not a picture or sound we can use, or it is damaged. Pictures are PNG, JPEG, WebP or SVG, "
                "sounds are MP3, WAV or FLAC."
            ) from None


_TOO_MANY = "This picture has too many pixels. Save it smaller, 2,000 across is plenty, then send that."


def _drawn_anew(body: bytes) -> bytes:
    with Image.open(io.BytesIO(body), formats=tuple(MOST_PIXELS)) as image:
        if image.width * image.height > MOST_PIXELS[str(image.format)]:
            raise Unfit(_TOO_MANY)
        if image.width < 2 or image.height < 2:
            raise Unfit("There is nothing to see in this picture. Choose another one.")
        # Of a large JPEG only every second, fourth or eighth pixel is worked out.
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        image.load()
        picture = _in_plain_colours(ImageOps.exif_transpose(image))
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    # Flat colours and letters stay sharp without loss, and are often smaller so.
    ways: list[dict[str, int | bool]] = [{"lossless": True, "quality": 70}] if image.format == "PNG" else []
    small = _packed(picture, [*ways, *({"quality": quality} for quality in QUALITIES)])
    while small is None:
        # Grain and leaves: fewer pixels look better than worse ones.
        picture.thumbnail((picture.width * 3 // 4, picture.height * 3 // 4), Image.Resampling.LANCZOS)
        small = _packed(picture, [{"quality": ENOUGH}])
    return small


def _in_plain_colours(image: Image.Image) -> Image.Image:
    """Return the pixels alone, in the colours every screen has, without whatever else was in the file."""
    profile = image.info.get("icc_profile")
    transparent = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    if profile and image.mode in ("RGB", "CMYK", "L"):
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            changed = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
            image = changed or image
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile nobody can read: the colours are as good as they can be
    plain = image.convert("RGBA" if transparent else "RGB")
    plain.info.clear()
    return plain


def _packed(picture: Image.Image, ways: Sequence[Mapping[str, int | bool]]) -> bytes | None:
    """Return the picture as WebP in the first of these ways that fits, or None."""
    for how in ways:
        out = io.BytesIO()
        picture.save(out, "WEBP", method=4, **how)
        if out.tell() <= LARGEST_PICTURE:
            return out.getvalue()
    return None
