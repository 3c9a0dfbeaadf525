# Everything runs in its own virtual environment, .venv, from the pins in constraints.txt.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: demo test lint bench clean

demo: $(VENV)/installed
	$(BIN)/quizgrad exam examples/midterm.toml --roster examples/roster.csv --output demo --force

test: $(VENV)/installed-test
	$(BIN)/python -m pytest --numprocesses 2

lint: $(VENV)/installed-lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	mkdir -p $(VENV)/checked && ln -sfn $(CURDIR) $(VENV)/checked/quizgrad
	cd $(VENV)/checked && ../bin/mypy --config-file $(CURDIR)/pyproject.toml -p quizgrad
	$(BIN)/lint-imports

bench: $(VENV)/installed-test
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) build *.egg-info demo

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(INSTALL) --editable .
	touch $@

$(VENV)/installed-test: $(VENV)/installed
	$(INSTALL) --editable .[test]
	touch $@

$(VENV)/installed-lint: $(VENV)/installed-test
	$(INSTALL) --editable .[test,lint]
	touch $@
