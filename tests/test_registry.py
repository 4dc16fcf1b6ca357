from pathlib import Path

import pytest

from ganstudio.catalogue import Catalogue, PluginState, find
from ganstudio.experiment import Experiment
from ganstudio.registry import Registry
from ganstudio.schema import describe
from ganstudio.training.settings import TrainingSettings
from tests.installing import InstallPlugin

LOSS = '''
from ganstudio.api import AdversarialLoss, hookimpl

class {name}(AdversarialLoss):
    """A loss of mine."""
    title = "Mine"
    def discriminator_loss(self, real_logits, fake_logits):
        return (fake_logits - real_logits).mean()
    def generator_loss(self, fake_logits, real_logits):
        return -fake_logits.mean()

@hookimpl
def ganstudio_losses():
    return [{name}]
'''


def state_of(registry: Registry, name: str) -> PluginState:
    (state,) = [plugin for plugin in registry.plugins if plugin.name == name]
    return state


def built_ins(registry: Registry) -> dict[str, set[str]]:
    return {category: set(classes) for category, classes in registry.classes.items()}


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


class TestBuiltIns:
    def test_all_load(self, registry: Registry) -> None:
        assert [plugin.failed for plugin in registry.plugins] == [""] * len(registry.plugins)
        assert all(plugin.brings for plugin in registry.plugins)
        assert {plugin.state for plugin in registry.plugins} == {"loaded"}
        assert [plugin for plugin in registry.plugins if plugin.notes or plugin.printed] == []

    def test_fill_every_category(self, registry: Registry) -> None:
        """At least these, by the names that people's files hold."""
        expected = {
            "architecture": {"ConvGAN", "MLPGAN", "PointGAN"},
            "loss": {
                *("NonSaturating", "Minimax", "LeastSquares", "Hinge", "Wasserstein", "RelativisticPairing"),
            },
            "regularizer": {"R1", "R2", "GradientPenalty", "WeightClipping"},
            "augmentation": {"DiffAugment", "ADA"},
            "data": {"Digits", "Ring", "Grid", "ImageFolder", "MNIST", "FashionMNIST", "CIFAR10"},
            "metric": {"Modes", "VitalSigns", "FID", "KID"},
            "health": set(),
            "extractor": {"StudioExtractor", "InceptionExtractor", "VGGExtractor", "RandomExtractor"},
            "panel": {"SystemPanel"},
            "exporter": {"TorchProgram"},
        }
        found = built_ins(registry)
        assert found.keys() == expected.keys()
        assert {category: names & found[category] for category, names in expected.items()} == expected

    def test_use_every_hook(self, registry: Registry) -> None:
        assert all(registry.classes.values())
        assert registry.presets

    def test_offer_the_preset_of_the_first_start_first(self, registry: Registry) -> None:
        assert next(iter(registry.presets)) == "mnist-dcgan"
        assert {"mnist-mlp", "mnist-mlp-256", "ring"} <= set(registry.presets)

    def test_are_described_in_whole_in_the_catalogue(self, registry: Registry) -> None:
        catalogue = registry.catalogue(describe(TrainingSettings))
        adversary = (*catalogue.losses, *catalogue.regularizers, *catalogue.augmentations)
        for entry in (*catalogue.data, *catalogue.architectures, *adversary):
            assert entry.title
            assert entry.summary.endswith((".", ")")), entry
            assert entry.plugin.startswith("ganstudio: ganstudio_plugins.")
            for field in entry.fields:
                assert field.help, (entry.kind, field.name)
        conv = find(catalogue.architectures, "ConvGAN")
        assert conv.data_kinds == ("images",)
        assert conv.adversarial
        assert conv.optimizers["generator"]["kind"] == "Adam"
        assert find(catalogue.data, "Ring").data_kinds == ("points",)
        of_images = ("images", "unpaired images", "paired images")
        assert find(catalogue.augmentations, "ADA").data_kinds == of_images
        assert find(catalogue.architectures, "CycleGAN").default_loss == "LeastSquares"
        assert find(catalogue.data, "UnpairedFolders").data_kinds == ("unpaired images",)
        assert not find(catalogue.architectures, "MLPVAE").adversarial
        assert [field.name for field in catalogue.training][:2] == ["steps", "batch_size"]

    def test_survive_being_written_as_text(self, registry: Registry) -> None:
        catalogue = registry.catalogue(describe(TrainingSettings))
        assert Catalogue.from_json(catalogue.to_json()) == catalogue


class TestInstalledPlugins:
    def test_add_what_they_bring(self, install_plugin: InstallPlugin) -> None:
        install_plugin("lossy", LOSS.format(name="MyLoss"))
        registry = Registry.load()
        state = state_of(registry, "lossy")
        assert (state.failed, state.brings, state.version) == ("", ("Mine",), "1.0")
        assert state.source == "lossy: lossy"
        assert state.seconds > 0
        entry = find(registry.catalogue().losses, "MyLoss")
        assert (entry.title, entry.summary, entry.plugin) == ("Mine", "A loss of mine.", "lossy: lossy")

    def test_come_after_the_built_ins(self, install_plugin: InstallPlugin) -> None:
        install_plugin("aaa", LOSS.format(name="MyLoss"))
        assert Registry.load().plugins[-1].name == "aaa"

    def test_may_use_the_same_names_for_their_entry_points(self, install_plugin: InstallPlugin) -> None:
        install_plugin("first", LOSS.format(name="FirstLoss"), entry_points={"losses": "first"})
        install_plugin("second", LOSS.format(name="SecondLoss"), entry_points={"losses": "second"})
        registry = Registry.load()
        assert [plugin.failed for plugin in registry.plugins] == [""] * len(registry.plugins)
        assert {"FirstLoss", "SecondLoss", "Hinge"} <= set(registry.classes["loss"])

    def test_may_bring_presets_as_tables_and_as_files(self, install_plugin: InstallPlugin) -> None:
        table = "dict(name='mine', data=dict(kind='Ring'), architecture=dict(kind='PointGAN'))"
        installed = install_plugin(
            "preset",
            f"""
            from pathlib import Path
            from ganstudio.api import hookimpl

            @hookimpl
            def ganstudio_presets():
                return [{table}, Path(__file__).with_name("from-file.toml")]
            """,
        )
        text = '[data]\nkind = "Ring"\n\n[architecture]\nkind = "PointGAN"\n'
        installed.folder.joinpath("from-file.toml").write_text(text)
        registry = Registry.load()
        assert state_of(registry, "preset").brings == ("preset mine", "preset from-file")
        assert registry.presets["from-file"]["name"] == "from-file"

    def test_may_tell_of_a_preset_on_a_card_which_is_kept(self, install_plugin: InstallPlugin) -> None:
        card = "dict(group='Mine', promise='It rings.', minutes=2, source='Me, 2026')"
        table = "dict(name='{}', data=dict(kind='Ring'), architecture=dict(kind='PointGAN'){})"
        presets = [table.format("told", f", preset={card}"), table.format("bare", "")]
        install_plugin(
            "cards",
            f"""
            from ganstudio.api import hookimpl

            @hookimpl
            def ganstudio_presets():
                return [{", ".join(presets)}]
            """,
        )
        registry = Registry.load()
        assert state_of(registry, "cards").failed == ""
        kept = {preset["name"]: preset["preset"] for preset in registry.catalogue().presets}
        assert kept["told"] == {
            "group": "Mine",
            "promise": "It rings.",
            "minutes": 2.0,
            "source": "Me, 2026",
        }
        assert kept["bare"] == {"group": "Other", "promise": "", "minutes": 0.0, "source": ""}
        assert Experiment.from_dict(registry.presets["told"]).data.kind == "Ring"

    def test_may_bring_augmentations(self, install_plugin: InstallPlugin) -> None:
        install_plugin(
            "doubling",
            """
            from ganstudio.api import Augmentation, PointSpec, hookimpl

            class Doubling(Augmentation):
                "Twice as large."
                title = "Doubling"
                accepts = (PointSpec,)
                def augment(self, samples):
                    return samples * 2

            @hookimpl
            def ganstudio_augmentations():
                return [Doubling]
            """,
        )
        entry = find(Registry.load().catalogue().augmentations, "Doubling")
        assert (entry.title, entry.summary, entry.data_kinds) == ("Doubling", "Twice as large.", ("points",))


HOOK = "from ganstudio.api import hookimpl, AdversarialLoss, Architecture, DataSource\n"

BROKEN = {
    "raises on import": ("x = {}['nothing']", "It raised KeyError: 'nothing'"),
    "exits on import": ("import sys; sys.exit('bye')", "It calls sys.exit while it is loaded, "),
    "is no Python": ("def (:", "It raised SyntaxError: "),
    "lacks a package": (
        "import surely_not_installed.deep",
        "It needs the package surely_not_installed, which is not installed: pip install surely_",
    ),
    "raises in a hook": (
        HOOK + "@hookimpl\ndef ganstudio_losses(): return [1 / 0]",
        "It raised ZeroDivisionError: division by zero",
    ),
    "exits in a hook": (
        HOOK + "import sys\n@hookimpl\ndef ganstudio_losses(): sys.exit(3)",
        "It calls sys.exit while it is loaded, ",
    ),
    "returns nothing": (
        HOOK + "@hookimpl\ndef ganstudio_losses(): pass",
        "ganstudio_losses must return a list, not NoneType.",
    ),
    "returns a class of another kind": (
        HOOK + "class L(Architecture): 'An architecture.'\n@hookimpl\ndef ganstudio_losses(): return [L]",
        "ganstudio_losses must return subclasses of AdversarialLoss; ",
    ),
    "returns an object": (
        HOOK + "@hookimpl\ndef ganstudio_architectures(): return [3]",
        "ganstudio_architectures must return subclasses of Architecture; 3 is none.",
    ),
    "offers an unknown hook": (
        HOOK + "@hookimpl\ndef ganstudio_sounds(): return []",
        "It raised PluginValidationError: ",
    ),
    "asks a hook for arguments": (
        HOOK + "@hookimpl\ndef ganstudio_losses(wish): return []",
        "It raised PluginValidationError: ",
    ),
    "returns a class that is not complete": (
        HOOK + "class L(AdversarialLoss):\n  'One.'\n  def generator_loss(self, f, r): pass\n"
        "@hookimpl\ndef ganstudio_losses(): return [L]",
        "L must define discriminator_loss.",
    ),
    "has settings that are none": (
        HOOK + "class A(Architecture):\n  'One.'\n  Settings = dict\n"
        "@hookimpl\ndef ganstudio_architectures(): return [A]",
        "A.Settings must be a subclass of ganstudio.api.Settings.",
    ),
    "has a setting that is called kind": (
        HOOK
        + "class A(Architecture):\n  'One.'\n  class Settings(Architecture.Settings):\n    kind: int = 1\n"
        "@hookimpl\ndef ganstudio_architectures(): return [A]",
        "A.Settings has a field called kind, which is the class's own name.",
    ),
    "gives no kind of data": (
        HOOK + "class S(DataSource):\n  'One.'\n  def load(self, report): pass\n"
        "@hookimpl\ndef ganstudio_data_sources(): return [S]",
        "S.gives must name the kind of data, such as ImageSpec.",
    ),
    "has optimizers that are none": (
        HOOK + "class A(Architecture):\n  'One.'\n  default_optimizers = {'net': 0.1}\n"
        "@hookimpl\ndef ganstudio_architectures(): return [A]",
        "It raised AttributeError: ",
    ),
    "has a preset without a name": (
        HOOK + "@hookimpl\ndef ganstudio_presets(): return [{}]",
        "A preset given as a table needs a name.",
    ),
    "has a preset with an unknown part": (
        HOOK + "@hookimpl\ndef ganstudio_presets(): return [dict(name='p', data=dict(kind='Ring'), "
        "architecture=dict(kind='PointGAN'), trainig={})]",
        "The preset p cannot be used: trainig: there is no 'trainig' here; did you mean training?",
    ),
    "has a preset with a card of another shape": (
        HOOK + "@hookimpl\ndef ganstudio_presets(): return [dict(name='p', data=dict(kind='Ring'), "
        "architecture=dict(kind='PointGAN'), preset=dict(minutes=-1))]",
        "The preset p cannot be used: preset.minutes: Input should be greater than or equal to 0.",
    ),
    "has a preset with an unknown word on its card": (
        HOOK + "@hookimpl\ndef ganstudio_presets(): return [dict(name='p', data=dict(kind='Ring'), "
        "architecture=dict(kind='PointGAN'), preset=dict(minuts=1))]",
        "The preset p cannot be used: preset.minuts: ",
    ),
    "has a preset whose card is none": (
        HOOK + "@hookimpl\ndef ganstudio_presets(): return [dict(name='p', data=dict(kind='Ring'), "
        "architecture=dict(kind='PointGAN'), preset='digits')]",
        "The preset p cannot be used: preset: ",
    ),
    "has an augmentation that changes nothing": (
        "from ganstudio.api import Augmentation, hookimpl\nclass A(Augmentation):\n  'One.'\n"
        "@hookimpl\ndef ganstudio_augmentations(): return [A]",
        "A must define augment.",
    ),
    "has a preset that no file can hold": (
        HOOK
        + "@hookimpl\ndef ganstudio_presets(): return [dict(name='p', data=dict(kind='Ring', a=object()),"
        "architecture=dict(kind='PointGAN'))]",
        "It raised TypeError: ",
    ),
    "has a preset that is not there": (
        HOOK + "from pathlib import Path\n@hookimpl\ndef ganstudio_presets(): return [Path('none.toml')]",
        "It raised FileNotFoundError: ",
    ),
    "has a preset of another kind": (
        HOOK + "@hookimpl\ndef ganstudio_presets(): return [5]",
        "A preset is a path or a table, not int.",
    ),
    "takes a name that is there": (
        LOSS.format(name="Hinge"),
        "There is already a loss called Hinge, from ganstudio: ganstudio_plugins.losses, which is built in; "
        "broken: broken brings another. Rename yours, or disable the built-in plugin losses",
    ),
    "brings a name twice": (
        LOSS.format(name="Twin").replace("[Twin]", "[Twin, Twin]"),
        "It brings two of the same name: the loss Twin; rename one of them.",
    ),
}


@pytest.mark.parametrize(("source", "sentence"), BROKEN.values(), ids=BROKEN)
def test_a_plugin_that_fails_is_listed_and_harms_nothing_else(
    source: str, sentence: str, install_plugin: InstallPlugin, registry: Registry
) -> None:
    install_plugin("broken", source)
    install_plugin("healthy", LOSS.format(name="Healthy"))
    found = Registry.load()
    state = state_of(found, "broken")
    assert state.failed.startswith(sentence)
    assert state.brings == ()
    assert state.state == "failed"
    # A name that is taken is no line's fault.
    assert ("Traceback (most recent call last)" in state.traceback) == ("rename" not in state.failed.lower())
    expected = built_ins(registry)
    expected["loss"] = expected["loss"] | {"Healthy"}
    assert built_ins(found) == expected
    assert found.presets == registry.presets
    catalogue = found.catalogue(describe(TrainingSettings))
    assert Catalogue.from_json(catalogue.to_json()) == catalogue


def test_two_plugins_that_collide_leave_the_first_and_name_both(install_plugin: InstallPlugin) -> None:
    install_plugin("one", LOSS.format(name="Same"))
    install_plugin(
        "two", LOSS.format(name="Same") + LOSS.format(name="Other").replace("[Other]", "[Same, Other]")
    )
    registry = Registry.load()
    failed = [plugin for plugin in registry.plugins if plugin.failed]
    assert len(failed) == 1
    other = {"one": "two", "two": "one"}[failed[0].name]
    assert f"called Same, from {other}: {other}; {failed[0].source} brings another." in failed[0].failed
    assert registry.classes["loss"]["Same"].__module__ == other


def test_a_module_that_is_gone_says_so(install_plugin: InstallPlugin) -> None:
    install_plugin("gone", "").module.unlink()
    state = state_of(Registry.load(), "gone")
    assert state.failed == "Its module gone is not there; install its package again."


def test_the_user_can_still_interrupt(install_plugin: InstallPlugin, tmp_path: Path) -> None:
    """Ctrl+C comes to the main thread, which waits for the plugin."""
    end = tmp_path / "end"
    source = f"""
        import os, signal, time
        from pathlib import Path
        os.kill(os.getpid(), signal.SIGINT)
        while not Path({str(end)!r}).exists():
            time.sleep(0.01)
    """
    install_plugin("slow", source)
    try:
        with pytest.raises(KeyboardInterrupt):
            Registry.load()
    finally:
        end.touch()


def test_a_plugin_cannot_pretend_to_be_the_user(install_plugin: InstallPlugin) -> None:
    install_plugin("broken", "raise KeyboardInterrupt")
    assert state_of(Registry.load(), "broken").failed.startswith("It raised KeyboardInterrupt, ")


def test_the_traceback_leads_to_the_plugins_own_line(install_plugin: InstallPlugin) -> None:
    installed = install_plugin("broken", "a = 1\nb = a / 0\n")
    trace = state_of(Registry.load(), "broken").traceback
    assert f'File "{Path(installed.module)}", line 2' in trace
