#!/bin/sh
# Makes .venv from uv.lock and the front-end files from web/assets/package-lock.json; does nothing when both stand.
set -eu
mkdir -p .setup build/collected
fail() { printf '%s\n' "$1" >&2; exit 2; }

PYTHON=""
for candidate in ${PYTHON3:-} python3.11 /usr/bin/python3.11 python3; do
  if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
    PYTHON=$(command -v "$candidate"); break
  fi
done
[ -n "$PYTHON" ] || fail "Python 3.11 was not found: type 'apt-get install python3.11' and run this again."

stamp=$(cat uv.lock pyproject.toml | sha256sum | cut -d' ' -f1)
if [ ! -x .venv/bin/python ] || [ "$(cat .setup/python 2>/dev/null || true)" != "$stamp" ]; then
  if [ ! -x .setup/uv/bin/uv ]; then
    if "$PYTHON" -c 'import ensurepip' 2>/dev/null; then
      "$PYTHON" -m venv .setup/uv || fail "A virtual environment could not be made: type 'apt-get install python3-venv' and run this again."
      .setup/uv/bin/python -m pip install --quiet --disable-pip-version-check 'uv==0.13.9' || fail "uv could not be installed: is the package registry reachable?"
    elif "$PYTHON" -m pip --version >/dev/null 2>&1; then
      "$PYTHON" -m venv --without-pip .setup/uv
      "$PYTHON" -m pip install --quiet --disable-pip-version-check --target .setup/uv/lib/python3.11/site-packages 'uv==0.13.9' || fail "uv could not be installed: is the package registry reachable?"
      ln -sf ../lib/python3.11/site-packages/bin/uv .setup/uv/bin/uv
    else
      fail "This Python can make no virtual environment: type 'apt-get install python3-venv' and run this again."
    fi
  fi
  .setup/uv/bin/uv sync --quiet --frozen --no-progress --python "$PYTHON" || fail "The locked dependencies could not be installed: is the package registry reachable?"
  printf '%s' "$stamp" > .setup/python
fi

stamp=$(cat web/assets/package-lock.json web/assets/base.scss | sha256sum | cut -d' ' -f1)
if [ ! -f build/assets/web/base.css ] || [ "$(cat .setup/assets 2>/dev/null || true)" != "$stamp" ]; then
  sh deploy/assets.sh || fail "The front-end files could not be built: is the npm registry reachable?"
  printf '%s' "$stamp" > .setup/assets
fi

for source in web/locale/*/LC_MESSAGES/django.po; do
  if [ ! -f "${source%.po}.mo" ] || [ "$source" -nt "${source%.po}.mo" ]; then
    .venv/bin/python deploy/messages.py
    break
  fi
done
