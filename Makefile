# Everything a fresh machine needs: Python 3.11 or later, make, and a package registry.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: demo test check licences fuzz constraints format bench-m4 bench-breaks bench-panel bench-forecast bench-load bench-ingest bench-night bench-capacity bench-site pictures bench-anomalies bench-commitments bench-decisions clean

demo: $(READY)  ## a sample estate, a night on it, and where the pages are
	$(BIN)/plimsoll demo

test: $(READY) .run/clients/.ready  ## every test
	$(BIN)/python -m pytest -n 3 --dist loadgroup --durations=40

check: $(READY)  ## style, types, layers, declared imports, licences, and that what is built can be installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/python tests/wheel.py
	$(BIN)/python tests/licences.py >/dev/null

licences: $(READY)  ## what is installed with it, and under which licence
	$(BIN)/python tests/licences.py

constraints:  ## constraints.txt anew: the newest versions that pyproject.toml allows, by name and version only
	$(PYTHON) -m venv .run/constraints
	.run/constraints/bin/pip install --quiet --disable-pip-version-check '.[dev]'
	.run/constraints/bin/pip freeze --exclude plimsoll | LC_ALL=C sort -f > constraints.txt
	rm -rf .run/constraints

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

# What planners may have: the snapshot is opened with each in a test.
CLIENTS := 1.2.2 1.4.5 1.5.6
.run/clients/.ready: Makefile
	for version in $(CLIENTS); do $(BIN)/pip install --quiet --disable-pip-version-check --no-deps --upgrade \
		--target .run/clients/$$version duckdb==$$version || exit 1; done
	touch $@

# statsforecast wants an older pandas: it lives apart, for comparisons only.
.run/bench-venv/.ready:
	$(PYTHON) -m venv .run/bench-venv
	.run/bench-venv/bin/pip install --quiet --disable-pip-version-check statsforecast pyarrow
	touch $@

bench-m4: $(READY) .run/bench-venv/.ready  ## accuracy and intervals on M4 Hourly
	$(BIN)/python tests/benchmarks/m4.py

bench-breaks: $(READY)  ## load that broke: outages, moves, holidays, clocks, month ends
	$(BIN)/python tests/benchmarks/breaks.py

bench-panel: $(READY) .run/bench-venv/.ready  ## accuracy on a varied panel, beside three statsforecast models
	$(BIN)/python tests/benchmarks/panel.py

bench-forecast: $(READY)  ## 1,000 and 10,000 series of hours
	PYTHONPATH=. $(BIN)/python tests/benchmarks/forecast.py

bench-load: $(READY)  ## 21.6 million rows of load
	PYTHONPATH=. $(BIN)/python tests/benchmarks/load.py

bench-ingest: $(READY)  ## 10 million bill lines
	$(BIN)/python tests/benchmarks/ingest.py

bench-site: $(READY)  ## pages of 100, 1,000 and 5,000 services: seconds, sizes, what a reader waits for
	$(BIN)/python -m tests.benchmarks.site $(SERVICES)

pictures: demo  ## the README's pictures, of the sample estate as this commit shows it; needs chromium
	$(BIN)/python -m tests.browser.screenshots .run/demo/.run/published/site

bench-night: $(READY)  ## two whole nights of 1,000 services; SERVICES=10000 for more
	PYTHONPATH=. $(BIN)/python tests/benchmarks/night.py $(SERVICES)

bench-capacity: $(READY)  ## what the model of Plimsoll itself says beside nights of 100 and 1,000 services
	for services in 100 1000; do PYTHONPATH=. $(BIN)/python tests/benchmarks/night.py $$services || exit 1; done

bench-anomalies: $(READY)  ## what is found of planted and labelled anomalies
	$(BIN)/python tests/benchmarks/anomalies.py

bench-decisions: $(READY)  ## budgets, month ends of spend, and limits against the rules of today's tools
	PYTHONPATH=. $(BIN)/python tests/benchmarks/decisions.py

bench-commitments: $(READY)  ## what commitments by rolling dates cost above hindsight
	$(BIN)/python tests/benchmarks/commitments.py

fuzz: $(READY)  ## 10,000 damaged inputs of each parser
	$(BIN)/python -m tests.chaos.fuzz 10000

chaos: $(READY)  ## nights killed, stopped, without disk or memory, under a clock set back; migrations killed
	$(BIN)/python -m tests.chaos.nights
	$(BIN)/python -m tests.chaos.migrations

clean:
	rm -rf .venv .run .mypy_cache .ruff_cache .pytest_cache .hypothesis
