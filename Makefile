# Everything a fresh machine needs: Python 3.11 or later, make, and a package registry.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: demo test check format bench-m4 bench-panel clean

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

clean:
	rm -rf .venv .run .mypy_cache .ruff_cache .pytest_cache .hypothesis
