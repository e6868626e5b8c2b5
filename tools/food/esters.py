"""Esters: tables/esters.txt says which acid and alcohol go together and how the ester smells; their skeletons stand here."""
from food.compound import ACIDS, BENZENOIDS, HETEROCYCLES, LIPIDS, PHENYLPROPANOIDS, Compound, formula, table
from food.lipids import acid_formula, acyl

GALLOYL = "Oc1cc(cc(O)c1O)C(=O)"

# Name of the ester's second word: R-C(=O), the acid's formula, the superclass that the acid alone would give.
ACID_PARTS = {
    "formate": ("C(=O)", "CH2O2", ACIDS), "acetate": ("CC(=O)", "C2H4O2", ACIDS), "propionate": ("CCC(=O)", "C3H6O2", ACIDS),
    "isobutyrate": ("CC(C)C(=O)", "C4H8O2", ACIDS), "lactate": ("CC(O)C(=O)", "C3H6O3", ACIDS), "pyruvate": ("CC(=O)C(=O)", "C3H4O3", ACIDS),
    "acetoacetate": ("CC(=O)CC(=O)", "C4H6O3", ACIDS), "levulinate": ("CC(=O)CCC(=O)", "C5H8O3", ACIDS), "crotonate": ("C/C=C/C(=O)", "C4H6O2", LIPIDS),
    "tiglate": ("C/C=C(C)/C(=O)", "C5H8O2", LIPIDS), "2-methylbutyrate": ("CCC(C)C(=O)", "C5H10O2", LIPIDS), "isovalerate": ("CC(C)CC(=O)", "C5H10O2", LIPIDS),
    "hexanoate": ("CCCCCC(=O)", "C6H12O2", LIPIDS), "heptanoate": ("CCCCCCC(=O)", "C7H14O2", LIPIDS), "octanoate": ("CCCCCCCC(=O)", "C8H16O2", LIPIDS),
    "nonanoate": ("CCCCCCCCC(=O)", "C9H18O2", LIPIDS), "decanoate": ("CCCCCCCCCC(=O)", "C10H20O2", LIPIDS), "undecanoate": ("CCCCCCCCCCC(=O)", "C11H22O2", LIPIDS),
    **{f"{acid[:-2]}ate": (acyl(acid), acid_formula(acid), LIPIDS)
       for acid in ("butyric", "valeric", "lauric", "myristic", "palmitic", "stearic", "oleic", "linoleic", "alpha-linolenic")},
    "benzoate": ("O=C(c1ccccc1)", "C7H6O2", BENZENOIDS), "salicylate": ("Oc1ccccc1C(=O)", "C7H6O3", BENZENOIDS),
    "N-methylanthranilate": ("CNc1ccccc1C(=O)", "C8H9NO2", BENZENOIDS),
    "anthranilate": ("Nc1ccccc1C(=O)", "C7H7NO2", BENZENOIDS), "anisate": ("COc1ccc(cc1)C(=O)", "C8H8O3", BENZENOIDS), "gallate": (GALLOYL, "C7H6O5", BENZENOIDS),
    "vanillate": ("COc1cc(ccc1O)C(=O)", "C8H8O4", BENZENOIDS), "4-hydroxybenzoate": ("Oc1ccc(cc1)C(=O)", "C7H6O3", BENZENOIDS),
    "phenylacetate": ("O=C(Cc1ccccc1)", "C8H8O2", BENZENOIDS), "nicotinate": ("c1ccncc1C(=O)", "C6H5NO2", HETEROCYCLES),
    "cinnamate": ("O=C(/C=C/c1ccccc1)", "C9H8O2", PHENYLPROPANOIDS), "ferulate": ("COc1cc(/C=C/C(=O){})ccc1O", "C10H10O4", PHENYLPROPANOIDS),
    "caffeate": ("Oc1ccc(/C=C/C(=O){})cc1O", "C9H8O4", PHENYLPROPANOIDS), "p-coumarate": ("Oc1ccc(/C=C/C(=O){})cc1", "C9H8O3", PHENYLPROPANOIDS),
    "hydrocinnamate": ("O=C(CCc1ccccc1)", "C9H10O2", PHENYLPROPANOIDS),
}

ALIPHATIC, TERPENE, AROMATIC, CINNAMYL = "aliphatic", "terpene", "aromatic", "cinnamyl"

# Name of the ester's first word: the alcohol from its carbon on, its formula, what kind it is.
ALCOHOL_PARTS = {
    "methyl": ("C", "CH4O", ALIPHATIC), "ethyl": ("CC", "C2H6O", ALIPHATIC), "propyl": ("CCC", "C3H8O", ALIPHATIC), "isopropyl": ("C(C)C", "C3H8O", ALIPHATIC),
    "butyl": ("CCCC", "C4H10O", ALIPHATIC), "isobutyl": ("CC(C)C", "C4H10O", ALIPHATIC), "sec-butyl": ("C(C)CC", "C4H10O", ALIPHATIC),
    "pentyl": ("CCCCC", "C5H12O", ALIPHATIC), "isoamyl": ("CCC(C)C", "C5H12O", ALIPHATIC), "2-methylbutyl": ("CC(C)CC", "C5H12O", ALIPHATIC),
    "prenyl": ("CC=C(C)C", "C5H10O", ALIPHATIC), "allyl": ("CC=C", "C3H6O", ALIPHATIC), "hexyl": ("CCCCCC", "C6H14O", ALIPHATIC),
    "(Z)-3-hexenyl": ("CC/C=C\\CC", "C6H12O", ALIPHATIC), "heptyl": ("CCCCCCC", "C7H16O", ALIPHATIC), "octyl": ("CCCCCCCC", "C8H18O", ALIPHATIC),
    "nonyl": ("CCCCCCCCC", "C9H20O", ALIPHATIC), "decyl": ("CCCCCCCCCC", "C10H22O", ALIPHATIC), "lauryl": ("CCCCCCCCCCCC", "C12H26O", ALIPHATIC),
    "1-octen-3-yl": ("C(C=C)CCCCC", "C8H16O", ALIPHATIC),
    "geranyl": ("C/C=C(C)/CCC=C(C)C", "C10H18O", TERPENE), "linalyl": ("C(C)(C=C)CCC=C(C)C", "C10H18O", TERPENE),
    "citronellyl": ("CCC(C)CCC=C(C)C", "C10H20O", TERPENE), "lavandulyl": ("CC(C(C)=C)CC=C(C)C", "C10H18O", TERPENE),
    "menthyl": ("C2CC(C)CCC2C(C)C", "C10H20O", TERPENE), "carvyl": ("C2CC(CC=C2C)C(C)=C", "C10H16O", TERPENE),
    "terpinyl": ("C(C)(C)C2CCC(C)=CC2", "C10H18O", TERPENE), "bornyl": ("C2CC3CCC2(C)C3(C)C", "C10H18O", TERPENE),
    "fenchyl": ("C2C(C)(C)C3CCC2(C)C3", "C10H18O", TERPENE), "myrtenyl": ("CC2=CCC3CC2C3(C)C", "C10H16O", TERPENE),
    "perillyl": ("CC2=CCC(CC2)C(C)=C", "C10H16O", TERPENE),
    "retinyl": ("C/C=C(C)/C=C/C=C(C)/C=C/C2=C(C)CCCC2(C)C", "C20H30O", TERPENE),
    "alpha-methylbenzyl": ("C(C)c2ccccc2", "C8H10O", AROMATIC),
    "benzyl": ("Cc2ccccc2", "C7H8O", AROMATIC), "phenethyl": ("CCc2ccccc2", "C8H10O", AROMATIC), "3-phenylpropyl": ("CCCc2ccccc2", "C9H12O", AROMATIC),
    "anisyl": ("Cc2ccc(OC)cc2", "C8H10O2", AROMATIC), "p-tolyl": ("c2ccc(C)cc2", "C7H8O", AROMATIC), "eugenyl": ("c2ccc(CC=C)cc2OC", "C10H12O2", AROMATIC),
    "vanillin": ("c2ccc(C=O)cc2OC", "C8H8O3", AROMATIC), "cinnamyl": ("C/C=C/c2ccccc2", "C9H10O", CINNAMYL),
}


def classify(acid_superclass, alcohol_kind):
    """ChemOnt's choice as far as two parts tell: an aromatic acid decides, then a cinnamyl, aromatic or terpene alcohol, then the acid's chain."""
    families = {BENZENOIDS: "aromatic ester", PHENYLPROPANOIDS: "cinnamic ester", HETEROCYCLES: "nicotinic ester"}
    if acid_superclass in families:
        return acid_superclass, families[acid_superclass]
    if alcohol_kind == CINNAMYL:
        return PHENYLPROPANOIDS, "cinnamic ester"
    if alcohol_kind == AROMATIC:
        return BENZENOIDS, "aromatic ester"
    if alcohol_kind == TERPENE:
        return LIPIDS, "terpene ester"
    return acid_superclass, "fatty acid ester" if acid_superclass == LIPIDS else "short-chain ester"


def compounds():
    for _, (acid, alcohol, flavor) in table("esters"):
        acid_smiles, acid_atoms, acid_superclass = ACID_PARTS[acid]
        alcohol_smiles, alcohol_atoms, alcohol_kind = ALCOHOL_PARTS[alcohol]
        alkoxy = "O" + alcohol_smiles
        # Where the acid's SMILES has its open end inside, it says so.
        smiles = acid_smiles.format(alkoxy) if "{}" in acid_smiles else f"O=C{alkoxy}" if acid == "formate" else acid_smiles + alkoxy
        yield Compound(f"{alcohol} {acid}", smiles, *classify(acid_superclass, alcohol_kind), flavor,
                       formula(acid_atoms, alcohol_atoms, minus=["H2O"]))
