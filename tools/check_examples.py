#!/usr/bin/env python3
"""Checks examples/molecules.csv with RDKit: every SMILES is a molecule, none stands there twice, and formulas and stereo centres are right.

    python3 tools/check_examples.py        (Debian's python3-rdkit)

The table was written from memory, and so are the formulas and stereo descriptors below: two memories seldom err alike.
Ends with one line of what was checked; a fault is a line of its own, and exit status 1.
"""
import collections
import csv
import pathlib
import sys

from rdkit import Chem, RDLogger
from rdkit.Chem import rdCIPLabeler, rdMolDescriptors

TABLE = pathlib.Path(__file__).parent.parent / "examples" / "molecules.csv"

# Hill order, as RDKit writes them; a charge at the end.
FORMULAS = """
    glycine C2H5NO2, L-alanine C3H7NO2, L-valine C5H11NO2, L-leucine C6H13NO2, L-isoleucine C6H13NO2, L-proline C5H9NO2,
    L-phenylalanine C9H11NO2, L-tyrosine C9H11NO3, L-tryptophan C11H12N2O2, L-serine C3H7NO3, L-threonine C4H9NO3, L-cysteine C3H7NO2S,
    L-methionine C5H11NO2S, L-aspartic acid C4H7NO4, L-glutamic acid C5H9NO4, L-asparagine C4H8N2O3, L-glutamine C5H10N2O3,
    L-lysine C6H14N2O2, L-arginine C6H14N4O2, L-histidine C6H9N3O2, L-ornithine C5H12N2O2, L-citrulline C6H13N3O3, beta-alanine C3H7NO2,
    gamma-aminobutyric acid C4H9NO2, sarcosine C3H7NO2, trans-4-hydroxy-L-proline C5H9NO3, L-homocysteine C4H9NO2S, levodopa C9H11NO4,
    L-theanine C7H14N2O3, L-selenocysteine C3H7NO2Se, 5-hydroxy-L-tryptophan C11H12N2O3, L-cystine C6H12N2O4S2, L-pipecolic acid C6H11NO2,
    D-penicillamine C5H11NO2S, L-kynurenine C10H12N2O3, creatine C4H9N3O2, L-canavanine C5H12N4O3, L-thyroxine C15H11I4NO4,

    D-glucose C6H12O6, D-galactose C6H12O6, D-mannose C6H12O6, D-fructose C6H12O6, D-ribose C5H10O5, 2-deoxy-D-ribose C5H10O4,
    D-xylose C5H10O5, L-arabinose C5H10O5, L-rhamnose C6H12O5, L-fucose C6H12O5, 2-deoxyglucose C6H12O5, erythrose C4H8O4,
    sedoheptulose C7H14O7, sucrose C12H22O11, lactose C12H22O11, maltose C12H22O11, trehalose C12H22O11, melibiose C12H22O11,
    raffinose C18H32O16, maltotriose C18H32O16, sorbitol C6H14O6, xylitol C5H12O5, erythritol C4H10O4, maltitol C12H24O11,
    myo-inositol C6H12O6, D-glucosamine C6H13NO5, N-acetyl-D-glucosamine C8H15NO6, glucuronic acid C6H10O7, gluconic acid C6H12O7,
    N-acetylneuraminic acid C11H19NO9, glucose 6-phosphate C6H13O9P, ribose 5-phosphate C5H11O8P, fructose 1,6-bisphosphate C6H14O12P2,
    sucralose C12H19Cl3O8,

    butyric acid C4H8O2, caproic acid C6H12O2, enanthic acid C7H14O2, caprylic acid C8H16O2, pelargonic acid C9H18O2, capric acid C10H20O2,
    lauric acid C12H24O2, myristic acid C14H28O2, palmitic acid C16H32O2, margaric acid C17H34O2, stearic acid C18H36O2,
    arachidic acid C20H40O2, behenic acid C22H44O2, lignoceric acid C24H48O2, cerotic acid C26H52O2, crotonic acid C4H6O2, sorbic acid C6H8O2,
    undecylenic acid C11H20O2, myristoleic acid C14H26O2, palmitoleic acid C16H30O2, oleic acid C18H34O2, elaidic acid C18H34O2,
    vaccenic acid C18H34O2, petroselinic acid C18H34O2, erucic acid C22H42O2, nervonic acid C24H46O2, linoleic acid C18H32O2,
    rumenic acid C18H32O2, alpha-linolenic acid C18H30O2, gamma-linolenic acid C18H30O2, alpha-eleostearic acid C18H30O2,
    arachidonic acid C20H32O2, eicosapentaenoic acid C20H30O2, docosahexaenoic acid C22H32O2, ricinoleic acid C18H34O3,
    tariric acid C18H32O2, phytanic acid C20H40O2,

    ethyl acetate C4H8O2, isoamyl acetate C7H14O2, benzyl acetate C9H10O2, vinyl acetate C4H6O2, allyl hexanoate C9H16O2,
    ethyl decanoate C12H24O2, isopropyl myristate C17H34O2, ethyl oleate C20H38O2, benzyl benzoate C14H12O2, methyl salicylate C8H8O3,
    methyl anthranilate C8H9NO2, methylparaben C8H8O3, ethyl cinnamate C11H12O2, ethyl lactate C5H10O3, ethyl acetoacetate C6H10O3,
    methyl methacrylate C5H8O2, diethyl malonate C7H12O4, diethyl phthalate C12H14O4, triethyl citrate C12H20O7, triacetin C9H14O6,
    tributyrin C15H26O6,

    isoprene C5H8, myrcene C10H16, limonene C10H16, alpha-pinene C10H16, beta-pinene C10H16, camphene C10H16, sabinene C10H16,
    3-carene C10H16, alpha-terpinene C10H16, gamma-terpinene C10H16, terpinolene C10H16, p-cymene C10H14, linalool C10H18O,
    geraniol C10H18O, citronellol C10H20O, geranial C10H16O, citronellal C10H18O, menthol C10H20O, menthone C10H18O, carvone C10H14O,
    pulegone C10H16O, thymol C10H14O, carvacrol C10H14O, camphor C10H16O, borneol C10H18O, fenchone C10H16O, thujone C10H16O,
    eucalyptol C10H18O, alpha-terpineol C10H18O, terpinen-4-ol C10H18O, farnesol C15H26O, nerolidol C15H26O, beta-caryophyllene C15H24,
    humulene C15H24, bisabolol C15H26O, nootkatone C15H22O, phytol C20H40O, retinol C20H30O, squalene C30H50, beta-carotene C40H56,
    lycopene C40H56,

    cholesterol C27H46O, cholestanol C27H48O, 7-dehydrocholesterol C27H44O, desmosterol C27H44O, lanosterol C30H50O, campesterol C28H48O,
    beta-sitosterol C29H50O, stigmasterol C29H48O, ergosterol C28H44O, cholic acid C24H40O5, deoxycholic acid C24H40O4,
    chenodeoxycholic acid C24H40O4, lithocholic acid C24H40O3, pregnenolone C21H32O2, progesterone C21H30O2, 17-hydroxyprogesterone C21H30O3,
    dehydroepiandrosterone C19H28O2, androsterone C19H30O2, androstenedione C19H26O2, testosterone C19H28O2, dihydrotestosterone C19H30O2,
    nandrolone C18H26O2, norethisterone C20H26O2, estrone C18H22O2, estradiol C18H24O2, estriol C18H24O3, ethinylestradiol C20H24O2,
    cortisol C21H30O5, cortisone C21H28O5, corticosterone C21H30O4, aldosterone C21H28O5, prednisolone C21H28O5, prednisone C21H26O5,
    dexamethasone C22H29FO5, digitoxigenin C23H34O4, diosgenin C27H42O3,

    flavone C15H10O2, flavonol C15H10O3, chrysin C15H10O4, apigenin C15H10O5, luteolin C15H10O6, baicalein C15H10O5, acacetin C16H12O5,
    diosmetin C16H12O6, tangeretin C20H20O7, nobiletin C21H22O8, galangin C15H10O5, kaempferol C15H10O6, quercetin C15H10O7,
    myricetin C15H10O8, fisetin C15H10O6, morin C15H10O7, isorhamnetin C16H12O7, quercitrin C21H20O11, rutin C27H30O16, pinocembrin C15H12O4,
    liquiritigenin C15H12O4, naringenin C15H12O5, eriodictyol C15H12O6, hesperetin C16H14O6, naringin C27H32O14, taxifolin C15H12O7,
    catechin C15H14O6, epicatechin C15H14O6, epigallocatechin C15H14O7, epigallocatechin gallate C22H18O11, daidzein C15H10O4,
    genistein C15H10O5, formononetin C16H12O4, biochanin A C16H12O5, equol C15H14O3, pelargonidin C15H11O5+, cyanidin C15H11O6+,
    delphinidin C15H11O7+, malvidin C17H15O7+, isoliquiritigenin C15H12O4,

    caffeine C8H10N4O2, theobromine C7H8N4O2, theophylline C7H8N4O2, nicotine C10H14N2, anabasine C10H14N2, coniine C8H17N, hygrine C8H15NO,
    arecoline C8H13NO2, trigonelline C7H7NO2, tropine C8H15NO, atropine C17H23NO3, scopolamine C17H21NO4, cocaine C17H21NO4,
    ephedrine C10H15NO, hordenine C10H15NO, mescaline C11H17NO3, gramine C11H14N2, psilocin C12H16N2O, harmine C13H12N2O,
    yohimbine C21H26N2O3, reserpine C33H40N2O9, strychnine C21H22N2O2, lysergic acid C16H16N2O2, physostigmine C15H21N3O2,
    morphine C17H19NO3, codeine C18H21NO3, thebaine C19H21NO3, papaverine C20H21NO4, berberine C20H18NO4+, emetine C29H40N2O4,
    galantamine C17H21NO3, colchicine C22H25NO6, quinine C20H24N2O2, cinchonine C19H22N2O, camptothecin C20H16N2O4, pilocarpine C11H16N2O2,
    lupinine C10H19NO, cytisine C11H14N2O, piperine C17H19NO3, capsaicin C18H27NO3
"""

# R and S of the stereo centres, and E and Z of the double bonds, each sorted: the order of atoms in a SMILES is free.
# An L amino acid is S, but R where sulphur or selenium outranks the carboxyl group.
STEREO = {
    **{"L-" + name: "S" for name in (
        "alanine valine leucine proline phenylalanine tyrosine tryptophan serine methionine lysine arginine histidine ornithine citrulline "
        "asparagine glutamine homocysteine homoserine norvaline theanine kynurenine canavanine thyroxine").split()},
    "L-aspartic acid": "S", "L-glutamic acid": "S", "L-pipecolic acid": "S", "levodopa": "S", "5-hydroxy-L-tryptophan": "S", "D-penicillamine": "S",
    "L-cysteine": "R", "L-selenocysteine": "R", "L-cystine": "RR", "L-isoleucine": "SS", "L-threonine": "RS", "trans-4-hydroxy-L-proline": "RS",
    "D-glucose": "RRSS", "D-galactose": "RRRS", "D-mannose": "RSSS", "D-fructose": "RRS", "D-ribose": "RRS", "2-deoxy-D-ribose": "RS",
    "D-xylose": "RRS", "L-arabinose": "RSS", "L-rhamnose": "RRRS", "L-fucose": "RSSS", "sucrose": "RRRRSSSSS",
    "catechin": "RS", "epicatechin": "RR", "ricinoleic acid": "RZ", "oleic acid": "Z", "elaidic acid": "E", "vaccenic acid": "E",
    "linoleic acid": "ZZ", "rumenic acid": "EZ", "alpha-linolenic acid": "ZZZ", "alpha-eleostearic acid": "EEZ", "docosahexaenoic acid": "ZZZZZZ",
    "sorbic acid": "EE", "crotonic acid": "E", "geraniol": "E", "farnesol": "EE", "squalene": "EEEE", "ethyl cinnamate": "E", "piperine": "EE",
    "capsaicin": "E", "beta-caryophyllene": "E",
}


def descriptors(molecule):
    rdCIPLabeler.AssignCIPLabels(molecule)
    parts = [*molecule.GetAtoms(), *molecule.GetBonds()]
    return "".join(sorted(part.GetProp("_CIPCode") for part in parts if part.HasProp("_CIPCode")))


def main():
    RDLogger.DisableLog("rdApp.*")
    faults = []
    with open(TABLE, newline="") as file:
        table = csv.DictReader(file)
        rows = list(table)
    if table.fieldnames != ["name", "smiles", "class"]:
        faults.append(f"the columns are {table.fieldnames}")

    formulas = dict(entry.rsplit(maxsplit=1) for entry in " ".join(FORMULAS.split()).replace(", ", "\n").split("\n"))
    molecules, names = {}, {}
    for row in rows:
        name, molecule = row["name"], Chem.MolFromSmiles(row["smiles"])
        if molecule is None:
            faults.append(f"{name}: RDKit cannot read {row['smiles']}")
            continue
        if name in molecules:
            faults.append(f"{name} stands there twice")
        molecules[name] = molecule
        twin = names.setdefault(Chem.MolToSmiles(molecule), name)
        if twin != name:
            faults.append(f"{name} and {twin} are one molecule")

    for name, formula in formulas.items():
        found = rdMolDescriptors.CalcMolFormula(molecules[name]) if name in molecules else "no such molecule"
        if found != formula:
            faults.append(f"{name}: {found} where {formula} is expected")
    for name, stereo in STEREO.items():
        found = descriptors(molecules[name]) if name in molecules else "no such molecule"
        if found != stereo:
            faults.append(f"{name}: stereo {found} where {stereo} is expected")

    print(*faults, sep="\n", end="\n" if faults else "")
    sizes = collections.Counter(row["class"] for row in rows)
    print(f"{len(rows)} molecules ({', '.join(f'{size} {name}' for name, size in sizes.items())}); "
          f"{len(formulas)} formulas and {len(STEREO)} stereo descriptors checked; {len(faults)} faults")
    sys.exit(1 if faults else 0)


main()
