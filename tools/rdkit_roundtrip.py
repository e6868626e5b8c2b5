#!/usr/bin/env python3
"""Judges molecules that were read and written here by what RDKit makes of them; prints a report as JSON.

    python3 tools/rdkit_roundtrip.py TABLE        (RDKit)

TABLE: a line a molecule, fields divided by tabs: the SMILES as found, hydrogens of each atom (those that are no atoms of the graph), three
other writings with stereo, one without, the identity, the scaffold. The tests make it (RdkitTests).

A rewriting agrees when RDKit gives it the canonical SMILES of the original. RDKit's own rewritings do not always keep that (stereo that
depends on stereo; rings in lower case that it finds not aromatic, and whose alternation then depends on where the text starts): such a
molecule is listed as one that RDKit is unsure of. So are scaffolds that differ for a known cause.
"""
import collections
import json
import sys

from rdkit import Chem, RDLogger
from rdkit.Chem.Scaffolds import MurckoScaffold

RDLogger.DisableLog("rdApp.*")
TRIES = 30


def canonical(smiles, stereo=True):
    mol = Chem.MolFromSmiles(smiles)
    if mol is None:
        return None
    return Chem.MolToSmiles(mol) if stereo else flat(mol)


def flat(mol):
    """Canonical SMILES without stereo, through a second reading: what RDKit drops late it keeps traces of."""
    mol = Chem.Mol(mol)
    Chem.RemoveStereochemistry(mol)
    again = Chem.MolFromSmiles(Chem.MolToSmiles(mol))
    return Chem.MolToSmiles(again if again is not None else mol)


def rdkit_is_unsure(smiles, stereo):
    """Whether RDKit's own random writings of a molecule, as read or as it stands in the text, lead it to several canonical SMILES."""
    seen = set()
    for sanitize in (True, False):
        mol = Chem.MolFromSmiles(smiles, sanitize=sanitize)
        if not stereo:
            Chem.RemoveStereochemistry(mol)
        seen |= {canonical(Chem.MolToSmiles(mol, doRandom=True), stereo) for _ in range(TRIES)}
    return len(seen) > 1


def scaffold_cause(raw, mol, core):
    """Why RDKit's scaffold is another; None where no cause is known."""
    again = Chem.MolFromSmiles(Chem.MolToSmiles(core))
    if again is None or any(a.GetNumRadicalElectrons() for a in again.GetAtoms()):
        return "RDKit leaves a valence open where a substituent was"
    if [a.GetFormalCharge() for a in raw.GetAtoms() if a.GetAtomicNum() > 1] != [a.GetFormalCharge() for a in mol.GetAtoms() if a.GetAtomicNum() > 1]:
        return "RDKit moves charges first (n=O)"
    if any(a.GetSymbol() not in ("C", "N", "O", "S", "P", "B", "F", "Cl", "Br", "I") for a in core.GetAtoms()):
        return "valences of rarer elements"
    return None


def main(path):
    rows = [line.rstrip("\n").split("\t") for line in open(path, encoding="utf-8")]
    report = {"molecules": len(rows), "refused by RDKit": 0, "stereo agrees": 0, "plain agrees": 0, "hydrogens agree": 0, "scaffolds agree": 0}
    unsure = {"stereo": [], "plain": []}
    unexplained = {"stereo": [], "plain": [], "hydrogens": [], "scaffolds": []}
    scaffold_causes = collections.defaultdict(list)
    refused = []
    by_key, by_canonical = collections.defaultdict(set), collections.defaultdict(set)
    for smiles, hydrogens, *writings, plain, identity, scaffold in rows:
        raw = Chem.MolFromSmiles(smiles, sanitize=False)
        raw.UpdatePropertyCache(strict=False)
        if [a.GetTotalNumHs() for a in raw.GetAtoms()] == [int(h) for h in hydrogens.split()]:
            report["hydrogens agree"] += 1
        else:
            unexplained["hydrogens"].append(smiles)

        mol = Chem.MolFromSmiles(smiles)
        if mol is None:
            report["refused by RDKit"] += 1
            if all(Chem.MolFromSmiles(w, sanitize=False) is not None and Chem.MolFromSmiles(w) is None for w in writings):
                refused.append(smiles)
            else:
                unexplained["stereo"].append(smiles)
            continue

        wanted = Chem.MolToSmiles(mol)
        if all(canonical(w) == wanted for w in writings):
            report["stereo agrees"] += 1
        else:
            (unsure if rdkit_is_unsure(smiles, True) else unexplained)["stereo"].append([smiles] + writings)

        wanted = flat(mol)
        if canonical(plain, False) == wanted:
            report["plain agrees"] += 1
        else:
            (unsure if rdkit_is_unsure(smiles, False) else unexplained)["plain"].append([smiles, plain])

        core = MurckoScaffold.GetScaffoldForMol(mol)
        core_wanted = flat(core) if core.GetNumAtoms() else ""
        if (canonical(scaffold, False) if scaffold else "") == core_wanted:
            report["scaffolds agree"] += 1
        else:
            cause = scaffold_cause(raw, mol, core)
            (unexplained["scaffolds"] if cause is None else scaffold_causes[cause]).append([smiles, scaffold, core_wanted])

        by_key[identity].add(wanted)
        by_canonical[wanted].add(identity)

    report["distinct by RDKit"] = len(by_canonical)
    report["distinct by identity"] = len(by_key)
    report["refused, and so are our writings"] = refused
    report["one identity, several canonical SMILES"] = [sorted(s) for s in by_key.values() if len(s) > 1]
    report["one canonical SMILES, several identities"] = [s for s, keys in by_canonical.items() if len(keys) > 1]
    report["RDKit unsure"] = unsure
    report["scaffolds that differ for a known cause"] = scaffold_causes
    report["unexplained"] = unexplained
    print(json.dumps(report, indent=1))


main(sys.argv[1])
