# Everything runs from one virtual environment, .venv, which `make env` builds; python3.11, git and make are enough.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.requirements
DEMO ?= build/demo
DEMO_DATABASE := instance/demo.sqlite3
DEMO_PORT ?= 8000
CATALOGUES := starrating/translations
POT := build/starrating.pot
SKIPPED := .* build instance tests docs migrations benchmarks tools
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONUTF8 := 1

# $(call step,NAME,COMMAND): says what is run, and what failed
step = @printf '== %s\n' '$(1)'; $(2) || { status=$$?; printf '== FAILED: %s (exit status %s)\n' '$(1)' $$status >&2; exit 1; }

.DEFAULT_GOAL := help
.PHONY: help env requirements demo demo-files browser test test-fast lint format bench translations clean

help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

env: $(STAMP) ## build .venv, or bring it up to date when requirements*.txt changed

$(STAMP): requirements.txt requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $(STAMP)

# What index serves the packages is pip's own configuration, and written into no file.
compile = $(BIN)/python -m piptools compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host $(RENEW)

requirements: $(STAMP) ## renew requirements*.txt from requirements*.in (RENEW=--upgrade for newer releases)
	$(call step,run time,$(compile) --output-file requirements.txt requirements.in)
	$(call step,development,$(compile) --output-file requirements-dev.txt requirements-dev.in)

# $(call demo_settings,FILE): the demonstration's settings; its key is made here and stays in instance/
demo_settings = STARRATING_ENV=production SECURE_COOKIES=0 SECRET_KEY="$$(cat instance/demo.key)" SIGNING_KEY_FILE=instance/demo-signing-key.pem PERSONAL_KEY_FILE=instance/demo-personal-keys.json PUBLIC_ADDRESS=http://127.0.0.1:$(DEMO_PORT) DATABASE_URL="sqlite:///$(CURDIR)/$(1)"

demo: $(STAMP) $(DEMO_DATABASE) ## Tianjin with three invented years (示例) in the browser: http://127.0.0.1:8000
	@printf '\n打开 http://127.0.0.1:%s ，不登录可以看 http://127.0.0.1:%s/public/ ；按 Ctrl+C 停止。\n' $(DEMO_PORT) $(DEMO_PORT)
	@printf '账号和一次性密码只在装入时显示一次；要重新装入，先删除 %s。\n\n' $(DEMO_DATABASE)
	@$(call demo_settings,$(DEMO_DATABASE)) $(BIN)/gunicorn --bind 127.0.0.1:$(DEMO_PORT) --workers 2 --threads 16 \
		--log-level warning wsgi:app

instance/demo.key: | $(STAMP)
	@mkdir -p instance
	@umask 077; $(BIN)/python -c 'import secrets; print(secrets.token_hex(32))' > $@

# Loaded beside and moved at the end: a load that was broken off leaves no half of a demonstration.
$(DEMO_DATABASE): | $(STAMP) instance/demo.key
	@rm -f instance/loading.sqlite3 instance/loading.sqlite3-wal instance/loading.sqlite3-shm
	@$(call demo_settings,instance/loading.sqlite3) $(BIN)/flask --app wsgi db upgrade 2>instance/upgrade.log \
		|| { cat instance/upgrade.log >&2; exit 1; }
	@$(call demo_settings,instance/loading.sqlite3) $(BIN)/flask --app wsgi demo
	@test ! -s instance/loading.sqlite3-wal
	@mv instance/loading.sqlite3 $@

demo-files: $(STAMP) ## rate the demonstration years into build/demo (DEMO=folder for another)
	@$(BIN)/python -m starrating.demo $(DEMO)
	@printf '\nThe files are in %s:\n' '$(DEMO)'
	@ls $(DEMO)

lint: $(STAMP) ## style, types, import contracts, security of the code
	$(call step,ruff check,$(BIN)/ruff check --quiet .)
	$(call step,ruff format,$(BIN)/ruff format --check --quiet .)
	$(call step,import contracts,$(BIN)/lint-imports)
	$(call step,mypy and bandit side by side,$(BIN)/bandit -q -ll -c pyproject.toml -r starrating & secure=$$!; \
		$(BIN)/mypy; typed=$$?; wait $$secure && test $$typed -eq 0)

browser: ## Chromium, which the tests of pages drive: from Debian's packages, where it is not there yet
	$(call step,chromium,command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq chromium >/dev/null; })

# What one process of the tests has compiled, the next one reads.
test test-fast: export PYTHONDONTWRITEBYTECODE :=

test: lint browser ## everything that must hold: lint, then all tests
	$(call step,pytest,$(BIN)/python -m pytest -n 2 --dist worksteal)
	@printf '== everything holds\n'

test-fast: $(STAMP) ## the quick tests only
	$(call step,ruff check,$(BIN)/ruff check --quiet .)
	$(call step,pytest,$(BIN)/python -m pytest -n 2 --dist worksteal -m 'not slow')

format: $(STAMP) ## put the code into the house's form
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

bench: $(STAMP) ## measure the command against the Polars floor (several minutes; BENCH=--quick for less)
	$(BIN)/python -m benchmarks.rate $(BENCH)

translations: $(STAMP) ## collect sentences of Python and templates into the catalogues and compile them
	@mkdir -p build
	$(BIN)/pybabel -q extract --mapping $(CATALOGUES)/extract.cfg --sort-by-file --no-wrap --add-location=file \
		-k _ -k _l -k gettext -k lazy_gettext -k translate --project starrating \
		--version "$$($(BIN)/python -c 'import starrating; print(starrating.__version__)')" \
		--copyright-holder 'the starrating developers' --ignore-dirs '$(SKIPPED)' -o $(POT) .
	$(BIN)/pybabel -q update --domain starrating --no-wrap --no-fuzzy-matching --ignore-pot-creation-date \
		--ignore-obsolete -i $(POT) -d $(CATALOGUES)
	$(BIN)/pybabel compile --domain starrating --statistics -d $(CATALOGUES)

clean: ## remove what was built, .venv too
	rm -rf build $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
