# Everything a fresh machine needs: Python 3.11 or later, make, and a package registry.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: demo test check format bench-m4 bench-panel bench-forecast bench-load bench-ingest bench-night clean

demo: $(READY)  ## a sample estate, a night on it, and where the pages are
	$(BIN)/plimsoll demo

test: $(READY)  ## every test
	$(BIN)/python -m pytest -n 2 --dist loadgroup

check: $(READY)  ## style, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

# statsforecast wants an older pandas: it lives apart, for comparisons only.
.run/bench-venv/.ready:
	$(PYTHON) -m venv .run/bench-venv
	.run/bench-venv/bin/pip install --quiet --disable-pip-version-check statsforecast pyarrow
	touch $@

bench-m4: $(READY) .run/bench-venv/.ready  ## accuracy and intervals on M4 Hourly
	$(BIN)/python tests/benchmarks/m4.py

bench-panel: $(READY) .run/bench-venv/.ready  ## accuracy on a varied panel, beside three statsforecast models
	$(BIN)/python tests/benchmarks/panel.py

bench-forecast: $(READY)  ## 1,000 and 10,000 series of hours
	PYTHONPATH=. $(BIN)/python tests/benchmarks/forecast.py ../shared/bench/make_panel.py

bench-load: $(READY)  ## 21.6 million rows of load
	PYTHONPATH=. $(BIN)/python tests/benchmarks/load.py ../shared/bench/make_panel.py

bench-ingest: $(READY)  ## 10 million bill lines
	$(BIN)/python tests/benchmarks/ingest.py

bench-night: $(READY)  ## two whole nights of 1,000 services; SERVICES=10000 for more
	PYTHONPATH=. $(BIN)/python tests/benchmarks/night.py ../shared/bench/make_panel.py $(SERVICES)

clean:
	rm -rf .venv .run .mypy_cache .ruff_cache .pytest_cache .hypothesis
