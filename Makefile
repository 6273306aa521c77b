# Everything a person or CI does here. Nothing needs to be installed by hand; see docs/howto/start.md.
SHELL := /bin/sh
PY := .venv/bin/python
# The checkers read settings, never a database.
CHECKED := NWD_SECRET_KEY=checked DATABASE_URL=postgresql://checked@/checked
# Images for containers often forbid Python to keep what it compiled: then each process compiles everything anew, and
# starts in 2 s of CPU in place of 0.3.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup browser run test tested test-fast check fix bench faults gallery audit lock

setup: .venv/ready

.venv/ready: requirements/dev.txt pyproject.toml setup.sh nowrongdoor/locale/es/LC_MESSAGES/django.po
	./setup.sh
	@touch .venv/ready

browser: setup
	@./setup.sh browser

run: setup
	@.venv/bin/nowrongdoor run

test: setup
	@$(PY) -m tests.cpu $(MAKE) --no-print-directory check browser tested

tested:
	$(PY) -m pytest -n 2 --dist loadgroup -q -m "not long"

# Without browsers and real faults: for the minute between two edits.
test-fast: setup
	$(PY) -m pytest -n 2 --dist loadgroup -q -m "not browser and not faults and not long"

check: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	$(CHECKED) .venv/bin/mypy
	.venv/bin/lint-imports --no-cache

fix: setup
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

bench: setup
	$(PY) -m bench

# NWD_CYCLES=1000: so many kills of the database, 4 where nobody says. Every fault prints one line with its counts.
# Here, and here alone, what is tried is left to chance.
faults: export NWD_CHANCE = 1
faults: setup
	@./setup.sh cluster
	NWD_CYCLES=$${NWD_CYCLES:-4} $(PY) -m pytest -n 0 -q -rP -m "faults or long"
	NWD_EXAMPLES=40 NWD_STEPS=50 $(PY) -m pytest -n 0 -q -rP tests/calls/test_machine.py tests/episodes/test_machine.py tests/desks/test_api_described.py
	NWD_STEPS=5000 $(PY) -m pytest -n 0 -q -rP tests/loop

# Every page in both themes, sizes and languages: prints what is cut off, wraps or is small; one picture of each is kept.
gallery: setup browser
	$(PY) -m pytest -n 0 -q -s tests/browser/gallery.py

# Libraries against known holes, by a public service. Exit code 1: a hole; 2: not run, which is no pass.
audit: setup
	@$(PY) -m tests.audit

lock: setup
	.venv/bin/uv pip compile --universal --generate-hashes --python-version 3.11 --no-header -q pyproject.toml --extra documents -o requirements/run.txt
	.venv/bin/uv pip compile --universal --generate-hashes --python-version 3.11 --no-header -q pyproject.toml --extra documents --group dev -o requirements/dev.txt
	.venv/bin/uv pip compile --universal --generate-hashes --python-version 3.11 --no-header -q requirements/patroni.in -o requirements/patroni.txt
