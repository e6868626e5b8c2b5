"""Fatty acids by their double bonds, and what is made of them; sterols, tocopherols and carotenoids by their parts."""
from food.chains import chain
from food.compound import LIPIDS, Compound, formula

# Name: carbons, double bonds counted from the carboxyl group, those of them that are trans.
FATTY_ACIDS = {
    "butyric": (4,), "valeric": (5,), "caproic": (6,), "enanthic": (7,), "caprylic": (8,), "pelargonic": (9,), "capric": (10,),
    "undecanoic": (11,), "lauric": (12,), "tridecanoic": (13,), "myristic": (14,), "pentadecanoic": (15,), "palmitic": (16,),
    "margaric": (17,), "stearic": (18,), "nonadecanoic": (19,), "arachidic": (20,), "behenic": (22,), "tricosanoic": (23,),
    "lignoceric": (24,), "cerotic": (26,), "montanic": (28,), "melissic": (30,),
    "caproleic": (10, [9]), "obtusilic": (10, [4]), "10-undecenoic": (11, [10]), "lauroleic": (12, [9]), "linderic": (12, [4]),
    "myristoleic": (14, [9]), "physeteric": (14, [5]), "palmitoleic": (16, [9]), "sapienic": (16, [6]), "cis-10-heptadecenoic": (17, [10]),
    "oleic": (18, [9]), "petroselinic": (18, [6]), "cis-vaccenic": (18, [11]), "gadoleic": (20, [9]), "gondoic": (20, [11]),
    "cetoleic": (22, [11]), "erucic": (22, [13]), "nervonic": (24, [15]),
    "linoleic": (18, [9, 12]), "rumenic": (18, [9, 11], [11]), "(10E,12Z)-octadeca-10,12-dienoic": (18, [10, 12], [10]),
    "taxoleic": (18, [5, 9]), "alpha-linolenic": (18, [9, 12, 15]), "gamma-linolenic": (18, [6, 9, 12]), "pinolenic": (18, [5, 9, 12]),
    "alpha-eleostearic": (18, [9, 11, 13], [11, 13]), "alpha-calendic": (18, [8, 10, 12], [8, 10]), "stearidonic": (18, [6, 9, 12, 15]),
    "alpha-parinaric": (18, [9, 11, 13, 15], [11, 13]),
    "eicosadienoic": (20, [11, 14]), "dihomo-gamma-linolenic": (20, [8, 11, 14]), "Mead": (20, [5, 8, 11]),
    "eicosatrienoic": (20, [11, 14, 17]), "sciadonic": (20, [5, 11, 14]), "arachidonic": (20, [5, 8, 11, 14]),
    "eicosatetraenoic": (20, [8, 11, 14, 17]), "eicosapentaenoic": (20, [5, 8, 11, 14, 17]), "docosadienoic": (22, [13, 16]),
    "adrenic": (22, [7, 10, 13, 16]), "docosapentaenoic": (22, [7, 10, 13, 16, 19]), "osbond": (22, [4, 7, 10, 13, 16]),
    "docosahexaenoic": (22, [4, 7, 10, 13, 16, 19]), "nisinic": (24, [6, 9, 12, 15, 18, 21]),
}


def acyl(acid):
    """R-C(=O), open at its end."""
    return chain(*FATTY_ACIDS[acid]) + "(=O)"


def acyl_behind(acid):
    """The same group open at its beginning: a chain without branches reads backwards."""
    return "C(=O)" + chain(*FATTY_ACIDS[acid])[:-1][::-1]


def acid_formula(acid):
    carbons, double_bonds = (*FATTY_ACIDS[acid], [])[:2]
    return f"C{carbons}H{2 * carbons - 2 * len(double_bonds)}O2"


def fatty_acids():
    flavors = {4: "cheesy;rancid;buttery", 5: "cheesy;rancid", 6: "goaty;cheesy;fatty", 7: "rancid;cheesy", 8: "goaty;fatty;waxy", 9: "waxy;cheesy",
               10: "waxy;fatty;rancid", 12: "waxy;fatty;soapy", 14: "waxy;fatty", 16: "waxy;fatty", 18: "waxy;fatty"}
    for acid, (carbons, *unsaturated) in FATTY_ACIDS.items():
        flavor = ("fatty" if acid in ("oleic", "linoleic") else "") if unsaturated else flavors.get(carbons, "")
        yield Compound(f"{acid} acid", acyl(acid) + "O", LIPIDS, "fatty acid", flavor, acid_formula(acid))


def glycerides():
    """The fatty acids on the three carbons of glycerol; '-' leaves the hydroxyl group."""
    glycerides = {
        "1-monocaprylin": "caprylic - -", "1-monolaurin": "lauric - -", "1-monomyristin": "myristic - -", "1-monopalmitin": "palmitic - -",
        "1-monostearin": "stearic - -", "1-monoolein": "oleic - -", "1-monolinolein": "linoleic - -", "2-monoolein": "- oleic -",
        "1,2-dipalmitin": "palmitic palmitic -", "1,3-dipalmitin": "palmitic - palmitic", "1,2-diolein": "oleic oleic -", "1,3-diolein": "oleic - oleic",
        **{name: " ".join([acid] * 3) for name, acid in {
            "tributyrin": "butyric", "tricaproin": "caproic", "tricaprylin": "caprylic", "tricaprin": "capric", "trilaurin": "lauric",
            "trimyristin": "myristic", "tripalmitin": "palmitic", "tristearin": "stearic", "triolein": "oleic", "trilinolein": "linoleic",
            "trilinolenin": "alpha-linolenic", "trierucin": "erucic"}.items()},
        "1,3-dipalmitoyl-2-oleoylglycerol": "palmitic oleic palmitic", "1,3-distearoyl-2-oleoylglycerol": "stearic oleic stearic",
        "1-palmitoyl-2-oleoyl-3-stearoylglycerol": "palmitic oleic stearic", "1,2-dioleoyl-3-palmitoylglycerol": "oleic oleic palmitic",
    }
    for name, acids in glycerides.items():
        first, second, third = acids.split()
        smiles = (f"{'' if first == '-' else acyl(first)}OCC(O{'' if second == '-' else acyl_behind(second)})"
                  f"CO{'' if third == '-' else acyl_behind(third)}")
        bound = [acid for acid in acids.split() if acid != "-"]
        yield Compound(name, smiles, LIPIDS, "glyceride", "bitter" if name == "tributyrin" else "",
                       formula("C3H8O3", *map(acid_formula, bound), minus=["H2O"] * len(bound)))


def phospholipids():
    """1,2-diacyl-sn-glycero-3-phospho-X as flat zwitterions; the head's formula is that of X-OH, less the proton of choline."""
    heads = {"phosphatidylcholine": ("OP(=O)([O-])OCC[N+](C)(C)C", "C5H13NO"), "phosphatidylethanolamine": ("OP(=O)(O)OCCN", "C2H7NO"),
             "phosphatidylserine": ("OP(=O)(O)OCC(N)C(=O)O", "C3H7NO3"), "phosphatidylglycerol": ("OP(=O)(O)OCC(O)CO", "C3H8O3"),
             "phosphatidylinositol": ("OP(=O)(O)OC1C(O)C(O)C(O)C(O)C1O", "C6H12O6")}
    tails = {"1,2-dipalmitoyl": "palmitic palmitic", "1-palmitoyl-2-oleoyl": "palmitic oleic", "1-palmitoyl-2-linoleoyl": "palmitic linoleic",
             "1,2-dilinoleoyl": "linoleic linoleic"}
    for head, (group, head_formula) in heads.items():
        for name, acids in tails.items():
            first, second = acids.split()
            yield Compound(name + head, f"{acyl(first)}OCC(C{group})O{acyl_behind(second)}", LIPIDS, "phospholipid", "",
                           formula("C3H8O3", "H3PO4", head_formula, acid_formula(first), acid_formula(second), minus=["H2O"] * 4))


def acylcarnitines():
    for name, acid in {"butyryl": "butyric", "hexanoyl": "caproic", "octanoyl": "caprylic", "decanoyl": "capric", "lauroyl": "lauric",
                       "palmitoyl": "palmitic", "stearoyl": "stearic", "oleoyl": "oleic"}.items():
        yield Compound(f"{name}carnitine", f"{acyl(acid)}OC(CC(=O)[O-])C[N+](C)(C)C", LIPIDS, "acylcarnitine", "",
                       formula("C7H15NO3", acid_formula(acid), minus=["H2O"]))


def sterols():
    """A side chain on carbon 17 of a nucleus, flat."""
    nuclei = {"5-ene": ("C1CCC2C1(C)CCC1C2CC=C2CC(O)CCC12C", "C19H29O"), "7-ene": ("C1CCC2C1(C)CCC1C2=CCC2CC(O)CCC12C", "C19H29O"),
              "5,7-diene": ("C1CCC2C1(C)CCC1C2=CC=C2CC(O)CCC12C", "C19H27O"), "stanol": ("C1CCC2C1(C)CCC1C2CCC2CC(O)CCC12C", "C19H31O")}
    sides = {"cholestane": ("CC(C)CCCC(C)", "C8H17"), "campestane": ("CC(C)C(C)CCC(C)", "C9H19"), "stigmastane": ("CCC(C(C)C)CCC(C)", "C10H21"),
             "22-ene of stigmastane": ("CCC(C(C)C)/C=C/C(C)", "C10H19"), "22-ene of campestane": ("CC(C)C(C)/C=C/C(C)", "C9H17"),
             "24-ene": ("CC(C)=CCCC(C)", "C8H15"), "24-methylene": ("CC(C)C(=C)CCC(C)", "C9H17"), "24-ethylidene": ("CC=C(C(C)C)CCC(C)", "C10H19")}
    named = {"cholesterol": ("cholestane", "5-ene"), "campesterol": ("campestane", "5-ene"), "beta-sitosterol": ("stigmastane", "5-ene"),
             "stigmasterol": ("22-ene of stigmastane", "5-ene"), "brassicasterol": ("22-ene of campestane", "5-ene"), "desmosterol": ("24-ene", "5-ene"),
             "24-methylenecholesterol": ("24-methylene", "5-ene"), "fucosterol": ("24-ethylidene", "5-ene"), "lathosterol": ("cholestane", "7-ene"),
             "stigmast-7-en-3-ol": ("stigmastane", "7-ene"), "alpha-spinasterol": ("22-ene of stigmastane", "7-ene"), "delta-7-avenasterol": ("24-ethylidene", "7-ene"),
             "7-dehydrocholesterol": ("cholestane", "5,7-diene"), "ergosterol": ("22-ene of campestane", "5,7-diene"), "cholestanol": ("cholestane", "stanol"),
             "campestanol": ("campestane", "stanol"), "sitostanol": ("stigmastane", "stanol")}
    for name, (side, nucleus) in named.items():
        yield Compound(name, sides[side][0] + nuclei[nucleus][0], LIPIDS, "steroid", "", formula(sides[side][1], nuclei[nucleus][1]))


def tocopherols():
    """The methyl groups on carbons 5, 7 and 8 of the chromanol make alpha to delta; the tail is saturated or has three double bonds."""
    tails = {"tocopherol": ("CCCC(C)CCCC(C)CCCC(C)C", "C27H46O2"), "tocotrienol": ("CC/C=C(C)/CC/C=C(C)/CCC=C(C)C", "C27H40O2")}
    for tail, (smiles, delta) in tails.items():
        for greek, methyls in {"alpha": (5, 7, 8), "beta": (5, 8), "gamma": (7, 8), "delta": (8,)}.items():
            on5, on7 = ("(C)" if position in methyls else "" for position in (5, 7))
            yield Compound(f"{greek}-{tail}", f"Oc1c{on5}c2CCC(C)({smiles})Oc2c(C)c1{on7}", LIPIDS, "fat-soluble vitamin", "",
                           formula(delta, f"C{len(methyls)}H{2 * len(methyls)}", minus=["CH2"]))


def carotenoids():
    """The common C22 polyene between two end groups of nine carbons, each written as it begins and as it ends a SMILES."""
    polyene = "/C=C/C(C)=C/C=C/C(C)=C/C=C/C=C(C)/C=C/C=C(C)/C=C/"
    ends = {"beta": ("CC1=C(C(C)(C)CCC1)", "C1=C(C)CCCC1(C)C", "C9H15"), "epsilon": ("CC1=CCCC(C)(C)C1", "C1C(C)=CCCC1(C)C", "C9H15"),
            "psi": ("CC(C)=CCC/C(C)=C", "C=C(C)/CCC=C(C)C", "C9H15"), "3-hydroxy-beta": ("CC1=C(C(C)(C)CC(O)C1)", "C1=C(C)CC(O)CC1(C)C", "C9H15O"),
            "3-hydroxy-epsilon": ("CC1=CC(O)CC(C)(C)C1", "C1C(C)=CC(O)CC1(C)C", "C9H15O"), "4-oxo": ("CC1=C(C(C)(C)CCC1=O)", "C1=C(C)C(=O)CCC1(C)C", "C9H13O"),
            "3-hydroxy-4-oxo": ("CC1=C(C(C)(C)CC(O)C1=O)", "C1=C(C)C(=O)C(O)CC1(C)C", "C9H13O2"),
            "5,6-epoxide": ("CC1(C)CC(O)CC2(C)OC12", "C12OC1(C)CC(O)CC2(C)C", "C9H15O2"), "kappa": ("CC1(C)CC(O)CC1(C)C(=O)", "C(=O)C1(C)CC(O)CC1(C)C", "C9H15O2")}
    named = {"alpha-carotene": "beta epsilon", "beta-carotene": "beta beta", "gamma-carotene": "psi beta", "delta-carotene": "psi epsilon", "lycopene": "psi psi",
             "beta-cryptoxanthin": "3-hydroxy-beta beta", "alpha-cryptoxanthin": "beta 3-hydroxy-epsilon", "zeinoxanthin": "3-hydroxy-beta epsilon",
             "rubixanthin": "psi 3-hydroxy-beta", "zeaxanthin": "3-hydroxy-beta 3-hydroxy-beta", "lutein": "3-hydroxy-beta 3-hydroxy-epsilon",
             "echinenone": "beta 4-oxo", "canthaxanthin": "4-oxo 4-oxo", "astaxanthin": "3-hydroxy-4-oxo 3-hydroxy-4-oxo",
             "antheraxanthin": "3-hydroxy-beta 5,6-epoxide", "violaxanthin": "5,6-epoxide 5,6-epoxide", "capsanthin": "3-hydroxy-beta kappa", "capsorubin": "kappa kappa"}
    for name, pair in named.items():
        left, right = (ends[end] for end in pair.split())
        yield Compound(name, left[0] + polyene + right[1], LIPIDS, "carotenoid", "", formula("C22H26", left[2], right[2]))


def compounds():
    for rule in (fatty_acids, glycerides, phospholipids, acylcarnitines, sterols, tocopherols, carotenoids):
        yield from rule()
