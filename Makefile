# Everything that is done with this repository by hand. What a target needs is set up first, when it is not there yet.
.DEFAULT_GOAL := help
.PHONY: help setup lock pages operations screenshots start test test-unit test-integration test-contract test-characterization test-e2e
.PHONY: test-infrastructure test-simulation test-sync test-faults test-appsync-local test-wheels simulate mutants check audit
.PHONY: docs format package schema clean
.DELETE_ON_ERROR:
SHELL := /bin/sh
BIN := .venv/bin
# The first Python on the PATH that is new enough.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

help: ## Show what can be done
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-21s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Environments: .venv (everything that is ours), .venv-aws (ministack, whose pins contradict ours), node_modules; for
# `make check` also .venv-tools and tools/node_modules, the tools that read the schema. uv makes the Python ones
# from requirements/*.txt; it is itself installed from there by pip, with its hash.
UV_VERSION := $(shell sed -n 's/^uv==\([0-9.]*\).*/\1/p' requirements/dev.txt)
UV := .build/uv-$(UV_VERSION)/bin/uv
DISTRIBUTIONS := . packages/appsync-local
SYNC = $(UV) pip sync --quiet --require-hashes --compile-bytecode --python
COMPILE = $(UV) pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 $(ARGS)
BUILD_PAGES = $(ONE_AT_A_TIME) node web/build.mjs
ONE_AT_A_TIME := $(if $(shell command -v flock),flock .build/setup.lock)
# A file's tests stay in one worker: they share what takes long to make. In their order the end-to-end tests, which
# mostly wait, come early, and the unit tests fill the end.
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

setup: ## Make .venv, .venv-aws and node_modules when their lock files have changed
	@test -n "$(PYTHON)" || { echo "Taskbell needs Python 3.11 or later; there is none on the PATH." >&2; exit 1; }
	@node -e 'process.exit(Number(parseInt(process.versions.node) < 20))' 2>/dev/null && command -v npm >/dev/null || \
		{ echo "Taskbell needs Node.js 20 or later with npm; there is none on the PATH." >&2; exit 1; }
	@mkdir -p .build
	@$(ONE_AT_A_TIME) $(MAKE) --silent --jobs 3 environments

.PHONY: environments tools
environments: .venv/.ready .venv-aws/.ready node_modules/.ready
tools: .venv-tools/.ready tools/node_modules/.ready

$(UV):
	@sed -n '/^uv==/,/^    # via/{/^    # via/!p;}' requirements/dev.txt > .build/uv.txt
	@$(PYTHON) -m venv --clear .build/uv-$(UV_VERSION)
	@.build/uv-$(UV_VERSION)/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r .build/uv.txt

.venv/.ready: requirements/dev.txt $(DISTRIBUTIONS:%=%/pyproject.toml) | $(UV)
	@echo "Setting up .venv"
	@test -x .venv/bin/python && test "$$(cat $@ 2>/dev/null)" = "$(CURDIR)" || $(UV) venv --quiet --clear --python $(PYTHON) .venv
	@$(SYNC) .venv requirements/dev.txt
	@$(UV) pip install --quiet --python .venv --offline --no-build-isolation --no-deps $(DISTRIBUTIONS:%=--editable %)
	@echo "$(CURDIR)" > $@

.venv-aws/.ready .venv-tools/.ready: .venv-%/.ready: requirements/%.txt | $(UV)
	@echo "Setting up .venv-$*"
	@test -x .venv-$*/bin/python || $(UV) venv --quiet --clear --python $(PYTHON) .venv-$*
	@$(SYNC) .venv-$* requirements/$*.txt
	@touch $@

node_modules/.ready: package-lock.json
tools/node_modules/.ready: tools/package-lock.json
node_modules/.ready tools/node_modules/.ready:
	@echo "Setting up $(@D)"
	@cd $(@D)/.. && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

ifneq ($(shell cat .venv/.ready 2>/dev/null),$(CURDIR)) # a checkout that was moved: programs in .venv name their place
.PHONY: .venv/.ready
endif

lock: setup ## Write requirements/*.txt anew from pyproject.toml; ARGS=--upgrade takes newer versions
	@$(COMPILE) pyproject.toml --no-emit-package setuptools --output-file requirements/runtime.txt
	@$(COMPILE) pyproject.toml --extra cli --group dev --output-file requirements/dev.txt
	@$(COMPILE) --group aws --output-file requirements/aws.txt
	@$(COMPILE) --group tools --output-file requirements/tools.txt

pages: setup ## Build the pages of web/ when they have changed
	@$(BUILD_PAGES)

start: pages ## Run the whole system on this machine (PORT, AWS_PORT and TASKBELL_STATE choose where)
	@exec $(BIN)/python -m local

screenshots: pages ## Take pictures of the pages at three widths, into .build/screenshots; two for README
	@mkdir -p docs/images && $(BIN)/python -m tests.e2e.web.screenshots

test: setup ## Run all tests (ARGS="-k redrive": some of them)
	@exec $(PYTEST) $(ARGS)

test-unit: ## Run the tests that need nothing but their own process
test-integration: ## Run the tests with moto, sockets or processes
test-contract: ## Run the suite that fakes and adapters both pass
test-e2e: ## Run the tests of the whole local system
test-infrastructure: ## Run the tests of the compiled templates, the permissions and the package
test-characterization: ## Compare what clients see with its golden files
test-simulation: ## Run the pipeline in a simulation with faults, with 2,000 seeds
test-unit test-integration test-contract test-characterization test-e2e test-infrastructure test-simulation: setup
	@exec $(PYTEST) tests/$(@:test-%=%) $(ARGS)

simulate: setup ## Simulate more seeds (SEEDS=100000 FIRST=1), or show and shrink one (ARGS="--seed 12")
	@exec $(BIN)/python -m tests.simulation --jobs 2 --seeds $(or $(SEEDS),100000) --first $(or $(FIRST),1) $(ARGS)

test-sync: setup ## Run two devices with the sync client in the simulation, with 500 seeds (SEEDS=5000 FIRST=1)
	@exec $(BIN)/python -m tests.simulation --devices --jobs 2 --seeds $(or $(SEEDS),500) --first $(or $(FIRST),1) $(ARGS)

mutants: setup ## Show that the simulation finds mutants of the product (ARGS="order": those with that in their names)
	@exec $(BIN)/python -m tests.simulation.mutants $(ARGS)

test-faults: setup ## Kill processes of a running system and fail its requests, with 1,000 tasks (ARGS="--seed 12")
	@exec $(BIN)/python -m tests.e2e.faults $(ARGS)

test-appsync-local: setup ## Run the tests of the local AppSync
	@exec $(PYTEST) packages/appsync-local/tests $(ARGS)

test-wheels: setup ## Install the wheel of each distribution into an empty environment, and use it there
	@rm -rf .build/wheels && mkdir -p .build/wheels/tests
	@for folder in $(DISTRIBUTIONS); do \
		$(UV) build --quiet --wheel --no-cache --no-build-isolation --python .venv --out-dir .build/wheels $$folder || exit; done
	@$(UV) venv --quiet .build/wheels/taskbell
	@$(UV) pip install --quiet --python .build/wheels/taskbell --constraint requirements/dev.txt "$$(echo .build/wheels/taskbell-*.whl)[cli]"
	@cd .build/wheels && taskbell/bin/taskbell --help >/dev/null && taskbell/bin/python -c 'import taskbell.rest.app'
	@$(UV) venv --quiet .build/wheels/appsync-local
	@$(UV) pip install --quiet --python .build/wheels/appsync-local --constraint requirements/dev.txt "$$(echo .build/wheels/appsync_local-*.whl)[test]" pytest-xdist
	@cp -R packages/appsync-local/tests packages/appsync-local/pyproject.toml .build/wheels/
	@cd .build/wheels && appsync-local/bin/appsync-local --help >/dev/null && appsync-local/bin/python -m pytest -q -n 2 --dist loadfile $(ARGS)

# Two at a time, the longest first; what each says is shown together, and all are run even if one fails.
CHECKS := check-types check-tools check-pages check-deployment check-appsync-local check-contract check-code check-docs
.PHONY: $(CHECKS)
SIDE_BY_SIDE := --silent --keep-going --jobs 2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

check: setup ## Lint, format, types, import rules, schema drift and tools, templates, workflow and documentation
	@$(ONE_AT_A_TIME) $(MAKE) --silent --jobs 2 tools
	@$(MAKE) $(SIDE_BY_SIDE) $(CHECKS)

check-code: # lint, format, import rules
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

check-types:
	@$(BIN)/mypy
	@node_modules/.bin/tsc --project packages/sync-client --noEmit

check-appsync-local: # types and import rules
	@cd packages/appsync-local && ../../$(BIN)/mypy && ../../$(BIN)/lint-imports

check-contract: # drift of the schema
	@$(BIN)/python -m taskbell.graphql_schema --check

check-tools: # code generators and linters over the schema
	@$(BIN)/python -m tools

check-deployment: # templates and workflow
	@$(BIN)/python -m local.check_deployment

check-docs:
	@$(BIN)/mkdocs build --strict

check-pages: # types, lint, format, operations against the schema, the size of the board's scripts
	@$(BUILD_PAGES)
	@node_modules/.bin/tsc --project web
	@cd web && ../tools/node_modules/.bin/eslint --max-warnings 0 --config ../tools/web.eslint.config.mjs .
	@cd web && ../tools/node_modules/.bin/prettier --check --log-level warn .
	@cd tools && node_modules/.bin/graphql-codegen --silent --check --config web.codegen.yml
	@cd tools && node_modules/.bin/size-limit --silent

audit: setup ## Look for known vulnerabilities in all that is locked (asks PyPI and npm)
	@for lock in requirements/runtime.txt requirements/dev.txt requirements/aws.txt requirements/tools.txt; do \
		echo "$$lock" && $(BIN)/pip-audit --disable-pip --require-hashes --strict --progress-spinner off --requirement $$lock || exit; done
	@npm audit
	@cd tests/e2e/clients && npm audit
	@cd tools && npm audit

docs: setup ## Build the documentation into .build/docs
	@$(BIN)/mkdocs build --strict

format: setup ## Put the code into its one format, and fix what can be fixed
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

package: setup ## Build the deployment package and its bill of materials (STAGE=dev)
	@$(BIN)/python -m infrastructure.build_package
	@node_modules/.bin/osls package --stage $(or $(STAGE),dev)

operations: setup tools ## Write web/src/api/operations.ts from the .graphql files beside it
	@cd tools && node_modules/.bin/graphql-codegen --silent --config web.codegen.yml

schema: setup ## Write schema.graphql and schema.client.graphql from the types in src/taskbell/graphql_schema/
	@$(BIN)/python -m taskbell.graphql_schema

clean: ## Remove what was made here (environments and the local system's data)
	@rm -rf .venv .venv-aws .venv-tools node_modules tools/node_modules .build .local .serverless .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@rm -rf packages/sync-client/dist web/dist
	@cd packages/appsync-local && rm -rf dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
