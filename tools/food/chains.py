"""Homologous series: hydrocarbons, alcohols, aldehydes, ketones, lactones and the sulphur compounds of cabbage, onion, garlic and mustard."""
from itertools import combinations_with_replacement

from food.compound import BENZENOIDS, HETEROCYCLES, HYDROCARBONS, LIPIDS, OXYGEN, SULFUR, Compound, formula, table
from food.sugars import GLUCOSYL

STEM = dict(enumerate("meth eth prop but pent hex hept oct non dec undec dodec tridec tetradec pentadec hexadec heptadec octadec "
                      "nonadec eicos heneicos docos tricos tetracos pentacos hexacos heptacos octacos nonacos triacont hentriacont "
                      "dotriacont tritriacont".split(), start=1))
OTHER_SIDE = {"/": "\\", "\\": "/", "": ""}


def chain(length, double_bonds=(), trans=()):
    """An unbranched carbon chain, written from its far end to carbon 1. Double bonds go by their lower carbon, and are cis unless in trans."""
    smiles, side = "C", ""                          # side: the mark of the last bond beside a double bond
    for carbon in range(length - 1, 0, -1):
        if carbon in double_bonds:                  # the bond to the carbon written before
            smiles += "=C"
            continue
        if carbon + 1 in double_bonds:              # behind a double bond: the same mark is trans
            side = side if carbon + 1 in trans else OTHER_SIDE[side]
        else:
            side = "/" if carbon - 1 in double_bonds else ""
        smiles += side + "C"
    return smiles


def hydrocarbons():
    for n in [*range(9, 21), *range(21, 34, 2)]:
        yield Compound(f"{STEM[n]}ane", "C" * n, HYDROCARBONS, "hydrocarbon", "", f"C{n}H{2 * n + 2}")


def alcohols():
    """ChemOnt's fatty alcohols begin at six carbons; the shorter ones are curated."""
    flavors = {6: "green;herbal", 7: "green;woody", 8: "waxy;orange", 9: "floral;rose;orange", 10: "waxy;floral", 11: "waxy;soapy",
               12: "waxy;soapy", 14: "waxy", 16: "waxy"}
    for n in [*range(6, 17), 18, 20, 22, 26, 30]:
        yield Compound(f"1-{STEM[n]}anol", "C" * n + "O", LIPIDS, "fatty alcohol", flavors.get(n, ""), f"C{n}H{2 * n + 2}O")


def aldehydes():
    alkanals = {4: "pungent;malty", 5: "pungent;malty", 6: "green;grassy", 7: "fatty;green", 8: "citrus;orange;fatty", 9: "waxy;citrus;fatty",
                10: "citrus;orange;waxy", 11: "waxy;soapy", 12: "waxy;soapy;citrus", 13: "waxy;citrus", 14: "waxy;fatty", 16: "", 18: ""}
    enals = {4: "pungent", 5: "pungent;green", 6: "green;apple", 7: "green;fatty", 8: "fatty;green;nutty", 9: "fatty;cucumber;green",
             10: "fatty;tallow", 11: "fatty;soapy", 12: "citrus;fatty", 13: "fatty"}
    dienals = {6: "green;fatty", 7: "fatty;green", 8: "green;fatty", 9: "fatty;green", 10: "fatty", 11: "fatty", 12: "fatty;citrus"}

    def aldehyde(name, n, double_bonds, flavor):
        # ChemOnt: medium-chain aldehydes have 6 to 11 carbons; from 12 on they are fatty aldehydes, lipids.
        superclass, family = (LIPIDS, "fatty aldehyde") if n >= 12 else (OXYGEN, "aldehyde")
        smiles = chain(n, double_bonds, trans=double_bonds) + "=O"
        return Compound(name, smiles, superclass, family, flavor, f"C{n}H{2 * n - 2 * len(double_bonds)}O")

    for n, flavor in alkanals.items():
        yield aldehyde(f"{STEM[n]}anal", n, (), flavor)
    for n, flavor in enals.items():
        yield aldehyde(f"(E)-2-{STEM[n]}enal", n, (2,), flavor)
    for n, flavor in dienals.items():
        yield aldehyde(f"(2E,4E)-2,4-{STEM[n]}adienal", n, (2, 4), flavor)


def ketones():
    flavors = {3: "ethereal", 4: "ethereal", 5: "fruity;sweet", 6: "fruity", 7: "cheesy;fruity", 8: "cheesy;earthy", 9: "cheesy;fruity;green",
               10: "fatty;fruity", 11: "fruity;waxy;cheesy", 12: "waxy", 13: "waxy;fatty", 15: "fatty", 17: ""}
    for n, flavor in flavors.items():
        name = {3: "acetone", 4: "2-butanone"}.get(n, f"2-{STEM[n]}anone")
        yield Compound(name, "C" * (n - 2) + "C(C)=O", OXYGEN, "ketone", flavor, f"C{n}H{2 * n}O")


def lactones():
    """The ring of a straight hydroxy acid, closed on carbon 4 (gamma) or 5 (delta)."""
    names = {6: "hexa", 7: "hepta", 8: "octa", 9: "nona", 10: "deca", 11: "undeca", 12: "dodeca", 13: "trideca", 14: "tetradeca", 16: "hexadeca"}
    gamma = {6: "herbal;sweet;coconut", 7: "coconut;sweet", 8: "coconut;sweet", 9: "coconut;creamy", 10: "peach;creamy", 11: "peach;creamy;coconut",
             12: "peach;creamy;fatty", 14: "", 16: ""}
    delta = {6: "creamy;coconut", 7: "coconut", 8: "coconut;creamy", 9: "coconut;creamy", 10: "coconut;creamy;peach", 11: "coconut;creamy;peach",
             12: "coconut;creamy;peach", 13: "", 14: "creamy;fatty", 16: "creamy;fatty"}
    for kind, ring, flavors in [("gamma", "C1CCC(=O)O1", gamma), ("delta", "C1CCCC(=O)O1", delta)]:
        for n, flavor in flavors.items():
            smiles = "C" * (n - ring.upper().count("C")) + ring
            yield Compound(f"{kind}-{names[n]}lactone", smiles, HETEROCYCLES, "lactone", flavor, f"C{n}H{2 * n - 2}O2")


def allium():
    """R-S(n)-R' of the groups that onion, garlic and cabbage make, n from 1 to 3, and the thiosulfinates they come from."""
    groups = [("allyl", "C=CC", "CC=C", "C3H5"), ("methyl", "C", "C", "CH3"), ("1-propenyl", "C/C=C/", "/C=C/C", "C3H5"), ("propyl", "CCC", "CCC", "C3H7")]
    smells = {"1-propenyl": "onion", "allyl": "garlic", "methyl": "cabbage", "propyl": "onion"}
    for sulfurs, noun in [(1, "sulfide"), (2, "disulfide"), (3, "trisulfide")]:
        for (left, start, _, one), (right, _, end, other) in combinations_with_replacement(groups, 2):
            both = f"{left} {right}" if left != right else "di-1-propenyl" if left == "1-propenyl" else f"di{left}"
            flavor = ";".join(dict.fromkeys(["sulfurous", smells[left], smells[right]]))
            family = "tri- or tetrasulfide" if sulfurs == 3 else noun
            yield Compound(f"{both} {noun}", start + "S" * sulfurs + end, SULFUR, family, flavor, formula(one, other, f"S{sulfurs}"))

    thiosulfinates = {"allicin": ("C=CC", "CC=C", "C6H10", "garlic;pungent"), "S-methyl methanethiosulfinate": ("C", "C", "C2H6", "cabbage"),
                      "S-propyl propanethiosulfinate": ("CCC", "CCC", "C6H14", "onion"), "S-allyl methanethiosulfinate": ("C", "CC=C", "C4H8", "garlic"),
                      "S-methyl 2-propenethiosulfinate": ("C=CC", "C", "C4H8", "garlic"), "S-propyl methanethiosulfinate": ("C", "CCC", "C4H10", "onion")}
    for name, (left, right, rest, flavor) in thiosulfinates.items():
        yield Compound(name, f"{left}S(=O)S{right}", SULFUR, "thiosulfinate", flavor, formula(rest, "OS2"))


def mustard_oils():
    """Isothiocyanates R-N=C=S, and beside each the glucosinolate that myrosinase cuts to it."""
    for _, (name, glucosinolate, group, atoms, flavor) in table("mustard"):
        aromatic = "c" in group                    # benzyl and its like are curated among the benzenoids
        if name and not aromatic:
            yield Compound(name, group + "N=C=S", SULFUR, "isothiocyanate", flavor, formula(atoms, "CNS"))
        if glucosinolate:
            smiles = f"{group}C(=NOS(=O)(=O)O)S{GLUCOSYL}"
            yield Compound(glucosinolate, smiles, OXYGEN, "glucosinolate", "bitter", formula(atoms, "C7H12NO9S2"))


def pungent_principles():
    """Gingerols and shogaols by their tails, capsaicinoids by their acids, and the alkylresorcinols of bran."""
    vanillyl = "c1ccc(O)c(OC)c1"
    for n in (4, 6, 8, 10, 12):
        yield Compound(f"{n}-gingerol", "C" * (n - 1) + f"C(O)CC(=O)CC{vanillyl}", BENZENOIDS, "pungent principle", "pungent", f"C{n + 11}H{2 * n + 14}O4")
    for n in (6, 8, 10):
        yield Compound(f"{n}-shogaol", "C" * (n - 1) + f"/C=C/C(=O)CC{vanillyl}", BENZENOIDS, "pungent principle", "pungent", f"C{n + 11}H{2 * n + 12}O3")
    acids = {"capsaicin": ("CC(C)/C=C/CCCCC(=O)", "C10H17O"), "dihydrocapsaicin": ("CC(C)CCCCCCC(=O)", "C10H19O"),
             "nordihydrocapsaicin": ("CC(C)CCCCCC(=O)", "C9H17O"), "homodihydrocapsaicin": ("CC(C)CCCCCCCC(=O)", "C11H21O"),
             "homocapsaicin": ("CC(C)/C=C/CCCCCC(=O)", "C11H19O"), "nonivamide": ("CCCCCCCCC(=O)", "C9H17O")}
    for name, (acid, atoms) in acids.items():
        yield Compound(name, f"{acid}NC{vanillyl}", BENZENOIDS, "pungent principle", "pungent", formula(atoms, "C8H10NO2"))
    for n in (15, 17, 19, 21, 23):
        yield Compound(f"5-{STEM[n]}ylresorcinol", "C" * n + "c1cc(O)cc(O)c1", BENZENOIDS, "alkylresorcinol", "", f"C{n + 6}H{2 * n + 6}O2")


def compounds():
    for rule in (hydrocarbons, alcohols, aldehydes, ketones, lactones, allium, mustard_oils, pungent_principles):
        yield from rule()
