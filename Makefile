# `make run` and `make test` do everything, from an empty clone to the result.
PYTHON ?= python3.11
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: run test lint bench soak diagnosis tuning figures screenshots clean

run: $(VENV)/.run-ready
	@$(BIN)/ganstudio

test: $(VENV)/.test-ready lint
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -c "import sys; from ganstudio.display import display_problem; sys.exit(display_problem())"
# By file, so that what its tests share is made once; kept bytecode halves what it takes to collect them.
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -q -n 2 --dist loadfile

lint: $(VENV)/.test-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Long measurements, never part of the tests: a table of medians of ratios.
bench: $(VENV)/.test-ready
	$(BIN)/python -m tests.benchmarks

# What only shows after long: a run killed 50 times, the memory of a million steps.
soak: $(VENV)/.test-ready
	$(BIN)/python -m tests.soak

# Runs with trouble of known kinds and healthy ones, and how the health rules tell them apart: half an hour and more.
diagnosis: $(VENV)/.test-ready
	$(BIN)/python -m tests.diagnosis --jobs 2 --mend

# Recipes for the digits, side by side, two minutes each.
tuning: $(VENV)/.test-ready
	$(BIN)/python -m tests.tuning.digits

# What is claimed of each variant, measured again: hours.
figures: $(VENV)/.test-ready
	$(BIN)/python -m tests.figures --sheet resources/screenshots/variants.png

# The pictures in the README, made from real training.
screenshots: $(VENV)/.test-ready
	$(BIN)/python -m tests.screenshots resources/screenshots

$(VENV)/.run-ready: pyproject.toml | $(VENV)/bin/pip
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.test-ready: pyproject.toml | $(VENV)/bin/pip
	$(BIN)/python -m pip install --quiet --editable '.[test,lint]'
	@touch $@ $(VENV)/.run-ready

$(VENV)/bin/pip:
	@command -v $(PYTHON) >/dev/null || { echo "GAN Studio needs Python 3.11 or newer: apt-get install -y python3 python3-venv (or: make PYTHON=python3.12 run)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "The Python here cannot make virtual environments: apt-get install -y python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --upgrade pip

clean:
	rm -rf $(VENV) build *.egg-info
