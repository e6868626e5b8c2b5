"""Amino acids and peptides residue by residue, nucleosides and nucleotides by base, sugar and phosphate."""
from food.compound import ACIDS, HETEROCYCLES, NUCLEOSIDES, Compound, formula, table

# One-letter code: name, name as a residue, the residue -NH-CHR-C(=O)-, its formula, flavor of the free acid.
RESIDUES = {
    "G": ("glycine", "glycyl", "NCC(=O)", "C2H3NO", "sweet"),
    "A": ("L-alanine", "alanyl", "N[C@@H](C)C(=O)", "C3H5NO", "sweet"),
    "V": ("L-valine", "valyl", "N[C@@H](C(C)C)C(=O)", "C5H9NO", "bitter"),
    "L": ("L-leucine", "leucyl", "N[C@@H](CC(C)C)C(=O)", "C6H11NO", "bitter"),
    "I": ("L-isoleucine", "isoleucyl", "N[C@@H]([C@@H](C)CC)C(=O)", "C6H11NO", "bitter"),
    "P": ("L-proline", "prolyl", "N1CCC[C@H]1C(=O)", "C5H7NO", "sweet;bitter"),
    "F": ("L-phenylalanine", "phenylalanyl", "N[C@@H](Cc1ccccc1)C(=O)", "C9H9NO", "bitter"),
    "Y": ("L-tyrosine", "tyrosyl", "N[C@@H](Cc1ccc(O)cc1)C(=O)", "C9H9NO2", "bitter"),
    "W": ("L-tryptophan", "tryptophyl", "N[C@@H](Cc1c[nH]c2ccccc12)C(=O)", "C11H10N2O", "bitter"),
    "S": ("L-serine", "seryl", "N[C@@H](CO)C(=O)", "C3H5NO2", "sweet"),
    "T": ("L-threonine", "threonyl", "N[C@@H]([C@@H](C)O)C(=O)", "C4H7NO2", "sweet"),
    "C": ("L-cysteine", "cysteinyl", "N[C@@H](CS)C(=O)", "C3H5NOS", "sulfurous"),
    "M": ("L-methionine", "methionyl", "N[C@@H](CCSC)C(=O)", "C5H9NOS", "bitter;sulfurous"),
    "D": ("L-aspartic acid", "aspartyl", "N[C@@H](CC(=O)O)C(=O)", "C4H5NO3", "sour;umami"),
    "E": ("L-glutamic acid", "glutamyl", "N[C@@H](CCC(=O)O)C(=O)", "C5H7NO3", "umami;sour"),
    "N": ("L-asparagine", "asparaginyl", "N[C@@H](CC(N)=O)C(=O)", "C4H6N2O2", ""),
    "Q": ("L-glutamine", "glutaminyl", "N[C@@H](CCC(N)=O)C(=O)", "C5H8N2O2", ""),
    "K": ("L-lysine", "lysyl", "N[C@@H](CCCCN)C(=O)", "C6H12N2O", "bitter;sweet"),
    "R": ("L-arginine", "arginyl", "N[C@@H](CCCNC(N)=N)C(=O)", "C6H12N4O", "bitter"),
    "H": ("L-histidine", "histidyl", "N[C@@H](Cc1c[nH]cn1)C(=O)", "C6H7N3O", "bitter"),
}


def amino_acids():
    for code, (name, _, residue, atoms, flavor) in RESIDUES.items():
        superclass = HETEROCYCLES if code == "W" else ACIDS         # ChemOnt: the indole ring of tryptophan outranks its amino acid
        yield Compound(name, residue + "O", superclass, "amino acid", flavor, formula(atoms, "H2O"))


def peptides():
    for _, (code, flavor) in table("peptides"):
        gamma, letters = code[0] == "g", code.removeprefix("g")
        residues = [RESIDUES[letter] for letter in letters]
        last = residues[-1][0].removeprefix("L-")
        name = "".join(residue[1] + "-" for residue in residues[:-1]) + last
        smiles = "".join(residue[2] for residue in residues) + "O"
        atoms = formula(*(residue[3] for residue in residues), "H2O")
        if gamma:
            name, smiles, atoms = f"gamma-glutamyl-{name}", f"OC(=O)[C@@H](N)CCC(=O){smiles}", formula(atoms, "C5H7NO3")
        # One hyphen is not written: alanylglycine, but leucyl-glycyl-leucine.
        yield Compound(name if name.count("-") > 1 or gamma else name.replace("-", ""), smiles, ACIDS, "peptide", flavor, atoms)


# Base: its SMILES from the nitrogen that binds the sugar, its formula, the names of nucleoside, deoxynucleoside and 5'-phosphate.
BASES = {
    "adenine": ("n1cnc2c(N)ncnc12", "C5H5N5", "adenosine", "deoxyadenosine", "adenylic acid"),
    "guanine": ("n1cnc2c1nc(N)[nH]c2=O", "C5H5N5O", "guanosine", "deoxyguanosine", "guanylic acid"),
    "hypoxanthine": ("n1cnc2c1nc[nH]c2=O", "C5H4N4O", "inosine", "deoxyinosine", "inosinic acid"),
    "xanthine": ("n1cnc2c1[nH]c(=O)[nH]c2=O", "C5H4N4O2", "xanthosine", "deoxyxanthosine", "xanthylic acid"),
    "cytosine": ("n1ccc(N)nc1=O", "C4H5N3O", "cytidine", "deoxycytidine", "cytidylic acid"),
    "uracil": ("n1ccc(=O)[nH]c1=O", "C4H4N2O2", "uridine", "deoxyuridine", "uridylic acid"),
    "thymine": ("n1cc(C)c(=O)[nH]c1=O", "C5H6N2O2", "5-methyluridine", "thymidine", "ribothymidylic acid"),
}


def nucleosides():
    umami = {"inosinic acid", "guanylic acid", "xanthylic acid"}
    for base, base_atoms, ribo, deoxy, nucleotide in BASES.values():
        riboside = f"[C@H]3O[C@H]([C@H](O)[C@@H]3O){base}"
        yield Compound(ribo, f"OC{riboside}", NUCLEOSIDES, "nucleoside", "bitter" if ribo == "inosine" else "", formula(base_atoms, "C5H8O4"))
        yield Compound(deoxy, f"OC[C@H]3O[C@H](C[C@@H]3O){base}", NUCLEOSIDES, "nucleoside", "", formula(base_atoms, "C5H8O3"))
        for phosphates, name in [(1, nucleotide), (2, f"{ribo} 5'-diphosphate"), (3, f"{ribo} 5'-triphosphate")]:
            if phosphates > 1 and ribo not in ("adenosine", "guanosine"):
                continue
            smiles = "O" + "P(=O)(O)O" * phosphates + f"C{riboside}"
            yield Compound(name, smiles, NUCLEOSIDES, "nucleotide", "umami" if name in umami else "",
                           formula(base_atoms, "C5H8O4", *["HPO3"] * phosphates))


def compounds():
    for rule in (amino_acids, peptides, nucleosides):
        yield from rule()
