# Everything that is done with this repository by hand. What a target needs is set up first, when it is not there yet.
.DEFAULT_GOAL := help
.PHONY: help setup start test check docs format package schema clean
SHELL := /bin/sh
BIN := .venv/bin
PYTHON ?= python3

help: ## Show what can be done
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Make .venv, .venv-aws and node_modules when their lock files have changed
	@command -v $(PYTHON) >/dev/null || { echo "Taskbell needs Python 3.11 or later; $(PYTHON) is not on the PATH." >&2; exit 1; }
	@exec $(PYTHON) local/prepare.py

start: setup ## Run the whole system on this machine (PORT, AWS_PORT and TASKBELL_STATE choose where)
	@exec $(BIN)/python -m local

test: setup ## Run all tests
	@exec $(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

check: setup ## Lint, format, types, import rules, schema drift, templates, workflow and documentation
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@cd packages/appsync-local && ../../$(BIN)/mypy && ../../$(BIN)/lint-imports
	@$(BIN)/python -m taskbell.graphql_schema --check
	@$(BIN)/python -m local.check_deployment
	@$(BIN)/mkdocs build --strict

docs: setup ## Build the documentation into .build/docs
	@$(BIN)/mkdocs build --strict

format: setup ## Put the code into its one format, and fix what can be fixed
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

package: setup ## Build the deployment package (STAGE=dev)
	@$(BIN)/python -m infrastructure.build_package
	@node_modules/.bin/osls package --stage $(or $(STAGE),dev)

schema: setup ## Write schema.graphql from the types in src/taskbell/graphql_schema/
	@$(BIN)/python -m taskbell.graphql_schema

clean: ## Remove what was made here (environments and the local system's data)
	@rm -rf .venv .venv-aws node_modules .build .local .serverless .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
