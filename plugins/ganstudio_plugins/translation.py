"""Translation between images, offered to the studio: architectures, data of two kinds, and what judges it."""

from collections.abc import Sequence

from ganstudio.api import Architecture, DataSource, Metric, hookimpl
from ganstudio_plugins.cyclegan import CycleGAN
from ganstudio_plugins.paired_data import PairedArrays, PairedFolders, PairedHalves, PairedOutlines
from ganstudio_plugins.pix2pix import Pix2Pix
from ganstudio_plugins.translation_digits import DigitDomains, DigitPairs
from ganstudio_plugins.translation_metrics import AbsoluteError
from ganstudio_plugins.unpaired_data import UnpairedArrays, UnpairedFolders


@hookimpl
def ganstudio_architectures() -> Sequence[type[Architecture]]:
    """Offer the architectures."""
    return [CycleGAN, Pix2Pix]


@hookimpl
def ganstudio_data_sources() -> Sequence[type[DataSource]]:
    """Offer the user's own images first, then what is built in."""
    unpaired: list[type[DataSource]] = [UnpairedFolders, UnpairedArrays, DigitDomains]
    paired: list[type[DataSource]] = [PairedFolders, PairedHalves, PairedOutlines, PairedArrays, DigitPairs]
    return [*unpaired, *paired]


@hookimpl
def ganstudio_metrics() -> Sequence[type[Metric]]:
    """Offer what measures translations whose targets are known."""
    return [AbsoluteError]
