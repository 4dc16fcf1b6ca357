"""A small catalogue by hand: what forms are tested with, without loading torch or a plugin."""

from ganstudio.catalogue import Catalogue, Entry, FieldSpec, PluginState

LEARNING_RATE = FieldSpec(
    "learning_rate", "learning rate", "float", 2e-4, "Step size", 1e-7, 1.0, True, live=True
)
BETA1 = FieldSpec("beta1", "beta1", "float", 0.5, "Momentum", 0.0, 0.999)
KIND = FieldSpec("kind", "kind", "choice", "Adam", "The update rule", choices=("Adam", "SGD"))
STEPS = FieldSpec("steps", "steps", "int", 5000, "How long", 1, 100_000_000, True, "steps")
SEED = FieldSpec("seed", "seed", "int", 0, "Where chance begins", 0, 2**31 - 1)
EMA = FieldSpec("ema_decay", "ema decay", "float", 0.999, "Moving average", 0.0, 0.99999, live=True)
WIDTH = FieldSpec("width", "width", "int", 64, "Channels of the widest layer", 8, 512, True)
LAYERS = FieldSpec("layers", "layers", "int", 3, "Hidden layers", 1, 12)
N_CRITIC = FieldSpec("n_critic", "n critic", "int", 1, "Discriminator updates", 1, 100, live=True)
SPECTRAL = FieldSpec("spectral_norm", "spectral norm", "bool", False, "Normalise each weight")
GAMMA = FieldSpec("gamma", "gamma", "float", 1.0, "Strength", 1e-4, 1000.0, True, live=True)
STRENGTH = FieldSpec("strength", "strength", "float", 0.5, "How far", 0.0, 1.0)
FOLDER = FieldSpec("folder", "folder", "path", "", "Where the images are")
RESIZE = FieldSpec("resize", "resize", "int", 0, "Side of the square", 0, 1024, unit="px")
SMOOTHING = FieldSpec(
    "smoothing", "smoothing", "float", 0.0, "One-sided labels", 0.0, 0.5, live=True, group="Balance"
)
PACKING = FieldSpec("packing", "packing", "int", 1, "Judged as one", 1, 8, group="Diversity")
NAME = FieldSpec("prefix", "prefix", "text", "img", "How files begin")

NETWORKS = {
    "generator": {"kind": "Adam", "learning_rate": 5e-4, "beta1": 0.0},
    "discriminator": {"kind": "Adam", "learning_rate": 4e-4, "beta1": 0.0},
}

DIGITS = {
    "name": "mnist-dcgan",
    "about": "Readable digits.",
    "data": {"kind": "Digits"},
    "architecture": {"kind": "ConvGAN", "width": 32},
    "loss": {"kind": "Hinge"},
    "regularizers": {"R1": {"gamma": 2.0}},
    "optimizers": {"generator": {"learning_rate": 1e-3}},
    "training": {"steps": 2500},
}
RING = {
    "name": "ring",
    "about": "Eight modes.",
    "data": {"kind": "Ring"},
    "architecture": {"kind": "PointGAN"},
    "training": {"steps": 3000},
}

CATALOGUE = Catalogue(
    data=(
        Entry("Digits", "Digits", "Handwritten digits.", "p", fields=(RESIZE,), data_kinds=("images",)),
        Entry(
            "Folder", "Folder of images", "Any.", "p", fields=(FOLDER, NAME, RESIZE), data_kinds=("images",)
        ),
        Entry("Ring", "Ring", "Gaussians.", "p", data_kinds=("points",)),
    ),
    architectures=(
        Entry(
            "ConvGAN",
            "Convolutional GAN",
            "For images (Radford et al., 2016, arXiv:1511.06434).",
            "p",
            fields=(WIDTH, SMOOTHING, N_CRITIC, PACKING, SPECTRAL),
            data_kinds=("images",),
            adversarial=True,
            optimizers=NETWORKS,
        ),
        Entry(
            "PointGAN",
            "2-D GAN",
            "For points.",
            "p",
            fields=(WIDTH, LAYERS, N_CRITIC),
            data_kinds=("points",),
            adversarial=True,
            optimizers={name: {**start, "learning_rate": 1e-3} for name, start in NETWORKS.items()},
        ),
        Entry(
            "VAE",
            "Autoencoder",
            "No adversary.",
            "p",
            fields=(WIDTH,),
            data_kinds=("images",),
            optimizers={"encoder": {"learning_rate": 1e-3}},
        ),
    ),
    losses=(
        Entry("NonSaturating", "Non-saturating", "The usual loss.", "p"),
        Entry("Hinge", "Hinge", "Margins.", "p"),
    ),
    regularizers=(
        Entry("R1", "R1", "Gradient on real samples.", "p", fields=(GAMMA,)),
        Entry("Clipping", "Weight clipping", "A box.", "p"),
    ),
    augmentations=(
        Entry("Shift", "Shifts", "Moves images.", "p", fields=(STRENGTH,), data_kinds=("images",)),
    ),
    optimizer=(KIND, LEARNING_RATE, BETA1),
    training=(STEPS, SEED, EMA),
    presets=(RING, DIGITS),
    plugins=(
        PluginState("digits", "ganstudio: digits", "0.1", ("Digits",), seconds=0.01),
        PluginState("broken", "mine: broken", "2.0", (), "It needs the package x.", "Traceback: x", 0.2),
    ),
)
