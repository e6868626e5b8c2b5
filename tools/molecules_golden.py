#!/usr/bin/env python3
"""Writes tests/Golden/Molecules/{molecules,texts}.json: what RDKit makes of molecules, for readers and writers of SMILES to be held to.

    python3 tools/molecules_golden.py FOLDER        (RDKit 2022.09)

FOLDER holds MoleculeNet's HIV.csv, delaney-processed.csv and tox21.csv.gz and a list pubchem_1k_smiles.txt (MIT, public domain), of which a
few hundred molecules are drawn; others are written here.

molecules.json, for each molecule: smiles; hydrogens of each atom as written; how many bonds lie in rings; writings of the same molecule (random order, and with
alternating bonds); scaffold, two writings (none where RDKit's has open valences, which is no molecule); stereo: writings with an atom map,
where there is something to keep.
texts.json: texts that look like SMILES, and whether RDKit can read each and, if so, finds its valences in order.
"""
import csv
import gzip
import json
import pathlib
import random
import sys

from rdkit import Chem, RDLogger, rdBase
from rdkit.Chem.Scaffolds import MurckoScaffold

RDLogger.DisableLog("rdApp.*")
GOLDEN = pathlib.Path(__file__).parent.parent / "tests" / "Golden" / "Molecules"
draw = random.Random(20250607)
rdBase.SeedRandomNumberGenerator(20250607)

OWN = r"""
C [2H]C([2H])([2H])O [H][H] [H+] [H]O[H] [13CH4] [Na+].[Cl-] [Ca++].[O-]C([O-])=O [Fe+2] O=[N+]([O-])c1ccccc1 O=N(=O)c1ccccc1
CS(C)=O C[S+](C)[O-] C[S@](=O)CC C[S@@](=O)CC O=[S@](C)CC C[P@](CC)c1ccccc1 C[P@@](=O)(CC)c1ccccc1
N[C@@H](C)C(=O)O N[C@H](C)C(=O)O [H][C@](N)(C)C(=O)O C[C@@]1([H])CCCO1 O1CC[C@@H]1C C[C@H]1CC[C@@H](C)CC1 [C@@H](F)(Cl)Br
F/C=C/F F/C=C\F F\C=C\F C(\F)=C/F C/C(F)=C(/Cl)Br C/C=C/C=C\C C/C=C/C=C/C C1CCCCCC/C=C/1 C1CCCCCC/C=C\1 C/1=C/CCCCCCCC1 [H]/C(C)=C(/[H])CC
O/N=C1/CCCC[C@H]1C CC(/C=C/C)=N\O c1ccccc1/N=N/c1ccccc1 C/C=C1/CC[C@@H](O)C1
c1ccccc1 C1=CC=CC=C1 c1ccccc1c1ccccc1 c1ccccc1-c1ccccc1 c1cc[nH]c1 c1ccoc1 c1ccsc1 c1cc[se]c1 c1ccn(C)c1 Cn1cnc2c1c(=O)n(C)c(=O)n2C
O=c1cc[nH]cc1 Oc1ccncc1 c1ccc2c(c1)ccc1ccccc12 c1ccc2ccccc2c1 C1=Cc2ccccc2C1 C1CC2CCC1C2 C12C3C4C1C5C2C3C45 C1C2CC3CC1CC(C2)C3 C1CC12CC2
c12c3c4c5c1c1c6c7c2c2c8c3c3c9c4c4c%10c5c5c1c1c6c6c%11c7c2c2c7c8c3c3c8c9c4c4c9c%10c5c5c1c1c6c6c%11c2c2c7c3c3c8c4c4c9c5c1c1c6c2c3c41
FC(F)(F)C(F)(F)F CC(C)(C)c1cc(C(C)(C)C)cc(C(C)(C)C)c1 c1ccc(cc1)P(c1ccccc1)c1ccccc1 C(c1ccccc1)(c1ccccc1)(c1ccccc1)c1ccccc1
C1CCCCC1CCC1CCCCC1 c1ccccc1C(=O)Nc1ccccc1 CC(C)=C1CCCCC1 O=C1CCC(=NO)CC1 C=C1CCC(CC#N)CC1 O=S(=O)(c1ccccc1)N1CCNCC1 CCCCCC CC(=O)O
C1CC1.C1CCC1 C1CC1CC.OCC c1ccccc1CC(=C)c1ccccc1 C1CCC(CC1)C(C)(C)C1CC1 [nH]1cccc1C OB(O)c1ccccc1 BrC(Br)Br CI ClC(Cl)=C(Cl)Cl N#N [C-]#[O+]
N=[N+]=[N-] CN=[N+]=[N-] CP(=O)(O)O CP(C)(C)(C)C FS(F)(F)(F)(F)F O=S(=O)(O)O C[Si](C)(C)C C[Sn](C)(C)C *c1ccccc1 [*:1]CC* C[N+](C)(C)C [NH4+]
C1CCC%10CCC1CC%10 C%12CC%12 C1.C1 C12.C1CC2 [CH3:7][OH:3] N->[Pt](Cl)Cl C$C [OH-] [O-2] [H-] C[H] [2H][H] OO [O][O] [CH3] C[CH2] [C]
""".split()

TEXTS = r"""
C1CC C( C) C() (C)C C. .C C..C C(.C)C C(C.C)C C1.C1 C11 C12CC12 C1C1 C=1CCCCC=1 C1CCCCC=1 C=1CCCCC1 C=1CCCCC-1 C1CC11CC1 C- -C C=-C C=(C)C
C(=)C C(C)1CC1 C%10CC%10 C%1CC%1 C%(123)CC%(123) C%(1)CC1 C%(123456)CC%(123456) C%()C C0CC0 C$C C~C C->N C<-N C>C C<C C:C c1ccccc1 C?C C!C C@C
* [*] [*H] [2*] [*+] ** R X [X] A Q D [D] [T] [D]C [2H]C [H] [H][H] [H+] [HH] [H2] H HCl [H-] [H:1] [Fe+2] [Ca++] [Fe+++] [Fe+-] [O--] [C+0] [C-0]
[C+15] [C+127] [CH0] [CH4:1] [C:1] [C:] [C:-1] [C:99999999999] [C:1:2] [C@] [C@@] [C@@@] [C@TH1] [C@TH2] [C@TH3] [C@TH] [C@AL1] [C@AL3] [C@SP1]
[C@SP4] [C@TB20] [C@TB21] [C@OH30] [C@OH31] [C@XX1] [C@@TH1] [C@H@] [CH@] [C@+] [C+H] [13C] [0C] [999C] [999999999999C] [-C] [1] [] [ ] ] [C [C]] [[C]]
[c] [nH] [se] [as] [te] [si] [ge] [al] [sn] [cl] [br] [f] [i] [li] se as [Cl] [CL] [cL] [Na] [NA] [na] [Og] [Zz] [Xx] [J] [G] [#6] [#0] [#118] [#]
[12#6] [#6H2] [#-1] [CHH] [CH2H] [ClH] [C&H] [C;H] [C,N] [!C] [$C] CC(C)(C)(C)C c1cccc1 cC F(C)C C//C C/\C C1C/1 C=/C C==C C##C C::C C--C ((C))
C((C)C) C(C)) C(C( 1CC1 =C =1CC1 1 % C% C%1 C%% C%a1 C1%11CC1 C.1C.1 C1(CC1) C(1)CC1 C(1CC1) C(=1)CC1 C=1=CC1 C(-1)C C#1CC#1 C&C C;C C,C C{C} C^C
C`C C'C C"C C_C C|C C+C Cl Br CL BR cl br Na Si Sn Sc Co b At Li K U V W Y Te C/ C\ C= C# C/. C(C)= C=) C(=C C(C=)C CC1=1 C1C1C1 C1CC1C1 c:c
[C1] [C+1+1] [C++2] [C+2+] [C--] [C+-] [C:+1] [*@] [H2+] [H]H [OH3+] [HO] [HoH] [Ho] [He] [Hs] [CoH] [Sc] [Cu+2+] hello 12 C2H6O InChI=1S/CH4/h1H4
LFQSCWFLJHTTHZ-UHFFFAOYSA-N CCO.CC( OCC[nH C[N+](C)(C)C)C c1ccccc1) Cc1ccccc C1CCCCC2 O=C(C=C CC(=O)[O- N#C#N# CC(C)C(C)(C C(C)(C)(C)(C)(C)C é ☃
""".split()


def drawn(folder):
    columns = [
        [row["smiles"] for row in csv.DictReader(open(folder / "HIV.csv"))],
        [row["smiles"] for row in csv.DictReader(open(folder / "delaney-processed.csv"))],
        [row["smiles"] for row in csv.DictReader(gzip.open(folder / "tox21.csv.gz", "rt"))],
        (folder / "pubchem_1k_smiles.txt").read_text().split(),
    ]
    for column, count in zip(columns, (80, 40, 60, 40)):
        yield from draw.sample([s.strip() for s in column], count)


def random_smiles(mol):
    return Chem.MolToSmiles(mol, doRandom=True)


def kekule(mol):
    mol = Chem.Mol(mol)
    Chem.Kekulize(mol, clearAromaticFlags=True)
    return Chem.MolToSmiles(mol, kekuleSmiles=True, doRandom=True)


def scaffold(mol):
    core = MurckoScaffold.GetScaffoldForMol(mol)
    if core.GetNumAtoms() == 0:
        return []
    again = Chem.MolFromSmiles(Chem.MolToSmiles(core))
    if again is None or any(a.GetNumRadicalElectrons() or a.GetSymbol() not in ("C", "N", "O", "S", "P") for a in again.GetAtoms()):
        return None
    return [random_smiles(again) for _ in range(2)]


def flat(mol):
    mol = Chem.Mol(mol)
    Chem.RemoveStereochemistry(mol)
    return Chem.MolToSmiles(mol)


def stereo(mol):
    """Three writings with an atom map, where the molecule has stereo, and each centre a sense of its own (cis or trans on a ring is none)."""
    if Chem.MolToSmiles(mol) == flat(mol) or any(a.GetChiralTag() and not a.HasProp("_CIPCode") for a in mol.GetAtoms()):
        return []
    mapped = Chem.Mol(mol)
    for atom in mapped.GetAtoms():
        atom.SetAtomMapNum(atom.GetIdx() + 1)
    writings = [random_smiles(mapped) for _ in range(3)]
    return [writing for writing in writings if unmapped(writing) == Chem.MolToSmiles(mol)]      # RDKit slips on directions at ring digits


def unmapped(smiles):
    mol = Chem.MolFromSmiles(smiles)
    for atom in mol.GetAtoms():
        atom.SetAtomMapNum(0)
    return Chem.MolToSmiles(mol)


def molecule(smiles):
    mol, raw = Chem.MolFromSmiles(smiles), Chem.MolFromSmiles(smiles, sanitize=False)
    raw.UpdatePropertyCache(strict=False)
    Chem.FastFindRings(raw)
    writings = sorted({random_smiles(mol) for _ in range(5)} | {kekule(mol)})
    return {
        "smiles": smiles,
        "name": flat(mol),
        "hydrogens": [a.GetTotalNumHs() for a in raw.GetAtoms()],
        "ringBonds": sum(b.IsInRing() for b in raw.GetBonds()),
        "writings": writings,
        "scaffold": scaffold(mol),
        "stereo": stereo(mol),
    }


def verdict(text):
    def readable(sanitize):
        try:
            return Chem.MolFromSmiles(text, sanitize=sanitize) is not None
        except Exception:
            return False
    return {"text": text, "readable": readable(False), "sound": readable(True)}


def write(name, rows):
    GOLDEN.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (GOLDEN / name).write_text(f"[\n{lines}\n]\n", encoding="utf-8")


write("molecules.json", [molecule(s) for s in OWN + list(drawn(pathlib.Path(sys.argv[1])))])
write("texts.json", [verdict(t) for t in TEXTS])
