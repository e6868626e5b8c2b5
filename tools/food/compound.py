"""What every rule and table of the food compounds shares: the row, molecular formulas by counting, and how a table is read."""
import collections
import pathlib
import re
import typing

TABLES = pathlib.Path(__file__).parent / "tables"

LIPIDS = "Lipids and lipid-like molecules"
ACIDS = "Organic acids and derivatives"
BENZENOIDS = "Benzenoids"
PHENYLPROPANOIDS = "Phenylpropanoids and polyketides"
HETEROCYCLES = "Organoheterocyclic compounds"
OXYGEN = "Organooxygen compounds"
SULFUR = "Organosulfur compounds"
NUCLEOSIDES = "Nucleosides, nucleotides, and analogues"
HYDROCARBONS = "Hydrocarbons"


class Compound(typing.NamedTuple):
    name: str
    smiles: str
    superclass: str
    family: str
    flavor: str         # labels joined by ';'; empty where none is generally known
    formula: str        # in Hill order, with a '+' at the end of a cation; of a rule counted from the parts, of a table from memory


def count(formula):
    """C2H6O as a Counter of atoms; a positive charge counts as an atom '+'."""
    atoms = collections.Counter()
    for element, number in re.findall(r"([A-Z][a-z]?|\+)(\d*)", formula):
        atoms[element] += int(number or 1)
    return atoms


def formula(*parts, minus=()):
    """The formula of parts put together less what leaves (a list of water, say), in Hill order."""
    atoms = collections.Counter()
    for part in parts:
        atoms.update(count(part))
    for part in minus:
        atoms.subtract(count(part))
    hill = sorted(atoms, key=lambda element: (element == "+", {"C": 0, "H": 1}.get(element, 2), element))
    return "".join(element + (str(atoms[element]) if atoms[element] > 1 else "") for element in hill if atoms[element] > 0)


def table(name):
    """The rows of tables/NAME.txt as lists of fields, each with its section's fields: "[a] b | c" opens the section (a, b, c)."""
    section = ()
    for line in (TABLES / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            family, rest = line[1:].split("] ", 1)
            section = (family, *(field.strip() for field in rest.split(" | ")))
        elif line and not line.startswith("#"):
            yield section, [field.strip() for field in line.split("|")]


def renumbered(smiles):
    """The same SMILES with the lowest free digit at every ring, so that a digit does not tell which rule wrote the ring."""
    digits, free, closed, text = {}, list("123456789"), [], ""
    for token in re.findall(r"\[[^]]*]|[A-Za-z]|.", smiles):
        if not token.isdigit():
            if token[0] == "[" or token.isalpha():      # the next atom: digits that the last one closed may be taken again
                free, closed = sorted(free + closed), []
            text += token
        elif token in digits:
            text += digits[token]
            closed.append(digits.pop(token))
        else:
            digits[token] = free.pop(0)
            text += digits[token]
    return text
