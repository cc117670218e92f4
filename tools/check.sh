#!/usr/bin/env bash
# Format, vet, staticcheck, types of the web; known vulnerabilities where their
# databases can be reached. Order, docs and sizes are Go tests in internal/.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p .tools/bin
tool() { # tool NAME MODULE@VERSION
  [ -x ".tools/bin/$1" ] || GOBIN="$PWD/.tools/bin" go install "$2"
}

echo "== gofmt"
bad=$(git ls-files '*.go' | xargs gofmt -l)
[ -z "$bad" ] || { echo "not formatted: $bad" >&2; exit 1; }
echo "== vet"
go vet ./...
echo "== staticcheck"
tool staticcheck honnef.co/go/tools/cmd/staticcheck@v0.8.2
.tools/bin/staticcheck ./...
echo "== builds without a C compiler"
CGO_ENABLED=0 go build -o /dev/null ./cmd/chuangwei
echo "== order, docs, sizes"
go test ./internal -count=1
echo "== types of the web"
(cd web && npm run --silent check)
echo "== known vulnerabilities"
if tool govulncheck golang.org/x/vuln/cmd/govulncheck@latest 2>/dev/null && out=$(timeout 120 .tools/bin/govulncheck ./... 2>&1); then
  echo "$out" | tail -3
elif grep -q "Vulnerability #" <<<"${out:-}"; then
  echo "$out"; exit 1
else
  echo "NOT CHECKED govulncheck: its database cannot be reached from here"
fi
if ! audit=$(cd web && npm audit --omit=dev --audit-level=high 2>&1); then
  if grep -qiE "severity: (high|critical)" <<<"$audit"; then echo "$audit"; exit 1; fi
  echo "NOT CHECKED npm audit: its database cannot be reached from here"
fi
