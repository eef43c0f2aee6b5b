# `make help` lists what there is. Everything needs Python 3.11+, make and git, and nothing else.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
READY := .venv/.ready
SAMPLE := data/sample
INCIDENT ?= 2025-07-brake-failures

.PHONY: help setup postmortem test test-slow check fix lab lock sample system licences clean

help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: $(READY) ## make .venv from requirements.lock

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: none was found on PATH. Set PYTHON=/path/to/python3."; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

postmortem: $(READY) ## the post-mortem of the sample incident, as PDF and web page
	$(BIN)/aftermath run $(INCIDENT) --workspace $(SAMPLE)

lab: $(READY) ## JupyterLab on the notebooks
	$(BIN)/jupyter lab --notebook-dir notebooks $(if $(filter 0,$(shell id -u)),--allow-root)

test: $(READY) ## the tests (13 minutes on two cores)
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow"

test-slow: $(READY) ## the long forms of the tests
	$(BIN)/python -m pytest -n 2 --dist loadfile -m slow

check: $(READY) ## linter, formatter and type checker over code and notebooks
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python -m tests.notebook_types

fix: $(READY) ## mend what linter and formatter can mend
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: $(READY) ## make requirements.lock and environment.yml from pyproject.toml
	$(BIN)/python -m tests.dependencies

sample: $(READY) ## make data/sample anew from its seed
	$(BIN)/python -m analysis.simulate $(SAMPLE)

licences: $(READY) ## every dependency with its licence
	$(BIN)/aftermath licences

system: ## what only the system can bring, for tests that look at pages (apt, as root)
	apt-get update -q
	apt-get install -y -q poppler-utils chromium

clean: ## remove what was made: .venv, caches, the sample's store, reports
	rm -rf .venv .bench .pytest_cache .mypy_cache .ruff_cache $(SAMPLE)/archives/*/store $(SAMPLE)/incidents/*/prepared $(SAMPLE)/cache
	find reports -mindepth 1 ! -name README.md -delete
