# Tieup's recipes. `make` alone lists them.
.DEFAULT_GOAL := help
PYTHON ?= python3.11
BIN := .venv/bin
STAMP := .venv/.complete

help: ## List the recipes
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

$(STAMP): requirements.lock pyproject.toml
	@echo "Creating the environment in .venv (about a minute)"
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

run: $(STAMP) ## Crawl the sample newsroom, extract, load, and serve it on 127.0.0.1
	@exec $(BIN)/tieup run --serve

test: $(STAMP) ## Lint, check types and imports, and run every test
	@$(MAKE) --no-print-directory lint
	@$(BIN)/python -m pytest -q -n 2

lint: $(STAMP) ## ruff, mypy --strict and import-linter
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

eval: $(STAMP) ## Score the whole pipeline, its parts and baselines; print the targets and what is reached
	@$(BIN)/tieup eval --compare --write

gate: $(STAMP) ## Fail if a figure of newsroom, gold or press articles is below its floor (two to three minutes)
	@$(BIN)/tieup eval --gate

bench: $(STAMP) ## Time the extraction against en_core_web_sm alone, the crawler against bare Scrapy, a page against trafilatura
	@$(BIN)/python -m bench.extract
	@$(BIN)/python -m bench.crawl
	@$(BIN)/python -m bench.page

docs: $(STAMP) ## Refresh every example answer and figure in README and docs
	@$(BIN)/python docs/examples.py

serve: $(STAMP) ## Serve the knowledge base that is there
	@exec $(BIN)/tieup serve

clean: ## Remove the environment, the knowledge base and caches
	rm -rf .venv tieup.db tieup.db-* tieup.db.lock tieup.state .mypy_cache .ruff_cache .pytest_cache .import_linter_cache *.egg-info

.PHONY: help run test lint eval gate bench docs serve clean
