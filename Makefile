# Schakel: the words to work with. `make help` lists them.
SHELL := /bin/sh
PY := .venv/bin/python
export PYTHONDONTWRITEBYTECODE := 1

.PHONY: help setup run test test-coverage check prove sabotage bench bench-gate mutate golden format clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 15

setup: ## Install the locked dependencies and build the front-end files; a second call does nothing
	@sh deploy/setup.sh

run: setup ## Start everything and print the address; PORT chooses the port
	@exec $(PY) -m config.supervisor

test: setup ## Run every test
	@sh deploy/chromium.sh
	@sh deploy/pgbouncer.sh
	@sh deploy/nginx.sh
	@$(PY) -m pytest

test-coverage: setup ## Run every test and print the coverage of branches, which is not to fall
	@sh deploy/chromium.sh
	@sh deploy/pgbouncer.sh
	@sh deploy/nginx.sh
	@sh deploy/coverage.sh

check: setup ## Format, lint, types, layers and house rules, in under a minute
	@.venv/bin/ruff format --check --quiet .
	@.venv/bin/ruff check --quiet .
	@.venv/bin/lint-imports --no-cache > .setup/imports.log || { cat .setup/imports.log; exit 1; }
	@.venv/bin/mypy --no-error-summary .
	@$(PY) -m pytest -q -n 0 tests/tidy

prove: setup ## Run the heavy proofs in full: walks, interleavings, hidden and absent, decisions, worlds, routes, the trail
	@WALKS=100 $(PY) -m pytest tests/simulation/test_walk.py
	@COLLIDING=64 COLLISIONS=3 $(PY) -m pytest -n 0 tests/simulation/test_collisions.py tests/simulation/test_stages.py
	@MEETINGS=0 COLLIDING=16 $(PY) -m pytest tests/simulation/test_every_collision.py
	@TURNS=2500 RACES=2500 $(PY) -m pytest tests/policy/test_revoking.py
	@HIDDEN_ROUTES=0 $(PY) -m pytest tests/policy/test_hidden.py
	@DECISIONS=1000000 CASE_WORLDS=10000 PEOPLE_A_ROUTE=0 $(PY) -m pytest tests/oracle
	@FUZZ=1200 $(PY) -m pytest tests/attacks/test_fuzz.py
	@INJECTED=10000 $(PY) -m pytest tests/attacks/test_injected.py tests/attacks/test_unmoved.py
	@SMUGGLED=1 $(PY) -m pytest -n 0 tests/attacks/test_smuggling.py
	@POSITIONS=2000 READS=100000 CRAWL=1 $(PY) -m pytest tests/audit
	@SABOTAGED=20 $(PY) -m pytest tests/sabotage/test_sample.py

sabotage: setup ## Plant faults one at a time and see that the tests notice each
	@$(PY) -m tests.sabotage

bench: setup ## Measure: limits, pages and steps, growth, the trail; printed, and written into docs/performance.md
	@$(PY) -m bench limits
	@$(PY) -m bench http --scale xs
	@$(PY) -m bench scale
	@$(PY) -m bench report
	@$(PY) -m pytest -n 0 tests/bench/bench_*.py

bench-gate: setup ## Fail where a page or step costs more than its bound, of what no machine makes faster
	@$(PY) -m bench gate

mutate: setup ## Change the pure modules of permissions/ line by line and see that their tests notice
	@sh deploy/mutate.sh

golden: setup ## Write the golden files anew; the difference is the review
	@$(PY) manage.py handbook
	@GOLDEN=1 $(PY) -m pytest -q tests/golden

format: setup ## Format the source
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format --quiet .

clean: ## Remove what set-up and tests made, not the data
	@rm -rf .venv .setup build .mypy_cache .ruff_cache .pytest_cache web/assets/node_modules
