#!/usr/bin/env python3
"""Writes examples/food_compounds.csv, the demo's food compounds, or checks it.

    python3 tools/food_compounds.py            writes the table; needs Python alone
    python3 tools/food_compounds.py --check    reads the table with RDKit and holds it against the rules (Debian's python3-rdkit)

Where the rows come from: general chemistry knowledge, written down for this project; none is taken from a data set. Well-known single
compounds stand in tools/food/tables/ as name | SMILES | molecular formula | flavor, a section a family; the rest follows from the
rules in tools/food/*.py (homologous series, esters, fatty acids and lipids, peptides, nucleosides, substituted ring systems).

Superclasses are those of ChemOnt, ClassyFire's tree (Y. Djoumbou Feunang et al., 2016), which FooDB uses, given family by family as
the section headers and rules say. Where ChemOnt parts with everyday use, ChemOnt decides: chlorogenic acid is an organooxygen
compound (quinic acids), tryptophan a heterocycle (indoles), eugenol a benzenoid, furfural a carbonyl compound, fatty alcohols begin
at six carbons. Three choices are ours, for a table that reads well: plant alkaloids stand together though ChemOnt lists nicotine's
kind under pyridines, sulphur-bearing aroma esters and aldehydes stand with the organosulfur compounds, and ionones with the terpenes.

One molecule a skeleton: of stereoisomers (glucose and galactose, oleic and elaidic acid) only one is in the table. Configuration is
written where the name implies it and the molecule is small.
"""
import argparse
import collections
import csv
import io
import pathlib
import sys

sys.dont_write_bytecode = True

from food import biomolecules, chains, esters, lipids, rings
from food.compound import Compound, renumbered, table
from food.sugars import GLUCOSYL

CSV = pathlib.Path(__file__).parent.parent / "examples" / "food_compounds.csv"
CURATED = ["terpenes", "lipids", "oxygen", "sulfur", "heterocycles", "aromatics", "acids", "nitrogen", "alkaloids", "nucleosides"]
MOLECULES = CSV.with_name("molecules.csv")         # written apart from this table: a name in both must be one molecule
MIN_ROWS, MIN_PER_SUPERCLASS = 800, 10

# R and S of some stereo centres and E and Z of some double bonds, sorted: a second memory beside the SMILES.
STEREO = {
    "L-alanine": "S", "L-valine": "S", "L-leucine": "S", "L-isoleucine": "SS", "L-proline": "S", "L-phenylalanine": "S", "L-tyrosine": "S",
    "L-tryptophan": "S", "L-serine": "S", "L-threonine": "RS", "L-cysteine": "R", "L-methionine": "S", "L-aspartic acid": "S",
    "L-glutamic acid": "S", "L-lysine": "S", "L-arginine": "S", "L-histidine": "S", "L-theanine": "S", "L-cystine": "RR", "alliin": "RS",
    "trans-4-hydroxy-L-proline": "RS", "L-pyroglutamic acid": "S", "aspartame": "SS", "glutathione": "RS", "carnosine": "S",
    "isoleucyl-prolyl-proline": "SSSS", "gamma-glutamyl-valyl-glycine": "SS",
    "D-glucose": "RRSS", "D-xylose": "RRS", "D-ribose": "RRS", "L-rhamnose": "RRRS", "D-fructose": "RRS", "sucrose": "RRRRSSSSS",
    "arbutin": "RRSSS", "(-)-epicatechin": "RR", "(-)-epigallocatechin gallate": "RR", "adenosine": "RRRS", "thymidine": "RRS",
    "ascorbic acid": "RS", "L-malic acid": "S", "L-tartaric acid": "RR", "(-)-menthol": "RRS", "(R)-carvone": "R", "pantothenic acid": "R",
    "L-carnitine": "R", "oleic acid": "Z", "linoleic acid": "ZZ", "alpha-linolenic acid": "ZZZ", "arachidonic acid": "ZZZZ", "rumenic acid": "EZ",
    "docosahexaenoic acid": "ZZZZZZ", "alpha-eleostearic acid": "EEZ", "ricinoleic acid": "RZ", "(2E,6Z)-2,6-nonadienal": "EZ",
    "(E)-2-hexenal": "E", "(2E,4E)-2,4-decadienal": "EE", "(Z)-3-hexen-1-ol": "Z", "geraniol": "E", "farnesol": "EE", "squalene": "EEEE",
    "beta-caryophyllene": "E", "cinnamaldehyde": "E", "caffeic acid": "E", "resveratrol": "E", "curcumin": "EE", "piperine": "EE",
    "capsaicin": "E", "triolein": "ZZZ", "ethyl (2E,4Z)-2,4-decadienoate": "EZ", "fumaric acid": "E", "cis-aconitic acid": "Z",
}


def curated():
    for name in CURATED:
        for (family, superclass), (compound, smiles, formula, flavor) in table(name):
            yield Compound(compound, smiles.replace("{Glc}", GLUCOSYL), superclass, family, flavor, formula)


def compounds():
    """Every row, a superclass after the other and in it a family after the other, each in the order in which they first come."""
    rows = [*curated(), *chains.compounds(), *esters.compounds(), *lipids.compounds(), *biomolecules.compounds(), *rings.compounds()]
    superclasses, families = (list(dict.fromkeys(key)) for key in zip(*((row.superclass, row.family) for row in rows)))
    ordered = sorted(rows, key=lambda row: (superclasses.index(row.superclass), families.index(row.family)))
    return [row._replace(smiles=renumbered(row.smiles)) for row in ordered]


def written(rows):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["name", "smiles", "superclass", "family", "flavor"])
    writer.writerows((row.name, row.smiles, row.superclass, row.family, row.flavor) for row in rows)
    return text.getvalue()


def check(rows):
    """Prints a line a fault and one of what was checked; the number of faults."""
    from rdkit import Chem, RDLogger
    from rdkit.Chem import rdCIPLabeler, rdMolDescriptors
    RDLogger.DisableLog("rdApp.*")

    flavors = {label for _, (label,) in table("flavors")}
    with open(MOLECULES, newline="") as file:
        elsewhere = {row["name"]: row["smiles"] for row in csv.DictReader(file)}
    faults, names, skeletons, stereo, shared = [], set(), {}, {}, 0
    for row in rows:
        if row.name in names:
            faults.append(f"{row.name}: the name stands there twice")
        names.add(row.name)
        faults += [f"{row.name}: flavor '{flavor}' is not in flavors.txt" for flavor in filter(None, row.flavor.split(";")) if flavor not in flavors]

        molecule = Chem.MolFromSmiles(row.smiles)
        if molecule is None:
            faults.append(f"{row.name}: RDKit cannot read {row.smiles}")
            continue
        skeleton = Chem.MolToSmiles(molecule, isomericSmiles=False)
        twin = skeletons.setdefault(skeleton, row.name)
        if twin != row.name:
            faults.append(f"{row.name} and {twin} are one molecule, stereo aside")
        found = rdMolDescriptors.CalcMolFormula(molecule)
        if found != row.formula:
            faults.append(f"{row.name}: {found} where {row.formula} is expected ({row.smiles})")
        if row.name in elsewhere:
            shared += 1
            if skeleton != Chem.MolToSmiles(Chem.MolFromSmiles(elsewhere[row.name]), isomericSmiles=False):
                faults.append(f"{row.name}: another molecule in {MOLECULES.name}, {elsewhere[row.name]}")
        if row.name in STEREO:
            rdCIPLabeler.AssignCIPLabels(molecule)
            parts = [*molecule.GetAtoms(), *molecule.GetBonds()]
            stereo[row.name] = "".join(sorted(part.GetProp("_CIPCode") for part in parts if part.HasProp("_CIPCode")))
    faults += [f"{name}: stereo {stereo.get(name)} where {expected} is expected" for name, expected in STEREO.items() if stereo.get(name) != expected]

    sizes = collections.Counter(row.superclass for row in rows)
    faults += [f"{superclass}: {size} rows only" for superclass, size in sizes.items() if size < MIN_PER_SUPERCLASS]
    if len(rows) < MIN_ROWS:
        faults.append(f"{len(rows)} rows only")
    if not CSV.exists() or CSV.read_bytes() != written(rows).encode():
        faults.append(f"{CSV.name} is not what the rules write: run tools/food_compounds.py")

    print(*faults, sep="\n", end="\n" if faults else "")
    print(f"{len(rows)} molecules and their formulas, {len(STEREO)} stereo descriptors and {shared} molecules that {MOLECULES.name} has too; {len(faults)} faults")
    return len(faults)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--check", action="store_true", help="check the table instead of writing it; exit status 1 at a fault")
    arguments.add_argument("--output", type=pathlib.Path, default=CSV, help="where the table goes (default: examples/food_compounds.csv)")
    options = arguments.parse_args()
    rows = compounds()
    if options.check:
        sys.exit(1 if check(rows) else 0)
    options.output.write_text(written(rows), encoding="utf-8", newline="")
    print(f"{options.output}: {len(rows)} molecules")


main()
