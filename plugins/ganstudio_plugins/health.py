"""The health rules that come with the studio, each in a file of its own, in the order of the panel."""

from collections.abc import Sequence

from ganstudio.api import HealthRule, hookimpl
from ganstudio_plugins.health_balance import DiscriminatorWeak, DiscriminatorWins
from ganstudio_plugins.health_collapse import ModeCollapse
from ganstudio_plugins.health_data import DataTrouble
from ganstudio_plugins.health_divergence import Divergence
from ganstudio_plugins.health_finished import NothingGained
from ganstudio_plugins.health_memory import Memorising
from ganstudio_plugins.health_oscillation import Oscillation
from ganstudio_plugins.health_output import Artefacts
from ganstudio_plugins.health_posterior import PosteriorCollapse


@hookimpl
def ganstudio_health_rules() -> Sequence[type[HealthRule]]:
    """Offer the rules."""
    return [
        DataTrouble,
        Divergence,
        ModeCollapse,
        DiscriminatorWins,
        DiscriminatorWeak,
        Oscillation,
        Memorising,
        PosteriorCollapse,
        Artefacts,
        NothingGained,
    ]
