# Two commands do everything: `make serve` and `make test`. The rest is for those who change the code.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= data
HOST ?= 127.0.0.1
PORT ?= 8000
JOBS ?= 2
COMPILE = $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url \
  --no-emit-find-links --no-emit-trusted-host --no-emit-options --no-header

.DEFAULT_GOAL := help
.PHONY: help serve test check mutants format bench lock clean

help:  ## Say what there is to do
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## */  make \1\t/'

# Pinned versions with hashes, then this project itself, which builds with the pinned setuptools.
$(VENV)/run.stamp: requirements/run.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12 ..." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Setting up in $(VENV) (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

# Tools of others, which our exports are held against and we are measured beside, each apart from ours:
# `make .venv/outside/inspect.stamp`, and with Python 3.12 or newer `.venv/outside/eee.stamp`.
$(VENV)/outside/%.stamp: requirements/%.txt
	@test -x $(VENV)/outside/$*/bin/python || $(PYTHON) -m venv $(VENV)/outside/$*
	@$(VENV)/outside/$*/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

serve: $(VENV)/run.stamp  ## Set up, load the starter policies, run their baselines, serve on localhost
	@$(BIN)/commons serve $(DATA) --starter --host $(HOST) --port $(PORT)

test: $(VENV)/dev.stamp  ## Set up and run the whole suite
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile

check: $(VENV)/dev.stamp  ## Lint, types, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

mutants: $(VENV)/dev.stamp  ## Switch each rule of governance off: some test must fail
	@$(BIN)/python -m tests.mutants

format: $(VENV)/dev.stamp  ## Format and fix what can be fixed
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/dev.stamp  ## Measure, as ratios within one run
	@$(BIN)/python -m tests.benchmarks

lock: $(VENV)/dev.stamp  ## Pin every dependency again, with hashes and no addresses
	@$(COMPILE) --output-file=requirements/run.txt requirements/build.in pyproject.toml
	@$(COMPILE) --extra=dev --output-file=requirements/dev.txt requirements/build.in pyproject.toml
	@$(COMPILE) --output-file=requirements/inspect.txt requirements/inspect.in

include requirements/vllm.mk

clean:  ## Remove what make made, but no data
	rm -rf $(VENV) $(VLLM_VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info
