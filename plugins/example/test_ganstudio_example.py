"""The checks of GAN Studio, as tests of this plugin: one for its hooks, and one for each class it offers."""

import ganstudio_example

from ganstudio.testing import conformance

test_conforms = conformance(ganstudio_example)
