# Two commands need nothing but python3 with venv, and make:
#   make demo        sets everything up and runs the main job against a sandbox on this machine
#   make test        sets everything up and runs the tests
PYTHON ?= python3
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python

# What Python compiled is kept here, even where the shell forbids it: a program of ours starts in a third of the time.
export PYTHONDONTWRITEBYTECODE :=
export PYTHONPYCACHEPREFIX := $(CURDIR)/$(VENV)/compiled

# One more than cores: many tests wait for a server or a browser
WORKERS = $(shell $(BIN)/python -c "import os; print((os.cpu_count() or 1) + 1)")

.PHONY: demo serve test proof check format bench storm judge lock clean

demo: $(VENV)/.run ; @$(BIN)/newsletter demo $(ARGS)
serve: $(VENV)/.run ; @$(BIN)/newsletter serve $(ARGS)
test: $(VENV)/.dev ; @$(BIN)/python -m pytest -q -n $(WORKERS) --maxschedchunk 4 -m "not proof" $(ARGS)

# The long proofs: kills on PostgreSQL, a restored copy, a dead relay, a full disk, a power cut
proof: $(VENV)/.dev ; @$(BIN)/python -m pytest -q -n auto --dist worksteal -m proof $(ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry newsletter subscribers jobs tests
	$(BIN)/vulture

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Kill the sender at random and count every copy: KILLS=50 make storm
KILLS ?= 10
storm: $(VENV)/.dev ; @$(BIN)/python -m tests.proof.storm --kills $(KILLS) $(ARGS)

# Ratios to others, measured in the same run; ARGS=--quick for a short one
bench: $(VENV)/.dev ; @$(BIN)/python -m tests.benchmarks $(ARGS)

# What the Nu HTML checker and Lighthouse say of every public page; wants Java, Node and Chromium
judge: $(VENV)/.dev $(VENV)/.judges ; @$(BIN)/python -m tests.judges $(ARGS)

# Write the locks again after a change of pyproject.toml; they hold hashes and no address.
lock: $(BIN)/uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	  pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	  -c requirements.lock --group dev pyproject.toml --extra postgres -o requirements-dev.lock
	echo hatchling==1.28.0 | $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-emit-index-url --no-annotate - -o requirements-build.lock

$(BIN)/uv:
	@echo "Setting up .venv ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9

$(VENV)/.run: requirements.lock requirements-build.lock pyproject.toml | $(BIN)/uv
	@echo "Installing what the program needs ..."
	@$(UV) --require-hashes -r requirements.lock
	@$(UV) --no-deps --build-constraint requirements-build.lock -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock requirements-build.lock pyproject.toml | $(BIN)/uv
	@echo "Installing what the tests need ..."
	@$(UV) --require-hashes -r requirements-dev.lock
	@$(UV) --no-deps --build-constraint requirements-build.lock -e .
	@touch $@ $(VENV)/.run

# A parser of mail that is not Python's, in a folder of its own: npm would take it away with the judges
$(VENV)/.parsers:
	@npm install --silent --no-audit --no-fund --no-save --prefix $(VENV)/parsers mailparser@3.14.2
	@touch $@

$(VENV)/.judges:
	@npm install --silent --no-audit --no-fund --no-save --prefix $(VENV) vnu-jar@26.9.27 lighthouse@12.8.2
	@touch $@

clean: ; rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache dist
