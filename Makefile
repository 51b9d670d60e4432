# The verbs of this project: `make` lists them. Needs GNU make and a POSIX shell; everything else
# is built below .venv/ and .tools/, or asked for in one line.

# From the command line alone: some systems export HOST with the machine's public name.
HOST := 127.0.0.1
PORT ?= 8000
PYTHON ?=
PYTEST_ARGS ?=
LOCK_ARGS ?=
export PYTHON

# The Nu HTML checker, from npm: its release and the checksum of the jar inside.
VNU_VERSION := 26.9.27
VNU_SHA256 := 22f15dd39a33bed929d2a5c0cddf5946849a647eca9272bf4d5d00bc7e7a4d47
VNU := .tools/node_modules/vnu-jar/build/dist/vnu.jar

# Always `python -m`: the scripts in .venv/bin name their Python by its full path, which breaks
# when that path holds a space or the folder is moved.
PY := .venv/bin/python
PIP := $(PY) -m pip --quiet --disable-pip-version-check install --require-hashes

# Each recipe is one script, prints only what it says itself, and ends at its first error.
SHELL := /bin/sh
.SHELLFLAGS := -euc
.ONESHELL:
.SILENT:
.NOTPARALLEL:
.PHONY: help run test lint editor lock clean address venv venv-dev database static vnu

help: ## show this list
	awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-7s %s\n", $$1, $$2}' Makefile

# What the site calls itself; the wildcard addresses are no names.
NAME := $(patsubst ::,::1,$(patsubst 0.0.0.0,127.0.0.1,$(HOST)))
NAME := $(if $(findstring :,$(NAME)),[$(NAME)],$(NAME))
run: export HOST := $(HOST)
run: export PORT := $(PORT)
run: export SITE_ORIGIN ?= http://$(NAME):$(PORT)
run: address venv database static ## serve the site  [PORT=8000 HOST=127.0.0.1 PYTHON=python3]
	site="http://$(NAME):$$PORT"
	printf '\n  中文     %s/zh-hans/\n  English  %s/en/\n  Admin    %s/admin/  (create an account: make editor)\n\nCtrl-C stops the site.\n' \
		"$$site" "$$site" "$$site"
	exec $(PY) -m gunicorn --log-level warning

test: venv-dev vnu ## run the tests  [PYTEST_ARGS=…; with REQUIRE_ALL=1 a missing tool fails, not skips]
	if [ -z "$${VNU_JAR:-}" ] && [ -e $(VNU) ]; then
		export VNU_JAR="$$PWD/$(VNU)"
	fi
	if [ -z "$${CHROMIUM:-}" ] && chromium=$$(command -v chromium || command -v chromium-browser); then
		export CHROMIUM="$$chromium"
	fi
	# Few at a time: a processor that took all tests in a browser would finish alone.
	exec $(PY) -m pytest --numprocesses auto --maxschedchunk 4 $(PYTEST_ARGS)

lint: venv-dev ## check code, templates, migrations and settings; changes nothing
	failed=
	$(PY) -m ruff check --quiet || failed=yes
	$(PY) -m ruff format --quiet --check || { echo 'Not formatted. To format: $(PY) -m ruff format'; failed=yes; }
	find templates articles authors healthsite -path '*templates/*' -name '*.html' \
		-exec .venv/bin/djade --check {} + || failed=yes
	$(PY) manage.py makemigrations --check --dry-run || failed=yes
	$(PY) manage.py check || failed=yes
	[ -z "$$failed" ]

editor: venv database ## create an account for the admin; asks for a name and a password
	exec $(PY) manage.py createsuperuser

lock: venv-dev ## renew the requirements files from pyproject.toml  [LOCK_ARGS=--upgrade]
	# 3.11.2 is Debian 12's Python; some packages' newest releases want 3.11.5.
	compile() {
		UV_CUSTOM_COMPILE_COMMAND='make lock' .venv/bin/uv pip compile --quiet --universal \
			--python-version 3.11.2 --generate-hashes $(LOCK_ARGS) "$$@" pyproject.toml >/dev/null
	}
	compile --output-file requirements.txt
	compile --output-file requirements-dev.txt --group dev --constraint requirements.txt

clean: ## remove what can be built again; keeps the database and the uploads
	data="$${DATA_DIR:-var}"
	rm -rf .venv .tools .pytest_cache .ruff_cache .hypothesis .coverage htmlcov test-results
	rm -rf "$$data/static" "$$data/static.state"
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- Steps of the above. Each is quick when there is nothing to do.

# Sets $python to a Python that is new enough, or ends with one line.
define find-python
	if [ -n "$$PYTHON" ]; then
		set -- "$$PYTHON"
	else
		set -- python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3
	fi
	python=
	for candidate; do
		if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
			python=$$candidate
			break
		fi
	done
	if [ -z "$$python" ]; then
		echo "$${PYTHON:+PYTHON=$$PYTHON is not one: }Python 3.11 or newer is needed. On Debian: apt install python3 python3-venv" >&2
		exit 1
	fi
endef

address:
	$(find-python)
	"$$python" gunicorn.conf.py

venv:
	version() { "$$1" -c 'import sys; print(*sys.version_info[:2], sep=".")' 2>/dev/null || :; }
	sum=$$(cksum <requirements.txt)
	has=$$(version $(PY))
	if [ -n "$$has" ] && [ "$$(cat .venv/runtime.state 2>/dev/null)" = "$$has $$sum" ]; then
		if [ -z "$$PYTHON" ] || [ "$$(version "$$PYTHON")" = "$$has" ]; then
			exit
		fi
	fi
	$(find-python)
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then
		echo "$$python cannot make virtual environments. On Debian: apt install python3-venv" >&2
		exit 1
	fi
	echo 'Installing the Python packages into .venv …'
	"$$python" -m venv --clear .venv
	$(PIP) --requirement requirements.txt
	echo "$$(version $(PY)) $$sum" >.venv/runtime.state

venv-dev: venv
	sum=$$(cksum <requirements-dev.txt)
	if [ "$$(cat .venv/dev.state 2>/dev/null)" != "$$sum" ]; then
		echo 'Installing the tools for development into .venv …'
		$(PIP) --requirement requirements-dev.txt
		echo "$$sum" >.venv/dev.state
	fi

database: venv
	$(PY) manage.py migrate --noinput --verbosity 0
	$(PY) manage.py import_content fixtures --if-empty --verbosity 0
	$(PY) manage.py rerender --verbosity 0
	$(PY) manage.py make_share_cards --verbosity 0
	$(PY) manage.py index_search --verbosity 0

# Collecting hashes and compresses every file, so it is done only when something has changed.
static: venv
	data="$${DATA_DIR:-var}"
	state=$$(find static articles authors healthsite requirements.txt -type f ! -name '*.pyc' \
		-exec cksum {} + | LC_ALL=C sort | cksum)
	if [ ! -e "$$data/static/staticfiles.json" ] || [ "$$(cat "$$data/static.state" 2>/dev/null)" != "$$state" ]; then
		$(PY) manage.py collectstatic --noinput --verbosity 0
		echo "$$state" >"$$data/static.state"
	fi

# What keeps the checker from being fetched is no error here: its tests skip, or fail, by themselves.
vnu:
	intact() { echo '$(VNU_SHA256)  $(VNU)' | sha256sum --check --status 2>/dev/null; }
	if [ -z "$${VNU_JAR:-}" ] && command -v java >/dev/null && command -v npm >/dev/null && ! intact; then
		mkdir -p .tools
		npm install --prefix .tools --no-save --no-package-lock --ignore-scripts --no-audit --no-fund \
			--loglevel error vnu-jar@$(VNU_VERSION) >/dev/null || :
		intact || { rm -f $(VNU); echo 'The Nu HTML checker could not be fetched.' >&2; }
	fi
