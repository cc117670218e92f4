#!/usr/bin/env bash
# Everything that proves the product: both engines, a real S3 server, the web's
# own tests, and the walks in a real Chromium. What cannot run here is named at
# the end with the reason.
set -euo pipefail
cd "$(dirname "$0")/.."
skipped=()
say() { printf '\n== %s (%ss)\n' "$1" "$SECONDS"; }

say "a real S3 server"
tools/versitygw.sh >/dev/null || skipped+=("photos on S3: versitygw could not be installed")

say "a font to print archives with"
tools/font.sh >/dev/null || skipped+=("printing of archives: no TrueType font with Chinese characters, and none could be fetched")

say "web: types, unit tests, size of the capture path"
(cd web && npm run --silent check && npm run --silent test && npm run --silent size)

say "Go on SQLite"
go test -timeout 10m ./...
GOEXPERIMENT= go test -timeout 10m ./internal/plan/solve/squads # one cost at a time, as on other processors

say "Go on PostgreSQL"
if pg=$(tools/postgres.sh); then
  # Only packages that keep something; histories of cases fewer than on SQLite, since each needs a schema of its own.
  keeps=$(go list -f '{{.ImportPath}} {{.TestImports}} {{.XTestImports}}' ./internal/... | grep dbtest | cut -d' ' -f1)
  CHUANGWEI_TEST_PG=$pg go test -timeout 15m -p 2 $(grep -v flow/cases <<<"$keeps")
  CHUANGWEI_TEST_PG=$pg go test -timeout 15m ./internal/flow/cases -rapid.checks=20
  CHUANGWEI_TEST_PG=$pg go test -timeout 5m ./cmd/chuangwei -run TestNothingAcknowledgedIsLostToKilling
  tools/postgres.sh stop
else
  skipped+=("PostgreSQL: not installed (apt-get install postgresql)")
fi

say "the walks in Chromium"
if [ -x "${CHROMIUM:-/usr/bin/chromium}" ]; then
  go build -o .tools/chuangwei ./cmd/chuangwei
  (cd web && npm run --silent e2e)
else
  skipped+=("browser walks: no Chromium at ${CHROMIUM:-/usr/bin/chromium} (apt-get install chromium)")
fi

say "done"
for s in "${skipped[@]:-}"; do [ -z "$s" ] || echo "SKIPPED $s"; done
[ -z "${CI:-}" ] || [ ${#skipped[@]} -eq 0 ] || { echo "in CI nothing may be skipped" >&2; exit 1; }
