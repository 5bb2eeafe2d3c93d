# Everything one does with a checkout of Hearth. `make` alone lists it.
# Needed: make, and Python 3.11 or newer with venv. The rest is put into .venv from the locked files.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
# pytest's own options, such as: make test ARGS="-k tree -x"
ARGS ?=
WORKERS ?= auto
# Compiled tests are kept, whatever the shell says: compiling them takes longer than finding them.
PYTEST = PYTHONDONTWRITEBYTECODE= $(PY) -m pytest -n $(WORKERS) --dist loadgroup
PIP_INSTALL = $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r

# What production looks like to `manage.py check --deploy`; nothing is contacted.
DEPLOY_ENV = ENV_FILE=none DEBUG=off SITE_URL=https://blog.example.org EMAIL_HOST=mail.example.org \
	SECRET_KEY=only-looked-at-by-the-check-0123456789-abcdefghijklmnopqrstuvwxyz TRUSTED_PROXIES=127.0.0.1 \
	DATABASE_URL=postgres://hearth@localhost/hearth CACHE_URL=redis://localhost:6379/0 \
	HSTS_INCLUDE_SUBDOMAINS= HSTS_PRELOAD= SSL_REDIRECT=

.DEFAULT_GOAL := help
.PHONY: help run serve test test-browser test-all test-databases test-faults check bench bench-quick bench-spam messages fmt lock

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/installed ## Start Hearth with demonstration content (PORT=8000 to change)
	@$(if $(PORT),PORT='$(PORT)') $(PY) manage.py run

serve: $(VENV)/installed ## Serve to the world: SITE_URL=https://... make serve (HOST=, PORT=, WORKERS=, THREADS=)
	@exec env $(if $(PORT),PORT='$(PORT)') DEBUG=off $(PY) manage.py serve

test: $(VENV)/installed-dev ## All tests but those with a browser, in minutes (ARGS= for pytest's options)
	@$(PYTEST) --ignore=tests/browser $(ARGS)

test-browser: $(VENV)/installed-dev ## The tests with a browser (ARGS="-k newsletter" for some of them)
	@$(PYTEST) tests/browser $(ARGS)

test-databases: $(VENV)/installed-dev ## What databases may do in their own way, on DATABASE_URL= and CACHE_URL=
	@$(PYTEST) -m both_databases $(ARGS)

test-all: $(VENV)/installed-dev ## All tests on SQLite, then on the DATABASE_URL= and CACHE_URL= you name
	@test -n "$$DATABASE_URL" -a -n "$$CACHE_URL" || { \
		echo "Say where: DATABASE_URL=postgres://... CACHE_URL=redis://... make test-all" >&2; exit 1; }
	@DATABASE_URL= CACHE_URL= $(PYTEST) $(ARGS)
	@$(PYTEST) $(ARGS)

test-faults: $(VENV)/installed-dev ## Tests with real parts that fail: Redis, PostgreSQL, disks (docs/faults.md)
	@$(PYTEST) -m faults $(ARGS)

check: $(VENV)/installed-dev ## Lint, format, import arrows, migrations, production settings, then every test
	@echo "Lint";                  $(PY) -m ruff check --quiet .
	@echo "Format";                $(PY) -m ruff format --quiet --check .
	@echo "Import arrows";         $(VENV)/bin/lint-imports --no-cache --no-logo
	@echo "Migrations";            ENV_FILE=none $(PY) manage.py makemigrations --check --dry-run
	@echo "Production settings";   $(DEPLOY_ENV) $(PY) manage.py check --deploy --fail-level WARNING
	@if command -v xgettext > /dev/null; then echo "Translations"; $(PY) manage.py messages --check; fi
	@$(PYTEST) $(ARGS)

bench: $(VENV)/installed ## Measure it, in minutes; PostgreSQL too if DATABASE_URL names one (ARGS="--full")
	@exec $(PY) -m bench $(ARGS)

bench-quick: $(VENV)/installed ## The same in a minute or so, with small conversations; writes nothing
	@exec $(PY) -m bench --quick $(ARGS)

bench-spam: $(VENV)/installed ## Precision and recall of the checks on labelled comments (ARGS=FILE: on others)
	@exec $(PY) -m bench.spam $(ARGS)

messages: $(VENV)/installed-dev ## Extract the sentences of all languages, check and compile (docs/translating.md)
	@$(PY) manage.py messages $(ARGS)

fmt: $(VENV)/installed-dev ## Format the code and mend what the linter can mend
	@$(PY) -m ruff check --quiet --fix-only .
	@$(PY) -m ruff format .

lock: $(VENV)/installed-dev ## Renew the locked dependencies within the bounds of pyproject.toml
	@$(LOCK) -o requirements.txt pyproject.toml
	@$(LOCK) -o requirements-dev.txt --constraint requirements.txt --extra dev pyproject.toml
	@git --no-pager diff --stat -- requirements.txt requirements-dev.txt

LOCK = $(VENV)/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Hearth needs Python 3.11 or newer, and $(PYTHON) is not. Another one: make run PYTHON=python3.12" >&2; exit 1; }
	@echo "Making the environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Python's venv module is missing. On Debian: apt install python3-venv" >&2; exit 1; }

# The stamps are remade when the lock changed; a start with nothing to do costs no pip.
$(VENV)/installed: requirements.txt | $(PY)
	@echo "Installing what Hearth runs on"
	@$(PIP_INSTALL) requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt | $(PY)
	@echo "Installing what development needs"
	@$(PIP_INSTALL) requirements-dev.txt
	@touch $@
