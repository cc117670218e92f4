#!/usr/bin/env bash
# Starts a throw-away PostgreSQL for tests on a loopback port and prints its
# address; `postgres.sh stop` ends it. Data lives under .tools/pg.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
dir=/tmp/chuangwei-pg-$(id -u)-${CHUANGWEI_PG_PORT:-54329}
port=${CHUANGWEI_PG_PORT:-54329}
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -n "$bin" ] || { echo "PostgreSQL is not installed: apt-get install postgresql" >&2; exit 3; }
as() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi; }
if [ "${1:-start}" = stop ]; then as "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true; exit 0; fi
mkdir -p "$dir"; [ "$(id -u)" != 0 ] || chown postgres "$dir"
cd "$dir"
[ -f "$dir/data/PG_VERSION" ] || as "$bin/initdb" -D "$dir/data" -U chuangwei --auth=trust -E UTF8 --locale=C.UTF-8 >"$dir/initdb.log" 2>&1
if ! as "$bin/pg_ctl" -D "$dir/data" status >/dev/null 2>&1; then
  as "$bin/pg_ctl" -D "$dir/data" -w -l "$dir/log" -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$dir -c max_connections=300 -c max_locks_per_transaction=256" start >/dev/null
fi
echo "postgres://chuangwei@127.0.0.1:$port/postgres?sslmode=disable"
