"""Ring systems of tables/scaffolds.txt with the groups that a chemist's name for the pattern lists: "5,7-OH; 3'-OMe"."""
import re

from food import sugars
from food.compound import Compound, formula, table

# Group: its SMILES from the atom that binds the ring, its formula.
GROUPS = {
    "OH": ("O", "HO"), "OMe": ("OC", "CH3O"), "OEt": ("OCC", "C2H5O"), "NH2": ("N", "H2N"), "SH": ("S", "HS"), "SMe": ("SC", "CH3S"),
    "Me": ("C", "CH3"), "Et": ("CC", "C2H5"), "Pr": ("CCC", "C3H7"), "iPr": ("C(C)C", "C3H7"), "Bu": ("CCCC", "C4H9"), "iBu": ("CC(C)C", "C4H9"),
    "sBu": ("C(C)CC", "C4H9"), "tBu": ("C(C)(C)C", "C4H9"), "Pent": ("CCCCC", "C5H11"), "Hex": ("CCCCCC", "C6H13"), "Hept": ("CCCCCCC", "C7H15"),
    "Vi": ("C=C", "C2H3"), "allyl": ("CC=C", "C3H5"), "propenyl": ("/C=C/C", "C3H5"), "propenol": ("/C=C/CO", "C3H5O"),
    "prenyl": ("CC=C(C)C", "C5H9"), "geranyloxy": ("OC/C=C(C)/CCC=C(C)C", "C10H17O"), "farnesyloxy": ("OC/C=C(C)/CC/C=C(C)/CCC=C(C)C", "C15H25O"),
    "CHO": ("C=O", "CHO"), "Ac": ("C(C)=O", "C2H3O"), "COEt": ("C(=O)CC", "C3H5O"), "acrolein": ("/C=C/C=O", "C3H3O"), "butenone": ("/C=C/C(C)=O", "C4H5O"),
    "COOH": ("C(=O)O", "CHO2"), "COOMe": ("C(=O)OC", "C2H3O2"), "COOEt": ("C(=O)OCC", "C3H5O2"), "CONH2": ("C(N)=O", "CH2NO"),
    "CH2OH": ("CO", "CH3O"), "CH2OMe": ("COC", "C2H5O"), "CH2OAc": ("COC(C)=O", "C3H5O2"), "CH2OP": ("COP(=O)(O)O", "CH4O4P"),
    "CH2SH": ("CS", "CH3S"), "CH2SMe": ("CSC", "C2H5S"), "CH2NH2": ("CN", "CH4N"), "CH2NMe2": ("CN(C)C", "C3H8N"), "CH2CN": ("CC#N", "C2H2N"),
    "CH2COOH": ("CC(=O)O", "C2H3O2"), "CH2CH2OH": ("CCO", "C2H5O"), "CH2CH2OAc": ("CCOC(C)=O", "C4H7O2"), "CH2CH2SH": ("CCS", "C2H5S"),
    "CH2CH2NH2": ("CCN", "C2H6N"), "CH2CH2NMe2": ("CCN(C)C", "C4H10N"), "CH2CH2NHAc": ("CCNC(C)=O", "C4H8NO"), "CH2CH2COOH": ("CCC(=O)O", "C3H5O2"),
    "CH2CH2Ac": ("CCC(C)=O", "C4H7O"), "furfuryl": ("Cc4ccco4", "C5H5O"), "galloyl": ("OC(=O)c4cc(O)c(O)c(O)c4", "C7H5O5"),
    "Glc": ("O" + sugars.GLUCOSYL, "C6H11O6"), "Rha": ("O" + sugars.RHAMNOSYL, "C6H11O5"), "Xyl": ("O" + sugars.XYLOSYL, "C5H9O5"),
    "GlcA": ("O" + sugars.GLUCURONYL, "C6H9O7"), "Rut": ("O" + sugars.RUTINOSYL, "C12H21O10"), "Neo": ("O" + sugars.NEOHESPERIDOSYL, "C12H21O10"),
    "GlcApi": ("O" + sugars.APIOSYLGLUCOSYL, "C11H19O10"), "CGlc": (sugars.GLUCOSYL, "C6H11O5"),
}


def substituents(pattern):
    """ "5,7-OH; 3'-OMe" as {"5": "OH", "7": "OH", "3'": "OMe"}."""
    placed = {}
    for part in filter(None, pattern.split("; ")):
        positions, group = part.split("-")
        for position in positions.split(","):
            if position in placed:
                raise ValueError(f"{pattern}: position {position} is taken twice")
            placed[position] = group
    return placed


def compounds():
    for (family, superclass, scaffold, bare), (name, pattern, flavor) in table("scaffolds"):
        smiles, atoms = scaffold, bare
        for position, group in substituents(pattern).items():
            hole = f"{{{position}}}"
            if hole not in smiles:
                raise ValueError(f"{name}: the scaffold has no position {position}")
            smiles = smiles.replace(hole, f"({GROUPS[group][0]})")
            atoms = formula(atoms, GROUPS[group][1], minus=["H"])
        smiles = re.sub(r"n(\d?)\{\d}", r"[nH]\1", smiles)          # an aromatic nitrogen must name its hydrogen
        smiles = re.sub(r"\{\d'?}", "", smiles)
        smiles = re.sub(r"\(([^()]*)\)$", r"\1", smiles)            # the last group needs no branch
        yield Compound(name, smiles, superclass, family, flavor, atoms)
