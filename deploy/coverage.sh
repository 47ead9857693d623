#!/bin/sh
# Branch coverage of workflows/, permissions/ and casework/ by the tests, which is not to fall; COVERED names fewer tests, and
# then it is printed and not compared. What processes of their own run, such as the worker's, is not measured.
set -eu
# Percentages that tests/workflows, tests/permissions, tests/oracle and a part of tests/casework and tests/policy reach by themselves:
# raise them to what a run of all tests prints.
WORKFLOWS=92.4 PERMISSIONS=72.6 CASEWORK=43.8
said=build/coverage.json

rm -f "$said"
# shellcheck disable=SC2086 # words of a list
COVERAGE_FILE=build/coverage .venv/bin/python -m pytest ${COVERED:-} --cov=workflows --cov=permissions --cov=casework \
  --cov-branch "--cov-report=json:$said"
.venv/bin/python - "$said" "${COVERED:-}" "workflows=$WORKFLOWS" "permissions=$PERMISSIONS" "casework=$CASEWORK" <<'PYTHON'
import json, sys
said, chosen, *floors = sys.argv[1:]
files = {path: row["summary"] for path, row in json.load(open(said))["files"].items() if "/migrations/" not in path}
fell = False
for floor in floors:
    room, least = floor.split("=")
    rows = [row for path, row in files.items() if path.startswith(f"{room}/")]
    covered, total = (sum(row[name] for row in rows) for name in ("covered_branches", "num_branches"))
    share = 100 * covered / total
    fell = fell or share < float(least)
    print(f"{room:12} {covered:5} of {total:5} branches, {share:.1f} %; at least {least} %")
sys.exit(fell and not chosen)
PYTHON
