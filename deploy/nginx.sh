#!/bin/sh
# The tests go through the proxy that is shipped; Debian's. As root we install it, else we say the one line to type.
set -eu
command -v nginx >/dev/null 2>&1 && exit 0
[ -x /usr/sbin/nginx ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  # At the runlevel of maintenance nothing is started: the tests start one of their own, on a free port.
  apt-get update -qq >/dev/null &&
    RUNLEVEL=1 apt-get install -y -qq -o DPkg::Lock::Timeout=300 --no-install-recommends nginx >/dev/null && exit 0
fi
printf '%s\n' "The tests go through a proxy: type 'apt-get install nginx' and run this again." >&2
exit 2
