# Everything a person or a CI job does here starts with one of these targets; `make help` lists them.
# Each sees to what it needs first, and what is done once is not done again.

PYTHON ?= python3
ARGS ?=

# A chosen Python gets an environment of its own: make test PYTHON=python3.13
VENV := .venv$(addprefix -,$(filter-out python3,$(notdir $(PYTHON))))
BIN := $(VENV)/bin
# The bundle has an environment of its own: everything in there may become part of it.
BUNDLE_VENV := .venv-bundle$(addprefix -,$(filter-out python3,$(notdir $(PYTHON))))
BUNDLE_BIN := $(BUNDLE_VENV)/bin
BUNDLE_PACKAGES = $(shell sed 's/#.*//' packaging/linux/debian-packages.txt)
# Debian's Python does without its library, which a bundle begins with; other builds bring their own.
PYTHON_LIBRARY = $(shell $(PYTHON) -c 'import sys; \
	print("libpython3.%d" % sys.version_info[1] if sys.base_prefix == "/usr" else "")')
DIST_VENV := .venv-dist$(addprefix -,$(filter-out python3,$(notdir $(PYTHON))))
DEBIAN_PACKAGES = $(shell sed 's/#.*//' tests/debian-packages.txt)
DEB = $(shell ls -t dist/hivemind-chatroom_*.deb 2>/dev/null | head -n 1)
ENSURE_PACKAGES := packaging/linux/ensure-packages
# Two processes for each core, as tests wait for half of their time. Those of one file stay together:
# they share what is slow to start. In the files' order, as those at its end are short.
PROCESSES = $(shell $(PYTHON) -c 'import os; print(os.cpu_count() * 2)')
SIDE_BY_SIDE = --numprocesses=$(PROCESSES) --dist=loadfile --no-loadscope-reorder
WORKFLOWS := $(wildcard .github/workflows/*.yml)
SHELL_SCRIPTS = $(shell grep --recursive --files-with-matches '^\#!/bin/sh' packaging .ci)
SCRIPTS := $(shell find app/hivemind_chatroom -path '*/static/*' -name '*.js')

CHECKS := check-ruff check-format check-mypy check-layers check-dependencies check-dead-code \
	check-spelling check-catalogues check-installed check-weight check-javascript check-biome \
	check-workflows check-installers

.PHONY: help run test faults bench coverage screenshots catalogues icons bundle dist package package-smoke check $(CHECKS) format clean debian-packages
.DELETE_ON_ERROR:

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 15

run: $(VENV)/.ready-run ## set everything up and run the room; flags go into ARGS='...'
	@exec $(BIN)/hivemind-flask-chatroom $(ARGS)

test: debian-packages $(VENV)/.ready-test ## set everything up and run all tests; ARGS='tests/room -k name'
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) $(ARGS)

faults: debian-packages $(VENV)/.ready-test ## the long form of tests/faults; prints what docs/reliability.md records
	$(BIN)/python -m pytest tests/faults --long --timeout=900 $(ARGS)

coverage: debian-packages $(VENV)/.ready-test ## the tests, and the lines and branches they leave out
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) --cov --cov-report=term-missing:skip-covered $(ARGS)

bench: debian-packages $(VENV)/.ready-test ## measure speed, costs and growth beside others', and what the bundle takes; 40 minutes; ARGS=fanout
	@$(ENSURE_PACKAGES) gcc libc6-dev libnginx-mod-nchan
	PYTHONPATH=tests $(BIN)/python -m bench $(ARGS)

screenshots: debian-packages $(VENV)/.ready-test ## make the pictures of every view from running rooms; ARGS='talk search'
	$(BIN)/python tests/browser/screenshots.py $(ARGS)

bundle: $(BUNDLE_VENV)/.ready ## build dist/hivemind-chatroom, a folder with the program and everything that it needs
	$(BUNDLE_BIN)/python packaging/bundle.py

package: bundle ## make the Debian package and the archive with an install.sh of that folder, into dist/
	@$(ENSURE_PACKAGES) binutils xz-utils
	$(BUNDLE_BIN)/python packaging/linux/build.py

package-smoke: debian-packages $(VENV)/.ready-test ## install that package in a bare Debian, and use it from the menu to the removal; as root
	@test "$$(id -u)" -eq 0 || { echo 'Only root can make a bare Debian: sudo make package-smoke' >&2; exit 1; }
	@test -n '$(DEB)' || { echo 'There is no package yet: make package' >&2; exit 1; }
	@$(ENSURE_PACKAGES) debootstrap lintian
	$(BIN)/python -m pytest tests/package/test_installed.py --deb '$(DEB)' $(ARGS)

dist: debian-packages $(DIST_VENV)/.ready ## build wheel and source archive twice, compare, install and start them; into dist/
	$(DIST_VENV)/bin/python packaging/dist.py

check: $(VENV)/.ready-check ## run every check that needs no running program
	@$(MAKE) --no-print-directory --keep-going --jobs=2 --output-sync=target $(CHECKS)
	@echo 'All checks passed.'

format: $(VENV)/.ready-check node_modules/.ready ## mend what the tools can mend by themselves
	$(BIN)/ruff check --fix-only --quiet
	$(BIN)/ruff format
	$(if $(SCRIPTS),node_modules/.bin/biome check --write)

catalogues: $(VENV)/.ready-check ## take new sentences up into the languages' catalogues, and compile
	$(BIN)/python packaging/catalogues.py

icons: $(VENV)/.ready-test ## draw the icon in every size and kind that systems want, after a change of its SVG
	$(BIN)/python packaging/icons.py

clean: ## remove everything that the targets above have made
	rm -rf .venv .venv-* node_modules build dist app/*.egg-info htmlcov .coverage .coverage.* \
		.hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find app packaging tests -name __pycache__ -prune -exec rm -rf {} +

# --- the checks -----------------------------------------------------------------------------------

check-ruff:
	$(BIN)/ruff check

check-format:
	$(BIN)/ruff format --check

check-mypy:
	$(BIN)/mypy

check-layers:
	PYTHONPATH=tests $(BIN)/lint-imports

check-dependencies:
	$(BIN)/deptry app

check-dead-code:
	$(BIN)/vulture

check-spelling:
	git ls-files -z --cached --others --exclude-standard | xargs -0 $(BIN)/codespell

check-catalogues:
	$(BIN)/python packaging/catalogues.py --check

check-installed:
	$(BIN)/python -m pip check

# What the page weighs as it is served; no browser runs.
check-weight:
	$(BIN)/python -m pytest --quiet tests/web/test_weight.py

# Syntax, what an expression may name, and what others could make of a workflow; all without a network.
check-workflows: node_modules/.ready
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows $(WORKFLOWS)
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml
	node packaging/check_workflows.mjs $(WORKFLOWS)
	$(BIN)/zizmor --quiet --offline --persona=auditor .github

# Those of other systems are read, and can't be run.
check-installers:
	$(BIN)/python packaging/check_installers.py packaging/windows/*.iss packaging/windows/*.ps1
	@command -v shellcheck >/dev/null || $(ENSURE_PACKAGES) shellcheck
	shellcheck $(SHELL_SCRIPTS)

ifeq ($(SCRIPTS),)
check-javascript check-biome:
	@echo '$@: there is no JavaScript to check.'
else
check-javascript: node_modules/.ready
	node_modules/.bin/tsc --project tsconfig.json

check-biome: node_modules/.ready
	node_modules/.bin/biome ci
endif

# --- setting up: each file stands for something done ----------------------------------------------

debian-packages:
	@$(ENSURE_PACKAGES) $(DEBIAN_PACKAGES)

# pip is the last thing that a new environment gets, so it stands for the whole of it.
$(BIN)/pip $(BUNDLE_BIN)/pip $(DIST_VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'Python 3.11 or newer is needed; choose one: make PYTHON=python3.12 ...' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || $(ENSURE_PACKAGES) $(notdir $(PYTHON))-venv
	$(PYTHON) -m venv --clear $(@D:/bin=)
	$(@D)/python -m pip install --quiet --upgrade 'pip>=25.1'

$(VENV)/.ready-run: pyproject.toml | $(BIN)/pip
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.ready-test: pyproject.toml | $(BIN)/pip
	$(BIN)/python -m pip install --quiet --editable '.[desktop,test]'
	@touch $(VENV)/.ready-run $@

$(VENV)/.ready-check: pyproject.toml $(VENV)/.ready-test
	$(BIN)/python -m pip install --quiet --group check
	@touch $@

$(BUNDLE_VENV)/.ready: pyproject.toml packaging/versions.txt | $(BUNDLE_BIN)/pip
	@$(ENSURE_PACKAGES) $(BUNDLE_PACKAGES) $(PYTHON_LIBRARY)
	$(BUNDLE_BIN)/python -m pip install --quiet --constraint packaging/versions.txt \
		--editable '.[desktop]' --group bundle
	@touch $@

$(DIST_VENV)/.ready: pyproject.toml | $(DIST_VENV)/bin/pip
	$(DIST_VENV)/bin/python -m pip install --quiet --group dist
	@touch $@

node_modules/.ready: package.json package-lock.json
	@command -v npm >/dev/null || $(ENSURE_PACKAGES) npm
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
