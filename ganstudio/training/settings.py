"""Settings of the training itself, the same for every architecture. Loads no torch."""

from typing import Annotated, Literal

from ganstudio.api.settings import Live, Range, Settings, Unit

AUTO, NONE = "auto", "none"
"""Of the score whose best is kept: what the run is judged by, and no score. So is an empty text, as in files
of older versions."""


class TrainingSettings(Settings):
    """How long, how much at once, and what to show meanwhile."""

    steps: Annotated[
        int, Range(1, 100_000_000, log=True), Unit("steps"), "How many times training_step is run"
    ] = 5000
    batch_size: Annotated[int, Range(1, 8192, log=True), "Samples in each draw from the data"] = 64
    seed: Annotated[int, Range(0, 2**31 - 1), "The same seed gives the same weights on the same machine"] = 0
    schedule: Annotated[
        Literal["constant", "linear", "cosine"], "How learning rates fall to zero over the steps"
    ] = "constant"
    ema_decay: Annotated[
        float, Range(0.0, 0.99999), Live, "Moving average of the weights that are shown and exported"
    ] = 0.999
    preview_every: Annotated[
        int, Range(1, 1_000_000, log=True), Live, Unit("steps"), "Samples and scores are kept this often"
    ] = 200
    preview_count: Annotated[int, Range(1, 1024), "Samples in a preview"] = 64
    report_every: Annotated[
        int, Range(1, 10_000, log=True), Live, Unit("steps"), "A point is added to every curve this often"
    ] = 10
    checkpoint_minutes: Annotated[
        float,
        Range(0.0, 1440.0),
        Live,
        Unit("min"),
        "A killed run can be resumed from where it was this long ago; 0 keeps a checkpoint at the end alone",
    ] = 2.0
    keep_checkpoints: Annotated[
        int, Range(1, 10_000, log=True), Live, "The newest checkpoints that stay; older ones are removed"
    ] = 3
    keep_every: Annotated[
        int,
        Range(0, 100_000_000),
        Live,
        Unit("steps"),
        "A checkpoint is kept this often and stays, to look back and to branch at; 0 keeps none so",
    ] = 0
    keep_best: Annotated[
        str,
        Live,
        "The score whose best checkpoint stays until a better one comes, such as FID or modes; auto takes "
        "what the run is judged by, and none keeps none so",
    ] = AUTO
    score_share: Annotated[
        float,
        Range(0.0, 1.0),
        Live,
        "Share of the time that scores which cost seconds, such as FID, may take; 0 takes none",
    ] = 0.05
    score_count: Annotated[
        int,
        Range(100, 100_000, log=True),
        Unit("samples"),
        "Samples that each score in a feature space is taken of",
    ] = 2000
    threads: Annotated[
        int,
        Range(0, 1024),
        "CPU threads; 0 takes every core. Networks as small as the 2-D ones are best on one",
    ] = 0
    precision: Annotated[
        Literal["fp32", "bf16"], "Arithmetic of the forward passes; bf16 pays on recent GPUs, not on CPUs"
    ] = "fp32"
    health: Annotated[
        bool,
        "Watch for trouble: health rules read what is reported, name what is wrong and say what may help",
    ] = True
