"""The house's rules about source text, as functions from text to the lines that break them."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "starrating"

FLOAT_NAMES = {"float16", "float32", "float64", "float128", "longdouble", "double", "floating", "Float32", "Float64"}
FLOAT_FUNCTIONS = {
    "mean", "average", "median", "std", "var", "divide", "true_divide", "sqrt", "cbrt", "log", "log2", "log10", "log1p",
    "exp", "expm1", "power", "float_power", "linspace", "percentile", "quantile", "interp", "round", "around", "nan",
    "inf", "genfromtxt", "loadtxt",
}  # fmt: skip
EXACT_MATH = {"gcd", "lcm", "isqrt", "prod", "comb", "perm", "factorial", "ceil", "floor"}
REPORTS = {"SchemeFault", "InputFault", "FileFault", "RuleError", "refuse"}
FLOAT_BY_DEFAULT = {"zeros", "ones", "empty"}


def modules(*packages: str) -> list[Path]:
    """Every Python module of the package, or of those subpackages."""
    places = [PACKAGE / name for name in packages] or [PACKAGE]
    return sorted(path for place in places for path in place.rglob("*.py"))


def floats_in(text: str) -> list[str]:
    """Where source text brings a binary float into being, as `line: what`."""
    tree = ast.parse(text)
    checks = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _called(node) == "isinstance"]
    looked_at = {id(inner) for check in checks for argument in check.args[1:] for inner in ast.walk(argument)}
    found = [(node, _float(node)) for node in ast.walk(tree) if id(node) not in looked_at]
    return [f"{getattr(node, 'lineno', 0)}: {what}" for node, what in found if what]


def _float(node: ast.AST) -> str | None:
    """What is binary about a node: a literal, a type, a function, an array made without a type, `/=`."""
    match node:
        case ast.Constant(value=float() | complex() as value):
            return f"literal {value}"
        case ast.Name(id="float" | "complex" as name):
            return name
        case ast.Attribute(value=ast.Name(id="np" | "numpy" | "pl" | "pa" | "pc"), attr=name):
            return name if name in FLOAT_NAMES | FLOAT_FUNCTIONS else None
        case ast.Attribute(value=ast.Name(id="math"), attr=name):
            return None if name in EXACT_MATH else f"math.{name}"
        case ast.ImportFrom(module="math", names=names):
            return ", ".join(alias.name for alias in names if alias.name not in EXACT_MATH) or None
        case ast.ImportFrom(module="numpy", names=names):
            return ", ".join(alias.name for alias in names if alias.name in FLOAT_NAMES | FLOAT_FUNCTIONS) or None
        case ast.Constant(value=str() as name) if name in FLOAT_NAMES:
            return repr(name)
        case ast.AugAssign(op=ast.Div()):
            return "/="
        case ast.Call():
            return _float_call(node)
    return None


def _float_call(node: ast.Call) -> str | None:
    name = _called(node)
    if name == "round" and isinstance(node.func, ast.Name):
        return "round()"
    array = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") in ("np", "numpy")
    if array and name in FLOAT_BY_DEFAULT and len(node.args) < 2 and not any(k.arg == "dtype" for k in node.keywords):
        return f"np.{name} without a dtype is binary"
    return None


def _called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def fault_codes_in(text: str) -> set[str]:
    """The codes of faults that source text reports, where they are written out."""
    calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    first = (call.args[0] for call in calls if call.args and _called(call).lstrip("_") in REPORTS)
    return {code.value for code in first if isinstance(code, ast.Constant) and isinstance(code.value, str)}


def functions_in(text: str) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, int]]:
    """Every function and its number of lines, the docstring aside."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node, _lines(node)


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def public_without_docstring(text: str) -> list[str]:
    """Public functions and classes at the top of a module, and public methods of public classes, that say nothing."""
    silent = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            silent += [] if ast.get_docstring(node) else [f"{node.lineno}: {node.name}"]
    return silent


def strings_in(text: str) -> list[tuple[int, str]]:
    """Every piece of text in the source that is not a docstring, with its line."""
    tree = ast.parse(text)
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]
