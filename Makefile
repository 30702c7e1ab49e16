PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check bench bench-full release clean

demo: .venv/installed  ## Set up and assess an example plan
	$(BIN)/mwkb assess examples/oakmere.yaml

test: .venv/installed-dev  ## Set up and run the tests
	$(BIN)/python -m pytest -n auto --dist loadfile

check: .venv/installed-dev  ## Types, style, and all that a contribution has to pass
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mwkb check
	$(BIN)/mwkb reason

release: .venv/installed-dev  ## Wheel, source, merged ontology, rules, site and bill of materials in dist/, built twice
	$(BIN)/python scripts/release.py

bench: .venv/installed-bench .peers/installed  ## Measure side by side with what a user would pick instead, in some minutes
	$(BIN)/python -m benchmarks

bench-full: .venv/installed-bench  ## Plan after plan up to 10,000, which takes an hour
	$(BIN)/python -m benchmarks --full

# What mwkb is compared with and does not use itself; what cannot be installed is left out of the comparison.
.peers/installed: benchmarks/peers.txt .venv/bin/python
	$(PYTHON) -m venv .peers
	-grep '^[a-z]' benchmarks/peers.txt | xargs -n 1 .peers/bin/python -m pip install --quiet --disable-pip-version-check
	-npm install --silent --no-fund --no-audit --prefix .peers/js n3@2.13.12 rdf-ext@2.6.0 shacl-engine@1.1.2
	@touch $@

clean:
	rm -rf .venv .peers dist build site

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("mwkb needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make demo PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

.venv/installed-dev: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

.venv/installed-bench: .venv/installed-dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[bench]'
	@touch $@
