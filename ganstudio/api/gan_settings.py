"""The settings that every adversarial variant has. Torch-free, like all settings."""

from typing import Annotated, Literal

from ganstudio.api.settings import Group, Live, Range, Settings, Unit, When

_LABELS = Group("Labels")
_BALANCE = Group("Balance")
_DIVERSITY = Group("Diversity")


class GANSettings(Settings):
    """What the step of two networks can do, whatever the networks are."""

    latent_dim: Annotated[int, Range(1, 1024, log=True), "Numbers that each sample is made from"] = 100
    latents: Annotated[
        Literal["normal", "uniform"], "How latents are drawn: standard normal, or uniform in [-1, 1]"
    ] = "normal"
    spectral_norm: Annotated[
        bool,
        "Divide each weight of the discriminator by its largest singular value "
        "(Miyato et al., 2018, arXiv:1802.05957)",
    ] = False

    conditioning: Annotated[
        Literal["none", "concatenated", "embedded", "projection", "auxiliary"],
        _LABELS,
        "Make samples of a class that is asked for. Concatenated: the label, one-hot, stands beside what "
        "both networks are given (Mirza & Osindero, 2014, arXiv:1411.1784). Embedded: a learned code does. "
        "Projection: the discriminator's features are compared with a vector of the class (Miyato & Koyama, "
        "2018, arXiv:1802.05637). Auxiliary: the discriminator also names the class (Odena et al., 2017, "
        "arXiv:1610.09585)",
    ] = "none"
    auxiliary_weight: Annotated[
        float,
        Range(0.0, 100.0),
        Live,
        _LABELS,
        When("conditioning", "auxiliary"),
        "Weight of naming the class",
    ] = 1.0

    n_critic: Annotated[
        int, Range(1, 100), Live, _BALANCE, "Discriminator updates for each update of the generator"
    ] = 1
    n_generator: Annotated[
        int, Range(1, 100), Live, _BALANCE, "Generator updates in each step, each on new latents"
    ] = 1
    critic_warm_up: Annotated[
        bool,
        _BALANCE,
        "100 discriminator updates in each of the first 25 steps and in every 500th, as WGAN's authors do "
        "(Arjovsky et al., 2017, arXiv:1701.07875)",
    ] = False
    skip_when_winning: Annotated[
        float,
        Range(0.5, 1.0),
        Live,
        _BALANCE,
        "Leave the discriminator as it is while it ranks more than this share of real samples above "
        "generated ones; 1 never does",
    ] = 1.0
    label_smoothing: Annotated[
        float,
        Range(0.0, 0.5),
        Live,
        _BALANCE,
        "Share by which real samples count as generated for the discriminator: one-sided label smoothing "
        "(Salimans et al., 2016, arXiv:1606.03498)",
    ] = 0.0
    label_flipping: Annotated[
        float,
        Range(0.0, 0.5),
        Live,
        _BALANCE,
        "Share of pairs for which the discriminator is told that real is generated and the reverse",
    ] = 0.0
    instance_noise: Annotated[
        float,
        Range(0.0, 2.0),
        Live,
        _BALANCE,
        "Standard deviation of noise added to all the discriminator sees (Sønderby et al., 2017, "
        "arXiv:1610.04490)",
    ] = 0.0
    instance_noise_steps: Annotated[
        int,
        Range(0, 10_000_000),
        Unit("steps"),
        _BALANCE,
        When("instance_noise", above=0),
        "Steps over which the instance noise falls to none; 0 keeps it",
    ] = 0

    minibatch: Annotated[
        Literal["none", "standard deviation", "discrimination"],
        _DIVERSITY,
        "Let the discriminator compare the samples of a batch, against mode collapse. Standard deviation: "
        "how far features differ (Karras et al., 2018, arXiv:1710.10196). Discrimination: learned distances "
        "(Salimans et al., 2016, arXiv:1606.03498)",
    ] = "none"
    minibatch_kernels: Annotated[
        int,
        Range(1, 500, log=True),
        _DIVERSITY,
        When("minibatch", "discrimination"),
        "Distances that minibatch discrimination learns; its cost grows with them and with the batch squared",
    ] = 100
    packing: Annotated[
        int,
        Range(1, 8),
        _DIVERSITY,
        "Samples judged together as one, m of PacGAN (Lin et al., 2018, arXiv:1712.04086); divides the batch",
    ] = 1
    unrolled_steps: Annotated[
        int,
        Range(0, 20),
        Live,
        _DIVERSITY,
        "Discriminator updates the generator looks ahead, and learns through (Metz et al., 2017, "
        "arXiv:1611.02163)",
    ] = 0
    unrolled_rate: Annotated[
        float,
        Range(1e-4, 10.0, log=True),
        Live,
        _DIVERSITY,
        When("unrolled_steps", above=0),
        "Step size of the updates looked ahead",
    ] = 0.1
