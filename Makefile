# Type `make run` to open gomedic, `make test` to try it; `make help` lists the rest. docs/development.md says more.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup run test check ward stock bench texts pages screenshots dist clean

PYTHON := .venv/bin/python
TEXTS := $(wildcard resources/gomedic_resources/locale/*/LC_MESSAGES/*.po)
COMPILED := .venv/.texts
SETUP_NEEDS := pyproject.toml constraints.txt packaging/setup
TESTS ?= tests
ARGS ?=

help: ## list what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1@/p' Makefile | column -t -s @

# One stamp per extra; a larger extra's set-up writes the smaller ones' stamps too.
.venv/.ready-gui .venv/.ready-test .venv/.ready-dev: .venv/.ready-%: $(SETUP_NEEDS)
	@packaging/setup $*

$(COMPILED): $(TEXTS) packaging/compile_texts.py | .venv/.ready-gui
	@$(PYTHON) packaging/compile_texts.py
	@touch $@

setup: .venv/.ready-test $(COMPILED) ## create .venv with gomedic and all that its tests need

run: .venv/.ready-gui $(COMPILED) ## open the window, or print the diagnosis where there is no display
	@$(PYTHON) -c 'import gomedic.cli'  # a program that cannot start is no finding
	@.venv/bin/gomedic $(ARGS) || [ $$? -eq 1 ]  # 1: something was found, which is what it is for

test: .venv/.ready-test $(COMPILED) ## run the tests on a display of their own (TESTS=tests/core ARGS=-x)
	@packaging/run_tests $(TESTS) $(ARGS)

check: .venv/.ready-dev $(COMPILED) ## everything that must be clean before a commit: format, lint, types, imports, tests
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@packaging/run_tests $(TESTS) $(ARGS)

ward: .venv/.ready-test $(COMPILED) ## try the doctor on really broken machines (root only; docs/development.md)
	@if tests/ward/ward possible; then \
	  tests/ward/ward prepare && \
	  tests/ward/ward treat --doctor .venv/bin/gomedic $(or $(PATIENTS),tests/ward/patients/*.toml) $(ARGS); \
	else [ $$? -eq 77 ]; fi

stock: .venv/.ready-test $(COMPILED) ## see that the doctor is silent on distributions as they come (root and mmdebstrap)
	@$(PYTHON) tests/stock $(MACHINES) || [ $$? -eq 77 ]

bench: .venv/.ready-test $(COMPILED) ## measure against the plain tools, as ratios
	@$(PYTHON) -m pytest -q -s -o python_files="bench_*.py" tests/benchmarks $(ARGS)

texts: .venv/.ready-test ## collect the texts of the sources into the catalogues, and compile these
	@$(PYTHON) packaging/update_texts.py
	@$(PYTHON) packaging/compile_texts.py

pages: .venv/.ready-test $(COMPILED) ## write docs/checks, the completions and the manual pages from the program's own texts
	@$(PYTHON) packaging/make_check_pages.py
	@$(PYTHON) packaging/make_completions.py
	@$(PYTHON) packaging/make_man.py

screenshots: .venv/.ready-test $(COMPILED) ## take a picture of every page again
	@packaging/with_display $(PYTHON) packaging/make_screenshots.py $(ARGS)

dist: .venv/.ready-gui $(COMPILED) ## build what needs no Python into dist/ (root and mmdebstrap; docs/packaging.md)
	@packaging/dist/build $(KINDS) || [ $$? -eq 77 ]

clean: ## remove everything that was made
	@rm -rf .venv build dist .mypy_cache .ruff_cache .import_linter_cache .hypothesis tests/.artifacts
	@find core gui resources tests packaging \( -name __pycache__ -o -name '*.egg-info' \) -prune -exec rm -rf {} +
	@find resources -name '*.mo' -delete
