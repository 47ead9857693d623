#!/bin/sh
# Branch coverage (100 %) and mutation score (95 % or better) of the pure modules of permissions/, by their own tests.
set -eu
LEAST=95
PURE="permissions/bases.py,permissions/decision.py,permissions/explaining.py,permissions/grid.py,permissions/matrix.py,permissions/questions.py,permissions/reasons.py,permissions/vocabulary.py"
TESTS="tests/permissions/test_bases.py tests/permissions/test_deciding.py tests/permissions/test_explaining.py
  tests/workflows/test_law_words.py tests/oracle/test_decisions.py tests/oracle/test_questions.py"
export SCHAKEL_TEST_ADMIN_URL=postgresql://none@/none DECISIONS=2000 # these tests use no database

.setup/uv/bin/uv sync --quiet --frozen --no-progress --group mutation --python .venv/bin/python
# shellcheck disable=SC2086 # words of a list
.venv/bin/python -m coverage run --include="$PURE" -m pytest -n 0 -q $TESTS
.venv/bin/python -m coverage report --show-missing --fail-under=100

rm -rf build/mutate
mkdir -p build/mutate
cp -R audit casework config docs permissions tests web workflows manage.py pyproject.toml build/mutate
python=$PWD/.venv/bin/python
cd build/mutate
"$python" -m mutmut run > ../mutate.log 2>&1 || { tail -c 2000 ../mutate.log; exit 1; }
"$python" -m mutmut export-cicd-stats > /dev/null
"$python" - "$LEAST" <<'PYTHON'
import json, sys
found = json.load(open("mutants/mutmut-cicd-stats.json"))
noticed = found["killed"] + found["timeout"]
score = 100 * noticed / found["total"]
print(f"noticed {noticed} of {found['total']} mutants: {score:.1f} %")
sys.exit(score < float(sys.argv[1]))
PYTHON
