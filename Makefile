# Everything that is done with this repository by hand. What a target needs is set up first, when it is not there yet.
.DEFAULT_GOAL := help
.PHONY: help setup start test test-unit test-integration test-contract test-e2e test-infrastructure
.PHONY: check format package schema clean
SHELL := /bin/sh
BIN := .venv/bin
PYTHON ?= python3
# A file's tests stay in one worker: they share what takes long to make. In their order the end-to-end tests, which
# mostly wait, come early, and the unit tests fill the end.
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

help: ## Show what can be done
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-19s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Make .venv, .venv-aws and node_modules when their lock files have changed
	@command -v $(PYTHON) >/dev/null || { echo "Taskbell needs Python 3.11 or later; $(PYTHON) is not on the PATH." >&2; exit 1; }
	@exec $(PYTHON) local/prepare.py

start: setup ## Run the whole system on this machine (PORT, AWS_PORT and TASKBELL_STATE choose where)
	@exec $(BIN)/python -m local

test: setup ## Run all tests (ARGS="-k redrive": some of them)
	@exec $(PYTEST) $(ARGS)

test-unit: ## Run the tests that need nothing but their own process
test-integration: ## Run the tests with moto, sockets or processes
test-contract: ## Run the suite that fakes and adapters both pass
test-e2e: ## Run the tests of the whole local system
test-infrastructure: ## Run the tests of the compiled templates, the permissions and the package
test-unit test-integration test-contract test-e2e test-infrastructure: setup
	@exec $(PYTEST) tests/$(@:test-%=%) $(ARGS)

check: setup ## Lint, format, types, import rules, schema drift, templates and workflow
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m graph --check
	@$(BIN)/python -m local.check_deployment

format: setup ## Put the code into its one format, and fix what can be fixed
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

package: setup ## Build the deployment package (STAGE=dev)
	@$(BIN)/python -m infrastructure.build_package
	@node_modules/.bin/osls package --stage $(or $(STAGE),dev)

schema: setup ## Write schema.graphql from graph/
	@$(BIN)/python -m graph

clean: ## Remove what was made here (environments and the local system's data)
	@rm -rf .venv .venv-aws node_modules .build .local .serverless .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
