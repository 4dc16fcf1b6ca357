"""GAN Studio: train generative adversarial networks and their relatives in one calm window."""

__version__ = "0.1.0"
