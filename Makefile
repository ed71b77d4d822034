# Everything a person or CI runs. `make help` lists it.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
STACK ?= dev
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
# Without its bytecode each run compiles the SDKs again and takes twice as long.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ line = sprintf("  %-16s", $$1); words = split($$2, word, " "); \
	  for (n = 1; n <= words; n++) { if (length(line " " word[n]) > 79) { print line; line = sprintf("%18s", "") } line = line " " word[n] } print line }'

$(READY): requirements.txt requirements-dev.txt constraints.txt policies/security/pyproject.toml policies/lifecycle/pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check uv
	@bash install.sh $(BIN) --quiet --python $(BIN)/python -r requirements-dev.txt -c constraints.txt
	@touch $(READY)

.PHONY: setup
setup: $(READY) ## Make .venv with everything (done by the other targets when needed)

.PHONY: lock
lock: ## Move constraints.txt, which fixes every version that is installed, to the newest that the requirements allow
	$(BIN)/uv pip compile --quiet --upgrade --universal --no-header --no-annotate --python $(BIN)/python \
	  --no-emit-package secure-aks-security --no-emit-package secure-aks-lifecycle requirements-dev.txt -o constraints.txt
	$(BIN)/uv pip compile --quiet --upgrade --universal --no-header --no-annotate --python $(BIN)/python web/requirements.txt -o web/constraints.txt

.PHONY: preview up refresh drift destroy outputs engine
preview: $(READY) ## Preview a stack in the lab, checked by both packs; without an engine what a first `up` creates (STACK=dev)
	@$(BIN)/python -m emulator preview --stack $(STACK) $(ARGS)
up: $(READY) ## Bring a stack up in the lab; builds the engine when it is needed (STACK=dev)
	@$(BIN)/python -m emulator up --yes --stack $(STACK) $(ARGS)
refresh: $(READY) ## Take over into the state what Azure has (STACK=dev)
	@$(BIN)/python -m emulator refresh --yes --stack $(STACK)
drift: $(READY) ## Show what was changed behind Pulumi's back; the next `up` after a refresh puts it back (STACK=dev)
	@$(BIN)/python -m emulator refresh --preview-only --stack $(STACK)
destroy: $(READY) ## Take a stack down again (STACK=dev)
	@$(BIN)/python -m emulator destroy --yes --stack $(STACK)
outputs: $(READY) ## Print a stack's outputs (STACK=dev, ARGS=kubeconfig for one of them, whole)
	@$(BIN)/python -m emulator outputs --stack $(STACK) $(ARGS)
engine: $(READY) ## Build the Pulumi CLI and its Kubernetes provider into .cache/ where PATH has none (once)
	@$(BIN)/python -m emulator engine

# Every pack of the project, always: a bare `pulumi up` is judged by none.
PACKS := $(foreach pack,$(wildcard policies/*/PulumiPolicy.yaml),--policy-pack $(patsubst %/,%,$(dir $(pack))))
# Pulumi's CLI does not look whether what it writes arrives: a full disk would end it with 0.
THROUGH := $(BIN)/python -m emulator.engine.passed_on
LOGGED_IN = $(BIN)/python -m cli.azure_login $(STACK)
UNJUDGED = $(if $(PACKS),,echo "no policy pack judges this: policies/ has none (--policy-pack names one)" >&2;)
.PHONY: azure-preview azure-up
azure-preview: $(READY) ## Preview a stack on Azure, judged by both packs (STACK=dev, ARGS="--diff")
	@$(UNJUDGED) $(LOGGED_IN) && $(THROUGH) pulumi preview --stack $(STACK) --suppress-outputs $(PACKS) $(ARGS)
azure-up: $(READY) ## Bring a stack up on Azure, judged by both packs (STACK=dev)
	@$(UNJUDGED) $(LOGGED_IN) && $(THROUGH) pulumi up --stack $(STACK) --suppress-outputs $(PACKS) $(ARGS)
	@echo "outputs: pulumi stack output --stack $(STACK)"
	@echo "kubeconfig: pulumi stack output kubeconfig --show-secrets --stack $(STACK)"

.PHONY: settings access explain windows
settings: $(READY) ## Print the effective stack file, with where each key was said (STACK=dev)
	@$(BIN)/python -m settings effective --stack $(STACK)
access: $(READY) ## Print who may do what (STACK=dev)
	@$(BIN)/python -m components.access --stack $(STACK)
windows: $(READY) ## Print the next eight weeks of maintenance windows and reboots (all stacks; ARGS="--stack prod")
	@$(BIN)/python -m upgrades windows $(ARGS)
explain: $(READY) ## Explain a rule or code that anything here prints (RULE=pod-privileged, PDB001, prod-zones; without RULE, all)
	@$(BIN)/python -m cli explain $(RULE)

.PHONY: control-plane
control-plane: $(READY) ## Build the Kubernetes control plane for tests into .cache/ (once)
	@$(BIN)/python -m emulator.control_plane build

SITE := .cache/site
$(SITE)/.ready: web/requirements.txt web/constraints.txt $(READY)
	@$(PYTHON) -m venv --clear $(SITE)/venv
	@bash install.sh $(BIN) --quiet --python $(SITE)/venv/bin/python -r web/requirements.txt -c web/constraints.txt
	@touch $@

.PHONY: site pictures
site: $(SITE)/.ready ## Build the site from docs/ into .cache/site/html, by tools in an environment of their own
	@NO_MKDOCS_2_WARNING=1 $(SITE)/venv/bin/mkdocs --quiet build --strict --config-file web/mkdocs.yml --site-dir ../$(SITE)/html
	@echo $(SITE)/html/index.html
pictures: $(READY) engine ## Walk docs/tour.md in the lab, and draw the landing page's pictures of what it printed
	@$(BIN)/python -m tests.tour

.PHONY: system-packages
system-packages: ## Install the Debian packages that some tests need (done by `make test`)
	@bash tests/system-packages.sh

.PHONY: lint format
lint: $(READY) ## Ruff and the strict type checker
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright
format: $(READY) ## Rewrite the files as ruff likes them
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: test pytest
test: $(READY) system-packages engine control-plane ## Everything that CI runs; sets itself up on a fresh machine
	@# Lint, types and the site are of one process each: they go beside the tests, and are told after them.
	@mkdir -p .cache; $(MAKE) --no-print-directory lint site >.cache/beside.log 2>&1 & beside=$$!; \
	$(MAKE) --no-print-directory pytest; tested=$$?; wait $$beside; linted=$$?; \
	cat .cache/beside.log; exit $$((tested | linted))
pytest: $(READY) ## The tests alone (ARGS="tests/settings -k zones")
	$(BIN)/pytest -n 3 --dist loadscope --no-loadscope-reorder --durations 15 --durations-min 5 $(ARGS)

.PHONY: soak
soak: $(READY) engine control-plane ## The tests that take long and find little, which CI runs by schedule (minutes)
	@$(MAKE) pytest ARGS="-m soak $(ARGS)"

.PHONY: fuzz
fuzz: $(READY) ## Read 10,000 stack files made wrong at random (ARGS="--files 500 --seed 7"; minutes)
	@$(BIN)/python -m tests.settings.fuzz $(ARGS)

.PHONY: mutated
mutated: $(READY) control-plane ## Ask the security pack and a real API server about 10,000 mutated objects (ARGS="--count 500 --seed 7"; minutes)
	@$(BIN)/python -m tests.security.mutated $(ARGS)

.PHONY: bench
bench: $(READY) ## Measure; docs/performance.md has the figures (minutes)
	@$(BIN)/python -m bench

.PHONY: clean
clean: ## Remove what the other targets made, .venv and caches included
	rm -rf .venv .cache .emulator .pytest_cache .ruff_cache .hypothesis
