#!/usr/bin/env bash
# The benchmarks of what exists so far: Go benchmarks of the pure parts. Load
# and solver benchmarks get their own commands here as they come.
set -euo pipefail
cd "$(dirname "$0")/.."
go test -run '^$' -bench . -benchmem -benchtime 1s ./internal/...
