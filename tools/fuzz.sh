#!/usr/bin/env bash
# Runs every fuzz target there is, one after another on one worker:
#   tools/fuzz.sh [SECONDS each, 60] [PATTERN of package/Target, all]
# KEEP=20 adds the smallest inputs that reached new code (at most so many a
# target, of less than 20 KB) to its corpus under testdata/fuzz, where every
# ordinary test run tries them again. What crashes is written there by Go.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60} pattern=${2:-.}
found=$(go env GOCACHE)/fuzz/$(go list -m)

keep() { # PACKAGE TARGET
  local to=$1/testdata/fuzz/$2 have
  [ -d "$found/$1/$2" ] || return 0
  mkdir -p "$to"
  have=$(find "$to" -type f | wc -l)
  find "$found/$1/$2" -type f -size -20k -printf '%s %p\n' | sort -n | awk -v n=$((KEEP - have)) 'NR <= n { print $2 }' | xargs -r cp -n -t "$to"
}

failed=0
while IFS=: read -r file name; do
  package=$(dirname "$file") name=${name#func }
  grep -qE "$pattern" <<<"$package/$name" || continue
  echo "== $package $name"
  go test "./$package" -run '^$' -fuzz "^$name\$" -fuzztime "${seconds}s" -fuzzminimizetime 10s -parallel 1 </dev/null | tail -n 2 || failed=1
  [ "${KEEP:-0}" -eq 0 ] || keep "$package" "$name"
done < <(grep -roE '^func Fuzz\w+' --include='*_test.go' internal cmd | sort)
exit $failed
