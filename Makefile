# Every target that a person calls has a `## ` comment: `make help` prints them.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

sources := $(shell find src sandbox -name '*.ts')

.PHONY: help
help: ## Print this list
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | while IFS=$$'\t' read -r target text; do \
	  printf '  make %-10s %s\n' "$$target" "$$text"; done

.PHONY: build
build: dist/caisson.mjs ## Bundle both sides into dist/

.PHONY: check
check: node_modules/.package-lock.json ## Format, lint, types, unit tests: what every commit must pass; needs no engine
	@node test/tiers.mjs format types unit

.PHONY: test
test: dist/caisson.mjs ## Run every tier of tests that this machine can run
	@node test/tiers.mjs

.PHONY: demo
demo: ## Build examples/debian, boot it, and print what happened
	@test/host/demo

.PHONY: bench
bench: dist/caisson.mjs ## Measure against mkosi and mmdebstrap (this as root, on Debian)
	@node test/bench/bench.mjs

.PHONY: generate
generate: node_modules/.package-lock.json ## Write docs/ anew from the tables of settings, verbs and options
	@node generate.mjs

.PHONY: format
format: node_modules/.package-lock.json ## Rewrite all sources in the one format
	@biome check --write .

.PHONY: clean
clean: ## Remove what was built here; engine storage stays (see `caisson clean`)
	@rm -rf dist node_modules/.cache examples/*/mkosi.output

dist/caisson.mjs: node_modules/.package-lock.json esbuild.config.mjs $(sources)
	@node esbuild.config.mjs

# npm writes this file last; older than the lock means that the modules are stale. No dependency needs an install
# script, and npm 11 would ask before it runs one.
node_modules/.package-lock.json: package-lock.json
	@test/host/node
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
