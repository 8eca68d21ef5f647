"""Speech made small: a program of its own that reads a sound and writes it as MP3 with one channel.

It runs apart, because it opens what somebody sent in a language where a mistake is worse than an error: a damaged file
ends it and nothing else. `python sound.py LARGEST` reads from its input; it ends with 0 and the MP3 on its output, or
with one of the codes below. It imports nothing of the application, so that it starts at once.
"""

from __future__ import annotations

import resource
import sys

NOT_A_SOUND, TOO_LONG = 3, 4
# Speech stays clear at these; the first that fits is taken. Thousands of bits a second.
RATES = (48, 32)
SAMPLES_A_SECOND = 24_000
MEMORY, SECONDS = 600_000_000, 30


def spoken(body: bytes, largest: int) -> bytes:
    """Return a WAV, FLAC or MP3 as MP3 of at most `largest` bytes.

    Raises OverflowError(seconds) when it is too long for that, ValueError when it is no sound.
    """
    import lameenc
    import miniaudio

    try:
        seconds = _seconds(body)
        if seconds * RATES[-1] * 125 > largest:
            raise OverflowError(round(seconds))
        sound = miniaudio.decode(body, nchannels=1, sample_rate=SAMPLES_A_SECOND)
    except (miniaudio.MiniaudioError, miniaudio.DecodeError) as error:
        raise ValueError("not a sound") from error
    if not sound.samples:
        raise ValueError("nothing to hear")
    for rate in RATES:
        encoder = lameenc.Encoder()
        encoder.silence()
        encoder.set_bit_rate(rate)
        encoder.set_in_sample_rate(SAMPLES_A_SECOND)
        encoder.set_channels(1)
        encoder.set_quality(2)
        made = bytes(encoder.encode(sound.samples.tobytes()) + encoder.flush())
        if len(made) <= largest:
            return made
    raise OverflowError(round(seconds))


def _seconds(body: bytes) -> float:
    import miniaudio

    # The library's own guess takes any bytes for an MP3; and its reader of Ogg is not used at all.
    reads = {b"RIFF": miniaudio.wav_get_info, b"fLaC": miniaudio.flac_get_info}
    return float(reads.get(body[:4], miniaudio.mp3_get_info)(body).duration)


def main() -> int:
    """Do it once, within limits."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        made = spoken(sys.stdin.buffer.read(), int(sys.argv[1]))
    except OverflowError as error:
        sys.stdout.write(str(error))
        return TOO_LONG
    except (ValueError, MemoryError):
        return NOT_A_SOUND
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
