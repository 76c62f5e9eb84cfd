# Needs make and Python 3.10 or newer; everything else goes into virtual environments here.
#
#   make demo [SERVE=0]      load, export and serve the example articles; with EXTRACT=1 raw ones, too
#   make test [DATASETTE=1]  all checks, with Datasette 0.65 or with the newest 1.0 alpha
#   make test-quick          one case of each test, for work in between
#   make test-long           what the tests try a sample of: secrets, damaged files, kills, failing disks
#   make bench               benchmarks
#   make docs                write what is generated of the documentation
#   make picture             take the picture of the README again, with Chromium
#   make clean               remove what the others made

PYTHON ?= python3
SERVE ?= 1
EXTRACT ?= 0
DATASETTE ?= 0
PYTEST_ARGS ?= -n auto --dist worksteal
BENCH_ARGS ?=
# Tests that try more under the profile "long", which takes hours.
LONG_TESTS ?= tests

# A version that is itself a pre-release makes pip take pre-releases of this package alone; --pre
# would make it take them of all.
REQUIREMENT_0 = datasette<1
REQUIREMENT_1 = datasette>=1.0a41
VENV_0 = .venv
VENV_1 = .venv-1.0
REQUIREMENT = $(REQUIREMENT_$(DATASETTE))
VENV = $(VENV_$(DATASETTE))
BIN = $(VENV)/bin
EXTRACTING_1 = $(VENV)/.installed-extract
# The default base of identifier IRIs has this port.
PORT = 8001

COG = $(BIN)/python -m cogapp -I docs
DOCS = README.md docs/*.md

.PHONY: all demo test test-quick test-long bench docs picture clean

all: test

demo: $(VENV)/.installed $(EXTRACTING_$(EXTRACT))
	mkdir -p demo
	$(BIN)/newsgraph load demo/newsgraph.db examples/articles.jsonl
	@if [ "$(EXTRACT)" = 1 ]; then \
	  $(BIN)/newsgraph load demo/newsgraph.db examples/raw --extract; \
	fi
	$(BIN)/newsgraph export demo/newsgraph.db -o demo/newsgraph.ttl
	$(BIN)/newsgraph export demo/newsgraph.db -o demo/newsgraph.jsonld
	@echo "The commands newsgraph and datasette are in $(BIN): try $(BIN)/newsgraph --help"
	@if [ "$(SERVE)" = 0 ]; then \
	  echo "Made demo/newsgraph.db, demo/newsgraph.ttl and demo/newsgraph.jsonld"; \
	else \
	  echo "Look at http://127.0.0.1:$(PORT)/newsgraph/-/newsgraph (Ctrl-C ends it)"; \
	  exec $(BIN)/datasette demo/newsgraph.db --port $(PORT); \
	fi

test: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(COG) --check $(DOCS)
	$(BIN)/pytest $(PYTEST_ARGS)

test-quick: $(VENV)/.installed-test
	$(BIN)/pytest $(PYTEST_ARGS) --quick --hypothesis-profile=quick

test-long: $(VENV)/.installed-test
	$(BIN)/pytest $(PYTEST_ARGS) --campaigns --hypothesis-profile=long --timeout=7200 -rP $(LONG_TESTS)

bench: $(VENV)/.installed-test
	$(BIN)/python benchmarks/bench.py $(BENCH_ARGS)

docs: $(VENV)/.installed-test
	$(COG) -r $(DOCS)

picture: $(VENV)/.installed-test
	$(BIN)/python docs/picture.py

clean:
	rm -rf .venv .venv-1.0 demo dist .hypothesis .mypy_cache .pytest_cache .ruff_cache tests/node_modules benchmarks/data
	find benchmarks datasette_newsgraph docs tests -name __pycache__ -prune -exec rm -rf {} +

# An environment is made anew if this file is missing, as after an interruption.
$(VENV)/.made:
	@[ -n "$(VENV)" ] || { echo "DATASETTE is 0 or 1, not '$(DATASETTE)'" >&2; exit 1; }
	@command -v "$(PYTHON)" >/dev/null || \
	  { echo "There is no $(PYTHON). Name a Python 3.10 or newer: make PYTHON=..." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
	  { echo "$$("$(PYTHON)" --version 2>&1) is too old. Name a Python 3.10 or newer: make PYTHON=..." >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' || \
	  { echo "$(PYTHON) cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	"$(PYTHON)" -m venv --clear $(VENV)
	touch $@

$(VENV)/.installed: $(VENV)/.made pyproject.toml
	$(BIN)/pip install --quiet --editable . '$(REQUIREMENT)'
	touch $@

$(VENV)/.installed-extract: $(VENV)/.made pyproject.toml
	$(BIN)/pip install --quiet --editable '.[extract]' '$(REQUIREMENT)'
	touch $@

$(VENV)/.installed-test: $(VENV)/.made pyproject.toml
	$(BIN)/pip install --quiet --editable '.[test]' '$(REQUIREMENT)'
	touch $@ $(VENV)/.installed
