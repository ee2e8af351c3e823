# Everything a person types here. Needs Python 3.11 or newer and make; `make` alone lists the targets.
# PORT and PROFILE change what `run` serves (`make run HOST=0.0.0.0` opens it to the network: some shells
# export HOST, so it is not taken from the environment); PYTHON names an interpreter to prefer.

.POSIX:
SHELL = /bin/sh
BIN = .venv/bin
HOST = 127.0.0.1
PORT ?= 8050
PROFILE ?= lincang
WORKERS ?= 2

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

run: ## set up what is missing and serve the board (PORT=9000 moves it)
	@sh tools/setup.sh run
	@exec $(BIN)/threeline serve --profile $(PROFILE) --host $(HOST) --port $(PORT)

test: ## set up what is missing, check the code and run every test
	@sh tools/setup.sh dev
	@sh tools/needs.sh
	@$(MAKE) static
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup

check: ## the static part of `test`: ruff, mypy, the floors
	@sh tools/setup.sh dev
	@$(MAKE) static

static:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: ## measure; prints tables and writes tests/bench/results/*.json
	@sh tools/setup.sh dev
	@sh tools/needs.sh
	$(BIN)/python -m tests.bench

lock: ## write the lock files again from pyproject.toml (UPGRADE=1 takes newer versions)
	@sh tools/setup.sh dev
	@sh tools/lock.sh "$(UPGRADE)"

clean: ## remove the environment and every cache
	rm -rf .venv build dist threeline.egg-info
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help run test check static bench lock clean
