#!/usr/bin/env bash
# The benchmarks. Each is also a command of its own; this runs them at sizes
# that a machine of two cores does in about a quarter of an hour. None is a
# test: they print figures beside something measured in the same run.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf '\n== %s (%ss)\n' "$1" "$SECONDS"; }

say "pure parts, as Go benchmarks"
go test -run '^$' -bench . -benchmem -benchtime 1s ./internal/... | grep -v "no test files"

say "killed 200 times while four phones report (SQLite)"
CHUANGWEI_KILLS=${CHUANGWEI_KILLS:-200} go test ./cmd/chuangwei -run TestNothingAcknowledgedIsLostToKilling -count 1 -timeout 30m -v | grep -E "kills|ok|FAIL"

if pg=$(tools/postgres.sh); then
  say "the same on PostgreSQL, of which the program is killed"
  CHUANGWEI_TEST_PG=$pg CHUANGWEI_KILLS=${CHUANGWEI_KILLS:-200} go test ./cmd/chuangwei -run TestNothingAcknowledgedIsLostToKilling -count 1 -timeout 30m -v | grep -E "kills|ok|FAIL"
fi

say "fuzz: every target for ${CHUANGWEI_FUZZ:-10} s"
tools/fuzz.sh "${CHUANGWEI_FUZZ:-10}"

say "roster: cost beside its bound, first plan, repair (three seeds here; -seeds 10 -size prefecture by hand)"
go run ./bench/roster -seeds "${CHUANGWEI_SEEDS:-3}" -seconds 30

say "archive: 100,000 papers as one ZIP beside zip -0, and its memory"
export CHUANGWEI_FONT=${CHUANGWEI_FONT:-$(tools/font.sh || true)}
go run ./bench/archive -files "${CHUANGWEI_PAPERS:-100000}"
say "shifts: public staff-rostering instances, 20 s each (the full table: go run ./bench/shifts -seconds 300 -seeds 5)"
if [ -d ../shared/benchmarks/staff-rostering ]; then
  go run ./bench/shifts -instances 1,2,4,7,10 -seconds 20
else
  echo "SKIPPED: ../shared/benchmarks/staff-rostering is not there"
fi

say "load: this program beside PocketBase, same payload, synchronous=FULL"
mkdir -p .tools
[ -f web/dist/desk/index.html ] || make web
CGO_ENABLED=0 go build -o .tools/chuangwei ./cmd/chuangwei
(cd bench/pocketbase && CGO_ENABLED=0 go build -o ../../.tools/pocketbase .)
engines=sqlite
if pg=$(tools/postgres.sh); then engines=sqlite,postgres; else pg=; echo "SKIPPED PostgreSQL: not installed"; fi
go run ./bench/load -peer .tools/pocketbase -engines "$engines" -postgres "$pg" -sizes "${CHUANGWEI_SIZES:-10000,200000}" "$@"
