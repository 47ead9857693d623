#!/bin/sh
# The journeys need a browser; Debian's. As root we install it, else we say the one line to type.
set -eu
command -v chromium >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq >/dev/null && apt-get install -y -qq -o DPkg::Lock::Timeout=300 chromium >/dev/null && exit 0
fi
printf '%s\n' "The journeys need a browser: type 'apt-get install chromium' and run this again." >&2
exit 2
