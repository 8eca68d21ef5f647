# Every job of this project by name. `make help` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
# Python keeps what it has compiled, as on a server (deploy/install.sh): without it each command, server and test step that
# starts reads 660 modules anew. Many images ask it not to.
unexport PYTHONDONTWRITEBYTECODE

# Folders too: a file that is taken away or moved leaves no newer file.
CLIENT_SOURCES := $(shell find service_worker app/static/css app/static/images -not -path '*/.types*' 2>/dev/null) package-lock.json

# What was made before its command failed is not made: a build over its budget would be taken for one within it.
.DELETE_ON_ERROR:

.PHONY: help
help: ## What each target does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

.venv/.run: requirements/run.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/run.txt
	@touch $@

.venv/.dev: requirements/dev.txt .venv/.run
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements/dev.txt
	@touch $@

node_modules/.installed: package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

app/static/build/manifest.json: node_modules/.installed $(CLIENT_SOURCES)
	npm run --silent build
	@touch $@

.PHONY: run
run: .venv/.run app/static/build/manifest.json ## Start Between Visits on this machine, with a small believable provider the first time; SEED=large: one of 400 carers
	$(if $(filter-out small large,$(SEED)),$(error SEED is small or large))
	@exec $(if $(filter large,$(SEED)),env BV_INSTANCE=instance-large )$(BIN)/flask --app wsgi serve --made-up $(or $(SEED),small)

.PHONY: system
system: ## Install what the tests need of the machine: browsers and PostgreSQL (Debian, as root)
	@bash tools/system-packages.sh

.PHONY: test
test: ## All set-up, then every check and every test
	@$(MAKE) --no-print-directory --jobs=3 system .venv/.dev app/static/build/manifest.json
	@$(BIN)/python tools/run_tests.py all

.PHONY: check
check: .venv/.dev app/static/build/manifest.json ## Lint, types and unit tests: under two minutes
	@$(BIN)/python tools/run_tests.py check

bench/lighthouse/node_modules/.installed: bench/lighthouse/package-lock.json
	npm ci --prefix bench/lighthouse --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: bench
bench: system .venv/.dev app/static/build/manifest.json bench/lighthouse/node_modules/.installed ## Measure against the goals, beside the floor: SUITES="intake growth" for some (bench/README.md)
	@$(BIN)/python -m bench $(SUITES)

.PHONY: bench-compare
bench-compare: .venv/.dev ## What changed between two kept runs of `make bench`: A=… B=…
	@$(BIN)/python -m bench.report compare $(A) $(B)

.PHONY: bench-publish
bench-publish: .venv/.dev ## Put kept runs as one table into docs/performance.md: RUNS="a.json b.json", else the newest
	@$(BIN)/python -m bench.report publish $(RUNS)

.PHONY: bench-growth
bench-growth: .venv/.dev app/static/build/manifest.json ## The same with ten million records stored: 15 GB and most of an hour, the first time
	@$(BIN)/python -m bench ten-million

.venv-bench/.done: requirements/bench-content.txt
	@test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench-content.txt
	@touch $@

.PHONY: bench-content
bench-content: .venv/.dev .venv-bench/.done ## Time checking and publishing 100, 1,000 and 5,000 modules, beside mkdocs
	@nice -n 5 $(BIN)/python -m bench.content $(SIZES)

.PHONY: bench-staff
bench-staff: .venv/.dev app/static/build/manifest.json ## Time the staff pages of a provider of 1,000 people with a million lesson reads
	@nice -n 5 $(BIN)/python -m bench.staff

.PHONY: simulate
simulate: .venv/.dev node_modules/.installed ## Many phones, the real server and every fault, by seed: SEEDS=1-25, DATABASE=postgresql
	@SEEDS=$(or $(SEEDS),1-25) BREAK=$(BREAK) DATABASE=$(DATABASE) PROCESSES=$(PROCESSES) CHUNK=$(CHUNK) LOG=$(LOG) node tests/simulation/run.mjs

.PHONY: soak
soak: system .venv/.dev app/static/build/manifest.json ## A real server, many phones and much harm for long: MINUTES=30, DATABASE=sqlite|postgres
	@MINUTES=$(MINUTES) DATABASE=$(DATABASE) SEED=$(SEED) CUTS=$(CUTS) SENDERS=$(SENDERS) $(BIN)/python -m tests.soak

.PHONY: crowd
crowd: system .venv/.dev app/static/build/manifest.json ## 10,000 phones come back within a minute after an outage: PHONES=10000
	@PHONES=$(PHONES) DATABASE=$(DATABASE) $(BIN)/python -m tests.soak.crowd

.PHONY: nodes
nodes: system .venv/.dev app/static/build/manifest.json ## Two nodes and two databases here, killed and upgraded under load; PUBLISH=1
	@bash tools/system-packages.sh nodes
	@SENDERS=$(SENDERS) SETTLE=$(SETTLE) PUBLISH=$(PUBLISH) $(BIN)/python -m tests.nodes

.PHONY: small-box
small-box: .venv/.dev app/static/build/manifest.json ## App, worker and Caddy in a memory cgroup of 512 MB, with the worst of a year (root): MEMORY=512
	@nice -n 5 $(BIN)/python -m bench.small_box

.PHONY: audit
audit: .venv/.dev node_modules/.installed ## Ask the registries for known faults in what we install
	$(BIN)/pip-audit --requirement requirements/run.txt --disable-pip --require-hashes
	npm audit --omit=dev

.PHONY: wheel
wheel: .venv/.dev app/static/build/manifest.json ## Build the wheel, with the client inside it
	$(BIN)/pip wheel --quiet --no-deps --wheel-dir dist .

# What none of our ways into a library reaches (docs/decisions/0019): installing by these files alone leaves it out.
LEFT_OUT := lxml pyjwt pypng
COMPILE := .venv-lock/bin/pip-compile -q --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --strip-extras --no-header
COMPILE_RUN := $(COMPILE) $(addprefix --unsafe-package ,$(LEFT_OUT))

.PHONY: lock
lock: ## Make the lock files anew from pyproject.toml
	$(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip install --quiet pip-tools==7.6.2
	$(COMPILE_RUN) --output-file requirements/run.txt pyproject.toml
	$(COMPILE) --allow-unsafe --extra dev --constraint requirements/run.txt --output-file requirements/dev.txt pyproject.toml
	for extra in pdf postgres push s3; do $(COMPILE_RUN) --extra $$extra --constraint requirements/run.txt --output-file requirements/$$extra.txt pyproject.toml || exit; done
	$(COMPILE) --output-file requirements/bench-content.txt requirements/bench-content.in
	rm -rf .venv-lock
