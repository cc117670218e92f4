#!/usr/bin/env bash
# Installs versitygw, a small S3 server the blob tests run against, into
# .tools/bin unless it is there already, and prints its path.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
bin=$root/.tools/bin/versitygw
[ -x "$bin" ] || GOBIN=$root/.tools/bin go install github.com/versity/versitygw/cmd/versitygw@v1.8.0 >&2
echo "$bin"
