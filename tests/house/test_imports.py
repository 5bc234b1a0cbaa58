"""The rules load alone: importing them needs the standard library and NumPy, nothing else."""

import subprocess
import sys

from tests.house.source import ROOT

LOAD_ALONE = """
import sys

ALLOWED = {"numpy", "starrating"}
BLOCKED = {"flask", "sqlalchemy", "yaml", "matplotlib", "polars", "pyarrow", "tqdm", "pandas", "babel"}

class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in BLOCKED:
            raise ModuleNotFoundError(f"{name} is behind the wall", name=name)

sys.meta_path.insert(0, Wall())
before = set(sys.modules)
try:
    import yaml
except ModuleNotFoundError:
    pass
else:
    sys.exit("the wall has a hole")
import starrating.domain.rating

loaded = {name.partition(".")[0] for name in set(sys.modules) - before}
foreign = sorted(loaded - ALLOWED - set(sys.stdlib_module_names))
sys.exit(f"loaded beside NumPy: {foreign}" if foreign else 0)
"""


def python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_rules_load_with_everything_else_blocked() -> None:
    result = python(LOAD_ALONE)
    assert (result.returncode, result.stderr) == (0, "")


def test_the_version_loads_nothing() -> None:
    result = python("import sys, starrating; sys.exit('numpy' in sys.modules or 'flask' in sys.modules)")
    assert (result.returncode, result.stderr) == (0, "")
