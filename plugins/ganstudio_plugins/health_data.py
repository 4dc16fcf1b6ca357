"""Data trouble: what is wrong with a data set before any network is. It knows nothing of how it is read."""

from typing import ClassVar

from ganstudio.api import Condition, Event, HealthRule, RunFacts
from ganstudio_plugins.health_remedies import change, remedies

BLANK = 0.2
"""A larger share of images of one colour is a fault of the data, not a few odd ones."""
NARROW = 48
"""Images whose values lie this near to each other, of 255, have next to no contrast."""
RARE = 0.1
"""A class with a smaller share than this of what is usual is as good as missing."""
TINY, TINY_POINTS = 100, 500
"""With fewer images or points, a network can learn each of them by heart."""
REPEATED = 0.5


class DataTrouble(HealthRule):
    """Watches for data that no training can make up for: blank or faint images, lost classes, a tiny set."""

    title = "Data"
    conditions: ClassVar[tuple[str, ...]] = (
        "constant images",
        "narrow range",
        "classes missing",
        "repeated images",
        "tiny set",
    )

    def begin(self, facts: RunFacts) -> None:
        """Judge the data, of which nothing changes later."""
        super().begin(facts)
        self._found = self._judged(facts)

    def take(self, event: Event) -> None:
        """Nothing that happens changes the data."""

    def condition(self) -> Condition | None:
        """Return what is wrong with the data, the gravest first."""
        return self._found

    def _judged(self, facts: RunFacts) -> Condition | None:
        return _constant(facts) or _narrow(facts) or _missing(facts) or _repeated(facts) or _tiny(facts)


def _constant(facts: RunFacts) -> Condition | None:
    if facts.blank <= BLANK:
        return None
    return Condition(
        "constant images",
        "bad",
        0,
        f"{facts.blank:.0%} of the images have one colour and nothing on them.",
        "A network that is shown blank images learns to make blank images. They usually come from files "
        "that were read wrongly, from masks, or from pages without a picture: look at the Data tab and "
        "remove them.",
        {"share of blank images": facts.blank, "images": float(facts.count)},
    )


def _narrow(facts: RunFacts) -> Condition | None:
    low, high = facts.value_range or (0.0, 255.0)
    if high - low >= NARROW:
        return None
    return Condition(
        "narrow range",
        "bad",
        0,
        f"Nearly all values of the images lie between {low:.0f} and {high:.0f}, of 0 to 255.",
        "The images have next to no contrast for the networks, which see 0 to 255 as -1 to 1. Often they "
        "were scaled to 0 to 1 before they were saved as whole numbers, or hold labels instead of colours: "
        "stretch them to the whole range.",
        {"lowest": low, "highest": high},
    )


def _missing(facts: RunFacts) -> Condition | None:
    counts = facts.class_counts
    # Where no class is asked for, how many there are of each is as the data is, not a fault.
    if not facts.classes or len(counts) < 2 or not sum(counts):
        return None
    usual = sorted(counts)[len(counts) // 2]
    names = getattr(facts.data, "classes", ())
    rare = [place for place, count in enumerate(counts) if count < RARE * usual]
    if not rare:
        return None
    said = ", ".join(
        f"{names[place] if place < len(names) else place} ({counts[place]})" for place in rare[:4]
    )
    more = f" and {len(rare) - 4} more" if len(rare) > 4 else ""
    return Condition(
        "classes missing",
        "bad",
        0,
        f"Some classes have hardly any samples: {said}{more}, where {usual} are usual.",
        "What is hardly there cannot be learned: a generator that is asked for such a class makes something "
        "else. Add samples of these classes, leave them out, or ask for no classes.",
        {"rare classes": float(len(rare)), "samples of a usual class": float(usual)},
        remedies=remedies(
            change(
                facts,
                "Begin anew without classes",
                {"architecture.conditioning": "none"},
                "The networks are then not asked for classes, so none can be asked for in vain.",
                "anew",
            )
        ),
    )


def _repeated(facts: RunFacts) -> Condition | None:
    if facts.repeated <= REPEATED:
        return None
    return Condition(
        "repeated images",
        "watch",
        0,
        f"{facts.repeated:.0%} of the images are exact copies of others.",
        "Copies teach nothing new and weigh what they show too much. Remove them, or the set is far smaller "
        "than it looks.",
        {"share of copies": facts.repeated, "images": float(facts.count)},
    )


def _tiny(facts: RunFacts) -> Condition | None:
    points = facts.value_range is None
    if not 0 < facts.count < (TINY_POINTS if points else TINY):
        return None
    what = "samples" if points else "images"
    return Condition(
        "tiny set",
        "bad" if facts.count < TINY // 2 else "watch",
        0,
        f"There are {facts.count} {what} to train on.",
        "With so few, a discriminator knows each of them by heart, and what is made turns into copies of "
        "them. Add data; augmentation makes more of the little there is.",
        {what: float(facts.count)},
    )
