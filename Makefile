# Everything you do with a checkout of Hearth. `make` alone lists it.
# You need make, and Python 3.11 or newer with venv. The rest is installed into .venv from the lock files.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
# Options for pytest, such as: make test ARGS="-k tree -x"
ARGS ?=
WORKERS ?= auto
# Compiled tests are kept, whatever the shell says: compiling them takes longer than finding them.
PYTEST = PYTHONDONTWRITEBYTECODE= $(PY) -m pytest -n $(WORKERS) --dist loadgroup
PIP_INSTALL = $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r

# What production looks like to `manage.py check --deploy`; it doesn't connect to anything.
DEPLOY_ENV = ENV_FILE=none DEBUG=off SITE_URL=https://blog.example.org EMAIL_HOST=mail.example.org \
	SECRET_KEY=only-looked-at-by-the-check-0123456789-abcdefghijklmnopqrstuvwxyz TRUSTED_PROXIES=127.0.0.1 \
	DATABASE_URL=postgres://hearth@localhost/hearth CACHE_URL=redis://localhost:6379/0 \
	HSTS_INCLUDE_SUBDOMAINS= HSTS_PRELOAD= SSL_REDIRECT=

.DEFAULT_GOAL := help
.PHONY: help run serve test test-browser test-all test-databases test-faults check bench bench-quick bench-spam messages fmt lock

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/installed ## Start Hearth with demonstration content (PORT=8001 for another port)
	@$(if $(PORT),PORT='$(PORT)') $(PY) manage.py run

serve: $(VENV)/installed ## Run in production: SITE_URL=https://... make serve (HOST=, PORT=, WORKERS=, THREADS=)
	@exec env $(if $(PORT),PORT='$(PORT)') DEBUG=off $(PY) manage.py serve

test: $(VENV)/installed-dev ## Run all tests except those in a browser: minutes (ARGS= for pytest's options)
	@$(PYTEST) --ignore=tests/browser $(ARGS)

test-browser: $(VENV)/installed-dev ## Run the tests in a browser (ARGS="-k newsletter" for some of them)
	@$(PYTEST) tests/browser $(ARGS)

test-databases: $(VENV)/installed-dev ## Run the tests that may differ between databases, on DATABASE_URL= and CACHE_URL=
	@$(PYTEST) -m both_databases $(ARGS)

test-all: $(VENV)/installed-dev ## Run all tests on SQLite, then on the DATABASE_URL= and CACHE_URL= that you name
	@test -n "$$DATABASE_URL" -a -n "$$CACHE_URL" || { \
		echo "Please say where: DATABASE_URL=postgres://... CACHE_URL=redis://... make test-all" >&2; exit 1; }
	@DATABASE_URL= CACHE_URL= $(PYTEST) $(ARGS)
	@$(PYTEST) $(ARGS)

test-faults: $(VENV)/installed-dev ## Run the tests in which Redis, PostgreSQL or disks really fail (docs/faults.md)
	@$(PYTEST) -m faults $(ARGS)

check: $(VENV)/installed-dev ## Check lint, format, import layers, migrations, production settings, then run all tests
	@echo "Lint";                  $(PY) -m ruff check --quiet .
	@echo "Format";                $(PY) -m ruff format --quiet --check .
	@echo "Import layers";         $(VENV)/bin/lint-imports --no-cache --no-logo
	@echo "Migrations";            ENV_FILE=none $(PY) manage.py makemigrations --check --dry-run
	@echo "Production settings";   $(DEPLOY_ENV) $(PY) manage.py check --deploy --fail-level WARNING
	@if command -v xgettext > /dev/null; then echo "Translations"; $(PY) manage.py messages --check; fi
	@$(PYTEST) $(ARGS)

bench: $(VENV)/installed ## Measure speed: minutes; PostgreSQL too if DATABASE_URL names one (ARGS="--full")
	@exec $(PY) -m bench $(ARGS)

bench-quick: $(VENV)/installed ## Measure speed with small conversations: about a minute; writes nothing
	@exec $(PY) -m bench --quick $(ARGS)

bench-spam: $(VENV)/installed ## Measure precision and recall of the spam checks on labelled comments (ARGS=FILE: on your own)
	@exec $(PY) -m bench.spam $(ARGS)

messages: $(VENV)/installed-dev ## Extract, check and compile the translations (docs/translating.md)
	@$(PY) manage.py messages $(ARGS)

fmt: $(VENV)/installed-dev ## Format the code and fix what the linter can fix
	@$(PY) -m ruff check --quiet --fix-only .
	@$(PY) -m ruff format .

lock: $(VENV)/installed-dev ## Update the locked dependencies within the bounds of pyproject.toml
	@$(LOCK) -o requirements.txt pyproject.toml
	@$(LOCK) -o requirements-dev.txt --constraint requirements.txt --extra dev pyproject.toml
	@git --no-pager diff --stat -- requirements.txt requirements-dev.txt

LOCK = $(VENV)/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Hearth needs Python 3.11 or newer, but $(PYTHON) is missing or older. Use another one: make run PYTHON=python3.12" >&2; exit 1; }
	@echo "Creating the environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Python's venv module is missing. On Debian: apt install python3-venv" >&2; exit 1; }

# The stamps are renewed when the lock files change; if there is nothing to do, pip isn't started.
$(VENV)/installed: requirements.txt | $(PY)
	@echo "Installing what Hearth needs"
	@$(PIP_INSTALL) requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt | $(PY)
	@echo "Installing what development needs"
	@$(PIP_INSTALL) requirements-dev.txt
	@touch $@
