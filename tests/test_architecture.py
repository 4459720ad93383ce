"""The direction of imports, and what loads when."""

import ast
import graphlib
import subprocess
import sys

import pytest

BASE = {"actors", "codebook", "config", "errors", "files", "names", "records", "study", "tables", "tabular"}
STAGES = {"ingest", "turns", "segment", "attribute", "encode", "classify", "profiles", "trends", "gaps", "report"}
HEAVY = {
    "torch",
    "sentence_transformers",
    "spacy",
    "sklearn",
    "matplotlib",
    "pandas",
    "numpy",
    "scipy",
    "transformers",
    "pyarrow",
}


@pytest.fixture(scope="module")
def imports(root):
    """What each module of the package imports of the package, at the top or anywhere."""
    package = root / "pipeline" / "rolecoder"
    found = {}
    for path in sorted(package.rglob("*.py")):
        name = ".".join(path.relative_to(package).with_suffix("").parts).removesuffix(".__init__")
        found[name] = imported(path.read_text(encoding="utf-8"))
    return found


def imported(source):
    """The modules of the package that a source imports, however it writes that."""
    whole = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            whole |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "rolecoder":
            whole |= {f"rolecoder.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            whole.add(node.module or "")
    return {name.removeprefix("rolecoder.") for name in whole if name.startswith("rolecoder.")}


def test_imports_are_seen_in_each_of_their_forms():
    source = "import rolecoder.run as r, json\nfrom rolecoder import gaps\nfrom rolecoder.cli.app import main\n"
    assert imported(source) == {"run", "gaps", "cli.app"}


def test_stages_never_import_each_other(imports):
    crossings = {
        (name, target)
        for name, targets in imports.items()
        for target in targets
        if name.split(".")[0] in STAGES
        and target.split(".")[0] in STAGES
        and name.split(".")[0] != target.split(".")[0]
    }
    assert crossings == set()


def test_the_base_imports_nothing_but_the_base(imports):
    outside = {
        (name, target)
        for name, targets in imports.items()
        for target in targets
        if name.split(".")[0] in BASE and target.split(".")[0] not in BASE
    }
    assert outside <= {("tabular.workbook", "readers.archive")}  # a workbook is an archive, which may swell


def test_no_modules_import_each_other_in_a_circle(imports):
    rooms = {name for name in imports if not any(other.startswith(f"{name}.") for other in imports)}  # and no folders
    order = graphlib.TopologicalSorter({name: imports[name] & rooms for name in rooms})
    assert len(list(order.static_order())) == len(rooms)  # else a CycleError names the circle


def test_only_the_command_line_imports_run_and_nothing_imports_the_command_line(imports):
    for module, may in (("run", {"cli"}), ("runfolder", {"cli", "run", "gather"})):
        assert {name.split(".")[0] for name, targets in imports.items() if module in targets} <= may
    assert {
        name
        for name, targets in imports.items()
        if any(t.startswith("cli") for t in targets) and not name.startswith("cli")
    } == set()


def test_no_module_is_longer_than_350_lines_or_named_as_the_standard_library(root):
    for path in (root / "pipeline" / "rolecoder").rglob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 350, path
        assert path.stem == "__init__" or path.stem not in sys.stdlib_module_names, path


@pytest.mark.parametrize("start", ["import rolecoder", "from rolecoder.cli.app import app"])
def test_importing_the_package_or_its_commands_loads_no_heavy_library(start):
    code = f"{start}; import sys; print(sorted({HEAVY!r} & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
