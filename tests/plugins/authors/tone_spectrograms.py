"""Spectrograms of tones: sounds made and transformed with torch alone, as images of one channel."""

import math
from typing import Annotated

import torch
from torch import Tensor

from ganstudio.api import ImageSource, ImageSpec, LoadedData, Range, Unit, hookimpl

KINDS = ("sine", "square", "sawtooth", "chirp")
SECONDS, FLOOR = 0.5, 60.0


class ToneSpectrograms(ImageSource):
    """Log-magnitude spectrograms of synthetic tones of four kinds, each at a pitch of its own."""

    title = "Tones (spectrograms)"
    instant = True

    class Settings(ImageSource.Settings):
        count: Annotated[int, Range(64, 100_000, log=True), "Sounds in the set"] = 2000
        rate: Annotated[int, Range(4000, 48_000), Unit("Hz"), "Samples of sound a second"] = 8000
        bins: Annotated[int, Range(16, 128), Unit("px"), "Frequencies and moments: the side of an image"] = 32
        noise: Annotated[float, Range(0.0, 0.5), "Standard deviation of the noise in each sound"] = 0.01

    def read(self, report) -> LoadedData:
        chosen = self.settings
        generator = torch.Generator().manual_seed(0)
        labels = torch.arange(chosen.count) % len(KINDS)
        images = self.room(chosen.count, 1, chosen.bins, chosen.bins)
        for start in range(0, chosen.count, 256):
            report("Making sounds", start / chosen.count)
            part = slice(start, start + 256)
            images[part] = self.spectrograms(self.sounds(labels[part], generator))
        notes = [
            f"{chosen.count} sounds of {SECONDS} s at {chosen.rate} Hz; {FLOOR:g} dB from black to white."
        ]
        return LoadedData(ImageSpec(1, chosen.bins, chosen.bins, KINDS), images, labels, notes)

    def sounds(self, labels: Tensor, generator: torch.Generator) -> Tensor:
        """Return sounds [N, T] in [-1, 1]."""
        chosen = self.settings
        time = torch.arange(int(SECONDS * chosen.rate)) / chosen.rate
        # A pitch from 100 Hz to a quarter of the rate, evenly in octaves.
        octaves = math.log2(chosen.rate / 4 / 100)
        pitch = 100 * 2 ** (octaves * torch.rand(len(labels), 1, generator=generator))
        turns = pitch * time * torch.where(labels[:, None] == 3, time / SECONDS, torch.tensor(1.0))
        wave = (2 * math.pi * turns).sin()
        wave = torch.where(labels[:, None] == 1, wave.sign(), wave)
        wave = torch.where(labels[:, None] == 2, 2 * turns.frac() - 1, wave)
        return wave + chosen.noise * torch.randn(wave.shape, generator=generator)

    def spectrograms(self, sounds: Tensor) -> Tensor:
        """Return sounds [N, T] as images uint8 [N, 1, bins, bins], low frequencies at the bottom."""
        bins = self.settings.bins
        size = 2 * bins
        hop = sounds.shape[1] // bins
        spectrum = torch.stft(sounds, size, hop, window=torch.hann_window(size), return_complex=True)
        decibels = 20 * spectrum.abs().clamp_min(1e-6).log10()
        decibels = decibels - decibels.amax((1, 2), keepdim=True)
        shades = ((decibels / FLOOR + 1).clamp(0, 1) * 255).round().to(torch.uint8)
        return shades[:, 1:, :bins].flip(1).unsqueeze(1)


@hookimpl
def ganstudio_data_sources():
    return [ToneSpectrograms]
