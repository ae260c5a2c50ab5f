# Kabinet: set up, try, test, check. `make demo` and `make test` are all a newcomer needs.
# Needs git, make and Python 3.11 or newer with venv; nothing is installed outside .venv.

PYTHON ?= python3
PORT ?= 8000
OPERATOR ?= telecom
DATA ?= .demo
FRESH ?=
WORKERS ?= 2

BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input install --no-deps

.PHONY: setup dev demo test test-pages test-browser test-delegation bench bench-large check format messages migrations lock wheel proof test-timing screenshot clean

setup: .venv/installed
dev: .venv/installed-dev

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Kabinet needs Python 3.11 or newer; set PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/installed: requirements.lock pyproject.toml components/web/front_end.py | .venv/bin/python
	@echo "Installing what Kabinet needs into .venv"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-build-isolation --editable .
	@$(BIN)/python -m components.web.front_end
	@touch $@

.venv/installed-dev: requirements-dev.lock .venv/installed
	@echo "Installing what the tests need into .venv"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

demo: setup
	@exec $(BIN)/kabinet demo --port $(PORT) --operator $(OPERATOR) --data $(DATA) $(if $(FRESH),--fresh)

test: test-pages test-browser

test-pages: dev
	$(BIN)/pytest --ignore=tests/browser -n $(WORKERS)

# A call of its own: Playwright's own loop and the async tests do not share a process.
test-browser: dev
	$(BIN)/pytest tests/browser -n $(WORKERS)

# Whether an answer's time tells a known login from an unknown one; some minutes on a quiet machine.
SAMPLES ?= 2000
test-timing: dev
	$(BIN)/python -m tests.timing --samples $(SAMPLES) $(if $(ONLY),--only $(ONLY))

# The delegation rules against a model of their own: 20,000 stories by the functions, 1,000 through the pages, 1,000
# races of each kind on PostgreSQL. Under 40 minutes; SEED repeats, EXAMPLES, PAGES and RACES say how many.
SEED ?= 0
EXAMPLES ?= 20000
PAGES ?= 1000
RACES ?= 1000
test-delegation: dev
	$(BIN)/python -m tests.delegation --seed $(SEED) --examples $(EXAMPLES) --pages $(PAGES) --races $(RACES) --workers $(WORKERS)

# How fast it is, as ratios: docs/benchmarks.md. ONLY=pages runs one part.
bench: dev
	$(BIN)/python -m tests.bench $(if $(ONLY),--only $(ONLY))

# With the large data sets, made once and kept under DATA: ONLY=accounts, ONLY=usage, ONLY=import.
bench-large: DATA = .bench
bench-large: dev
	$(BIN)/python -m tests.bench --large --data $(DATA) $(if $(ONLY),--only $(ONLY))

check: dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python -m components.web.messages check

format: dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# After a text changed: bring the catalogues up to the sources, then translate what is empty.
messages: dev
	$(BIN)/python -m components.web.messages extract

# After a model changed: write the next migration. Read it before you commit it.
migrations: dev
	$(BIN)/tortoise -c dashboard.schema.TORTOISE makemigrations

# Versions and hashes only, no addresses.
lock: dev
	uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet --extra front --output-file requirements.lock
	uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet --extra front --extra dev --output-file requirements-dev.lock

# A wheel that needs neither this checkout nor Node, Django or a compiler.
wheel: setup
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .

# Kills, outages and an upgrade under traffic; some minutes. KILLS and OUTAGES say how often.
KILLS ?= 50
OUTAGES ?= 20
proof: dev
	$(BIN)/python -m tests.proof --kills $(KILLS) --outages $(OUTAGES) $(if $(ONLY),--only $(ONLY))

# The picture in the README, of a demo that runs on PORT.
screenshot: dev
	$(BIN)/python docs/screenshots.py docs --base http://127.0.0.1:$(PORT) --only overview --widths 1440 --themes light --viewport

clean:
	rm -rf .venv .demo static/packages .mypy_cache .ruff_cache .pytest_cache .hypothesis
