# Everything a developer does, by name. A bare `make` lists it.
.DEFAULT_GOAL := help
.PHONY: help run setup test reset lint types format bench docs lock clean
SHELL := /bin/bash

PYTHON := .venv/bin/python

help: ## List these targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## Install what is missing and run the whole hospital until Ctrl-C
	@scripts/install runtime
	@scripts/fetch-assets
	@$(PYTHON) -m compileall -q shared services gateway simulators
	@exec .venv/bin/anxin up

setup: ## Install what development and tests need, and the git hooks
	@scripts/install development
	@scripts/fetch-assets
	@$(PYTHON) -m pre_commit install

test: ## Run all tests, or one service's: make test S=billing
	@scripts/install development
	@scripts/fetch-assets
	@$(PYTHON) scripts/prepare-tests
	@scripts/run-tests "$(S)"

reset: ## Forget everything the demonstration hospital has written
	@scripts/reset

lint: ## Check style and the walls between the parts
	@scripts/install development
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@.venv/bin/lint-imports

types: ## Check the types
	@scripts/install development
	@$(PYTHON) -m mypy

format: ## Lay out the code
	@scripts/install development
	@$(PYTHON) -m ruff check --fix-only --quiet .
	@$(PYTHON) -m ruff format .

bench: ## Measure speed and memory, and print the tables
	@scripts/install development
	@scripts/run-bench

docs: ## Write the generated pages of docs/ and the merged OpenAPI document again
	@scripts/install runtime
	@$(PYTHON) scripts/build-openapi
	@$(PYTHON) scripts/build-docs

lock: ## Pin the libraries again, with hashes (needs uv)
	@scripts/lock

clean: ## Remove environments, caches and fetched assets, but not the hospital's data
	@rm -rf .venv build dist *.egg-info .cache .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache \
	    .schemathesis gateway/node_modules gateway/static/vendor
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
