# Three commands are all there is to learn: make run, make test, make bench.
# (make check is what CI runs before the tests.)
SHELL := /bin/bash
BIN   := .tools/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Rosters are planned eight costs at a time where Go can (docs/decisions/0016).
export GOEXPERIMENT := $(shell GOEXPERIMENT=simd go version >/dev/null 2>&1 && echo simd)

ADDR ?= 127.0.0.1:8080
DATA ?= data

.PHONY: run test check bench web

run: web ## the demo county, with address and sign-ins
	@tools/font.sh >/dev/null || echo "no font could be fetched: archives are printed only if the system has one" >&2
	go run ./cmd/chuangwei demo -addr $(ADDR) -data $(DATA)

web: web/node_modules/.package-lock.json ## the screens, built into web/dist
	cd web && npm run --silent build

web/node_modules/.package-lock.json: web/package-lock.json
	@command -v go >/dev/null || { echo "Go is missing: https://go.dev/dl" >&2; exit 1; }
	@command -v npm >/dev/null || { echo "Node 20 or newer is missing: apt-get install nodejs npm" >&2; exit 1; }
	cd web && npm ci --no-audit --no-fund
	@touch $@

test: web ## everything that proves the product
	tools/test.sh

check: web/node_modules/.package-lock.json
	tools/check.sh

bench:
	bench/run.sh
