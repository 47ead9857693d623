#!/bin/sh
# The tests go through a pooler in transaction mode; Debian's. As root we install it, else we say the one line to type.
set -eu
command -v pgbouncer >/dev/null 2>&1 && exit 0
[ -x /usr/sbin/pgbouncer ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq >/dev/null && apt-get install -y -qq -o DPkg::Lock::Timeout=300 pgbouncer >/dev/null && exit 0
fi
printf '%s\n' "The tests go through a pooler: type 'apt-get install pgbouncer' and run this again." >&2
exit 2
