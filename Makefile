# Every command of this project; `make` alone prints them.
.DEFAULT_GOAL := help
SHELL := /bin/sh
# Any Python 3 starts setup; setup itself finds (or asks for) a supported one. SETUP_PYTHON=/path/to/python chooses.
BOOT := $(firstword $(wildcard $(SETUP_PYTHON)) $(shell command -v python3 || command -v python3.13 || command -v python3.12 || command -v python3.11))
BIN := .venv/bin
DATA = var
OPTIONS =
TESTS = tests

.PHONY: help setup setup-dev run demo migrate test check journeys bench messages lock screenshots clean

help:  ## print this list
	@grep -hE '^[a-z][a-z-]*:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## */\1|/' | awk -F'|' '{printf "  make %-12s %s\n", $$1, $$2}'

define set_up
	@if [ -z "$(BOOT)" ]; then echo "setup: no Python was found: install Python 3.11, 3.12 or 3.13 with its venv module (Debian, Ubuntu: apt-get install python3 python3-venv), then run make setup again" >&2; exit 1; fi
	@$(BOOT) -m tools.setup $(1)
endef

setup:  ## make everything ready to run (again: nothing happens)
	$(call set_up,run)
	@echo "Ready. 'make run' starts the platform, 'make demo' shows the main job."

setup-dev:  ## make everything ready to test, too
	$(call set_up,dev)

run:  ## start the platform on this machine; Ctrl-C stops it (OPTIONS='--public-port 8080')
	$(call set_up,run)
	@exec $(BIN)/tipline up --data $(DATA) $(OPTIONS)

demo:  ## drive the main job from tip to figures on a throw-away platform, then end
	$(call set_up,run)
	@exec $(BIN)/tipline demo $(OPTIONS)

migrate:  ## bring the database to the shape of the code
	$(call set_up,run)
	@exec $(BIN)/tipline migrate --data $(DATA) $(OPTIONS)

test: setup-dev  ## run the tests, browser journeys included (TESTS=path narrows it)
	@TIPLINE_CHROMIUM="$$($(BIN)/python -m tools.browser)" || exit 1; export TIPLINE_CHROMIUM; \
	exec $(BIN)/pytest -n 2 --dist worksteal -m "not exhaustive" $(OPTIONS) $(TESTS)

journeys: setup-dev  ## run the long grids: every page, language, role and width
	@TIPLINE_CHROMIUM="$$($(BIN)/python -m tools.browser)" || exit 1; export TIPLINE_CHROMIUM; \
	$(BIN)/pytest -n 2 --dist worksteal -m exhaustive $(OPTIONS) $(TESTS); status=$$?; \
	if [ $$status -eq 5 ]; then echo "journeys: no test is marked exhaustive"; exit 0; fi; exit $$status

check: setup-dev  ## format, lint, types, import contracts, licences: what CI asks first
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy tipline evidence matching workers tests tools benchmarks deploy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.licences

bench: setup-dev  ## measure every promise of benchmarks/ and write docs/benchmarks.md
	@exec $(BIN)/python -m tools.bench

messages: setup-dev  ## collect the wording of templates and pages into the catalogues
	@exec $(BIN)/python -m tipline.web.catalogues

screenshots: setup-dev  ## make the README's pictures anew
	@exec $(BIN)/python -m tools.screenshots

lock: setup-dev  ## rebuild the lock files (UPGRADE=1 takes the newest that fits)
	@exec $(BIN)/python -m tools.lock $(if $(UPGRADE),upgrade)

clean:  ## remove what tools left behind; keeps .venv and your data
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis *.egg-info
	find tipline evidence matching workers tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
