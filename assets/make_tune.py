# ruff: noqa: INP001 - a script, no package
"""Makes the tune that the built-in assistant plays: `python assets/make_tune.py`.

A little melody of our own on something like a music box, the same bytes at every run.
"""

from __future__ import annotations

import math
import struct
import wave
from pathlib import Path
from typing import Final

TUNE: Final = Path(__file__).parents[1] / "app/hivemind_chatroom/web/static/tune.wav"

RATE_HZ: Final = 11_025
LENGTH_S: Final = 2.6
FADE_S: Final = 0.2
LOUDNESS: Final = 0.7
FULL_SCALE: Final = 32_767
"""The largest 16-bit sample."""

CONCERT_A: Final = 69
CONCERT_A_HZ: Final = 440.0
SEMITONES: Final = 12

BEAT_S: Final = 0.18
MELODY: Final = ((0, 72), (1, 76), (2, 79), (4, 77), (5, 81), (6, 79), (8, 76), (9, 74), (10, 72))
"""Beat and note (MIDI number) of every tone."""

OVERTONES: Final = ((1, 1.0, 4.0), (2, 0.35, 6.0), (3, 0.12, 9.0))
"""Multiple of the tone, its strength, and how fast it dies away, in 1/s."""


def tone(note: int, time_s: float) -> float:
    """Return how far a struck tone swings, some time after it was struck."""
    pitch_hz = CONCERT_A_HZ * 2 ** ((note - CONCERT_A) / SEMITONES)
    return sum(
        strength * math.exp(-decay * time_s) * math.sin(2 * math.pi * pitch_hz * multiple * time_s)
        for multiple, strength, decay in OVERTONES
    )


def melody(time_s: float) -> float:
    """Return the sum of all tones struck so far."""
    struck = ((note, time_s - beat * BEAT_S) for beat, note in MELODY)
    return sum(tone(note, since_s) for note, since_s in struck if since_s >= 0)


def samples() -> list[int]:
    """Return the tune as 16-bit samples, faded out at its end."""
    times = [index / RATE_HZ for index in range(int(LENGTH_S * RATE_HZ))]
    swings = [melody(time_s) * min(1.0, (LENGTH_S - time_s) / FADE_S) for time_s in times]
    loudest = max(map(abs, swings))
    return [round(swing / loudest * LOUDNESS * FULL_SCALE) for swing in swings]


def main() -> None:
    """Write the file."""
    sound = samples()
    with wave.open(str(TUNE), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(struct.pack(f"<{len(sound)}h", *sound))


if __name__ == "__main__":
    main()
