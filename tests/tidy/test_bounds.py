"""No list is cut without a word: a bound reads one more than it shows, or stands here with its reason."""

import ast
import re

from tests.tidy.test_tidy import CODE, ROOT

BOUNDS = {
    ("casework/oversight/workbench.py", "said.get('things', ())[:NAMED]"): "the page says how many more there are",
    ("casework/oversight/workbench.py", "kind.order_by('drawn')[:row.size]"): "a sample of the size that was asked for",
    ("casework/oversight/workbench.py", "sorted(drawn, key=lambda entry: entry.drawn)[:row.size]"): "as above",
    (
        "casework/selectors/searching.py",
        "rows.exclude(called=None).order_by('-made_at', 'id')[:most]",
    ): "the caller asks one more than it shows",
    ("casework/selectors/searching.py", "mine.filter(reference=typed)[:most]"): "the caller asks one more than it shows",
    (
        "casework/oversight/access_log.py",
        "kind.order_by('-occurred_at', '-id')[:most]",
    ): "the caller asks one more than it shows",
    (
        "casework/oversight/access_log.py",
        "sorted(found, key=lambda entry: (entry.occurred_at, entry.pk), reverse=True)[:most]",
    ): "as above",
    ("casework/oversight/workbench.py", "row[:13]"): "the columns of a row, not a list",
    (
        "casework/selectors/cases.py",
        "Participation.objects.filter(group_id=agency_id or 0).order_by('-moved_at', 'content_object_id')[:OFFERED]",
    ): "offered while one types: any other case is named by its reference, and the field says so",
    ("config/environment.py", "hashlib.sha256(str(data).encode()).hexdigest()[:16]"): "a part of a hash",
    ("config/database.py", "digest.hexdigest()[:16]"): "a part of a hash",
    ("casework/input/dates.py", "(*(int(part) for part in text.split('-')), 0, 0)[:3]"): "year, month and day of one date",
    (
        "casework/input/dates.py",
        "day.isoformat()[:{Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10}[precision_of(day)]]",
    ): "a date as far as it is known",
    ("casework/input/dates.py", "text[:2]"): "the day of a date that was typed as six digits",
    (
        "casework/input/person_names.py",
        "f\"{' '.join(family)}|{' '.join(given)}\"[:109]",
    ): "a key that is compared, with the birth date whole behind it; the names stand whole in the record",
    (
        "casework/input/person_names.py",
        "f\"{' '.join(sorted(family))}|{(given[0] if given else '')}\"[:100]",
    ): "as above",
    ("casework/input/person_names.py", "word[:120]"): "as above, and no one word of a name is so long",
    ("casework/input/finders/blobs.py", "bare[:2]"): "the first letters of one word",
    ("casework/input/screening.py", "span[:60]"): "what was refused, shown back; the form keeps what was typed",
    ("casework/input/finders/blobs.py", "token[:4]"): "the country and check digits of one account number",
    (
        "casework/selectors/waiting_shape.py",
        "asked.within(rows, rank, has_term=until is not None)[:asked.most]",
    ): "the caller asks one more than it shows",
    ("audit/ed25519.py", "signature[:32]"): "the first half of a signature",
    (
        "audit/exporting.py",
        "tile(0, number)[:min(WIDTH, at.size - number * WIDTH) * 32]",
    ): "leaves up to where the exported log ends",
    ("audit/tree.py", "tile(level, number)[:place * 32]"): "what stood in a tile before",
    ("audit/verify.py", "decoded(text)[:4]"): "the id of a key",
    ("audit/verify.py", "line[:12]"): "the first word of a line, which is read on",
    ("audit/verify.py", "sha256(name.encode() + b'\\n' + bytes([kind]) + key).digest()[:4]"): "the id of a key",
    ("workflows/table.py", "header[:4]"): "the columns of a table, not a list",
    ("casework/input/addresses.py", "key[:LONGEST_KEY]"): "a key that is compared; the address stands whole in the record",
    ("casework/input/addresses.py", "written[:place]"): "the part of one word before its number",
}
"""The slices that bound without a "more", each with its reason. The list may only shrink."""
LONGEST = 34
FIXED = re.compile(r"\bLIMIT (?!1\b)(\w+)")
LIMITS = {
    ("casework/sql/due_work.sql", "500"): "what is due: the sweep looks again until there is nothing",
    ("audit/sql/positions.sql", "most"): "read in turn by who seals and exports",
    ("audit/sql/checkpoints.sql", "most"): "read in turn by who exports",
}
LISTS = ("casework", "web", "permissions", "config", "audit", "workflows")
OF_TEXT = re.compile(
    r"hexdigest\(\)|uuid4\(\)\.hex|\.hex\[|^words\[:(?:1|length)\]|isoformat\(\)\[:7\]|_key\[|sorted_|^refusals|^actions\[|^parts\[|^body"
)


def bounds():
    """Every slice from the start up to a bound that does not say whether there is more."""
    for path in CODE:
        if path.relative_to(ROOT).parts[0] not in LISTS or "migrations" in path.parts:
            continue
        tree = ast.parse(path.read_text())
        for scope in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]:
            ends = [node for node in ast.walk(scope) if isinstance(node, ast.Subscript) and is_bound(node.slice)]
            told = {upper(node)[:-4] for node in ends if upper(node).endswith(" + 1")} | counted(scope)
            for node in ends:
                if not upper(node).endswith(" + 1") and upper(node) not in told:
                    yield str(path.relative_to(ROOT)), ast.unparse(node)


def counted(scope):
    """What the length of something is compared with here: whether there is more."""
    compares = [node for node in ast.walk(scope) if isinstance(node, ast.Compare) and len(node.comparators) == 1]
    return {ast.unparse(node.comparators[0]) for node in compares if ast.unparse(node.left).startswith("len(")}


def is_bound(one):
    return isinstance(one, ast.Slice) and one.lower is None and one.upper is not None and one.step is None


def upper(node):
    return ast.unparse(node.slice.upper)


def is_first(source):
    """Whether it takes the first one, or all but the last."""
    return source.endswith(("[:1]", "[:-1]")) or re.search(r"\[:-\d+\]$", source)


def test_no_list_is_cut_without_a_word():
    found = {one for one in bounds() if not is_first(one[1]) and not OF_TEXT.search(one[1])}
    unknown = found - set(BOUNDS)
    assert not unknown, f"say whether there is more (read one more than is shown), or page by key: {sorted(unknown)}"


def test_no_query_of_the_keeper_is_cut_without_a_word():
    for path in [*CODE, *ROOT.glob("*/sql/*.sql")]:
        name = str(path.relative_to(ROOT))
        if "migrations" in path.parts:
            continue
        for found in FIXED.finditer(path.read_text()):
            assert (name, found[1]) in LIMITS, f"{name}: LIMIT {found[1]} says nothing of what it leaves out"


def test_the_list_of_bounds_only_shrinks():
    found = set(bounds())
    assert len(BOUNDS) + len(LIMITS) <= LONGEST
    assert all(len(reason) > 5 for reason in (*BOUNDS.values(), *LIMITS.values()))
    assert not set(BOUNDS) - found, "a bound that is gone leaves the list"
