using System.Globalization;
using System.Text;

namespace SmilesBert.Molecules;

/// <summary>
/// Writes a molecule as SMILES, from any atom and in any order of branches: the text reads back as the same molecule. Bonds and atoms are written
/// as they were read (aromatic or alternating), brackets only where they say something.
/// </summary>
public static class SmilesWriter
{
    private const int None = -1, CloseBranch = -1;

    /// <summary>A molecule as SMILES.</summary>
    /// <param name="molecule">What is written.</param>
    /// <param name="ranks">
    /// (atoms) The writing starts with the atom of lowest rank, in each piece and at each fork; without ranks, as the atoms lie. Any permutation of
    /// the atoms gives a SMILES of the same molecule.
    /// </param>
    /// <param name="stereo">
    /// Whether tetrahedral marks (@) and directions (/ and \) are written, set right for the order. Marks of other shapes (@AL, @SP, @TB, @OH)
    /// never are.
    /// </param>
    public static string Write(Molecule molecule, ReadOnlySpan<int> ranks = default, bool stereo = true)
    {
        int count = molecule.Atoms.Length;
        if (!ranks.IsEmpty && ranks.Length != count) throw new ArgumentException("a rank for each atom is expected", nameof(ranks));
        int[] first = [.. Enumerable.Range(0, count)];
        if (!ranks.IsEmpty) ranks.ToArray().AsSpan().Sort(first.AsSpan());
        return new Writing(molecule, Walk.Of(molecule, first), stereo).Text();
    }

    /// <summary>A depth-first walk over the graph: what follows what in the text.</summary>
    /// <param name="Order">The first atom of each piece, in the order of writing.</param>
    /// <param name="Turn">(atoms) When each atom's turn is.</param>
    /// <param name="Arrival">(atoms) The bond that leads to each; None for the first of a piece.</param>
    /// <param name="Around">(atoms) Each atom's bonds in the order in which they are walked.</param>
    /// <param name="ClosesRing">(bonds) Whether the bond is written as a pair of ring digits.</param>
    private sealed record Walk(List<int> Order, int[] Turn, int[] Arrival, int[][] Around, bool[] ClosesRing)
    {
        public static Walk Of(Molecule molecule, int[] first)
        {
            int count = molecule.Atoms.Length;
            ReadOnlySpan<Bond> bonds = molecule.Bonds;
            int[] rank = new int[count];
            for (int i = 0; i < count; i++) rank[first[i]] = i;
            int[][] around = new int[count][];
            for (int atom = 0; atom < count; atom++)
            {
                int[] own = molecule.BondsOf(atom).ToArray();
                int[] ranks = new int[own.Length];
                for (int i = 0; i < own.Length; i++) ranks[i] = rank[bonds[own[i]].Other(atom)];
                ranks.AsSpan().Sort(own.AsSpan());
                around[atom] = own;
            }

            Walk walk = new([], new int[count], new int[count], around, new bool[bonds.Length]);
            int[] next = new int[count];
            int turn = 0;
            Stack<int> path = [];
            foreach (int start in first)
            {
                if (walk.Turn[start] > 0) continue;
                walk.Order.Add(start);
                (walk.Turn[start], walk.Arrival[start]) = (++turn, None);
                path.Push(start);
                while (path.TryPeek(out int atom))
                {
                    if (next[atom] == around[atom].Length)
                    {
                        path.Pop();
                        continue;
                    }
                    int bond = around[atom][next[atom]++];
                    int other = bonds[bond].Other(atom);
                    if (bond == walk.Arrival[atom]) continue;
                    if (walk.Turn[other] > 0)
                    {
                        walk.ClosesRing[bond] = true;
                        continue;
                    }
                    (walk.Turn[other], walk.Arrival[other]) = (++turn, bond);
                    path.Push(other);
                }
            }
            return walk;
        }
    }

    private sealed class Writing(Molecule molecule, Walk walk, bool stereo)
    {
        private readonly StringBuilder text = new();
        private readonly int[] ringNumbers = new int[molecule.Bonds.Length];
        private readonly SortedSet<int> freeNumbers = [];
        private readonly List<int> closedHere = [];
        private readonly List<int> neighbours = [];     // bonds of the atom at hand, as they stand in the text
        private int usedNumbers;

        public string Text()
        {
            Stack<(int Atom, bool Branch)> open = [];
            foreach (int start in walk.Order)
            {
                if (text.Length > 0) text.Append('.');
                open.Push((start, false));
                while (open.TryPop(out (int Atom, bool Branch) next))
                {
                    if (next.Atom == CloseBranch) text.Append(')');
                    else WriteAtom(next.Atom, next.Branch, open);
                }
            }
            return text.ToString();
        }

        // The bond that leads to the atom, the atom, its ring digits; what follows it is put on the stack, the last first.
        private void WriteAtom(int atom, bool branch, Stack<(int Atom, bool Branch)> open)
        {
            int arrival = walk.Arrival[atom];
            if (branch) text.Append('(');
            if (arrival != None) WriteBond(arrival, molecule.Bonds[arrival].Other(atom));
            (int rings, int followers) = Arrange(atom);
            WriteSymbol(atom, arrival != None);
            int firstRing = arrival != None ? 1 : 0;
            for (int i = firstRing; i < firstRing + rings; i++) WriteRing(neighbours[i], atom);
            freeNumbers.UnionWith(closedHere);      // not before: a number that closes here opens again further on
            closedHere.Clear();

            for (int i = 0; i < followers; i++)
            {
                int bond = neighbours[^(i + 1)];
                if (i > 0) open.Push((CloseBranch, false));
                open.Push((molecule.Bonds[bond].Other(atom), i > 0));
            }
        }

        // The atom's bonds as they stand in the text: the one that leads to it, rings that close, rings that open, atoms that follow.
        private (int Rings, int Followers) Arrange(int atom)
        {
            neighbours.Clear();
            int arrival = walk.Arrival[atom];
            if (arrival != None) neighbours.Add(arrival);
            int before = neighbours.Count;
            foreach (bool opens in new[] { false, true })
                foreach (int bond in walk.Around[atom])
                    if (walk.ClosesRing[bond] && IsOpenedBy(bond, atom) == opens) neighbours.Add(bond);
            int rings = neighbours.Count - before;
            foreach (int bond in walk.Around[atom])
                if (!walk.ClosesRing[bond] && bond != arrival) neighbours.Add(bond);
            return (rings, neighbours.Count - before - rings);
        }

        private bool IsOpenedBy(int bond, int atom) => walk.Turn[molecule.Bonds[bond].Other(atom)] > walk.Turn[atom];

        // The bond's symbol stands where the ring opens.
        private void WriteRing(int bond, int atom)
        {
            if (IsOpenedBy(bond, atom))
            {
                WriteBond(bond, atom);
                int number = freeNumbers.Count > 0 ? freeNumbers.Min : ++usedNumbers;
                freeNumbers.Remove(number);
                ringNumbers[bond] = number;
            }
            else closedHere.Add(ringNumbers[bond]);

            int written = ringNumbers[bond];
            if (written >= 100) text.Append(CultureInfo.InvariantCulture, $"%({written})");
            else if (written >= 10) text.Append(CultureInfo.InvariantCulture, $"%{written}");
            else text.Append((char)('0' + written));
        }

        private void WriteBond(int place, int from)
        {
            Bond bond = molecule.Bonds[place];
            bool aromatic = molecule.Atoms[bond.From].Aromatic && molecule.Atoms[bond.To].Aromatic;
            bool up = bond.Direction == BondDirection.Up == (from == bond.From);
            text.Append(bond.Order switch
            {
                BondOrder.Single when stereo && bond.Direction != BondDirection.None => up ? "/" : "\\",
                BondOrder.Single => aromatic ? "-" : "",
                BondOrder.Double => "=",
                BondOrder.Triple => "#",
                BondOrder.Quadruple => "$",
                BondOrder.Aromatic => aromatic ? "" : ":",
                BondOrder.Dative => from == bond.From ? "->" : "<-",
                _ => "~",
            });
        }

        private void WriteSymbol(int place, bool follows)
        {
            Atom atom = molecule.Atoms[place];
            string symbol = atom.Aromatic ? Elements.Symbol(atom.Element).ToLowerInvariant() : Elements.Symbol(atom.Element);
            string mark = stereo ? ChiralMark(place, follows) : "";
            if (mark.Length == 0 && IsPlain(atom, Valence.BondSum(molecule, place)))
            {
                text.Append(symbol);
                return;
            }
            text.Append('[');
            if (atom.Isotope > 0) text.Append(CultureInfo.InvariantCulture, $"{atom.Isotope}");
            text.Append(symbol).Append(mark);
            if (atom.Hydrogens > 0) text.Append('H');
            if (atom.Hydrogens > 1) text.Append(CultureInfo.InvariantCulture, $"{atom.Hydrogens}");
            if (atom.Charge != 0) text.Append(atom.Charge > 0 ? '+' : '-');
            if (Math.Abs(atom.Charge) > 1) text.Append(CultureInfo.InvariantCulture, $"{Math.Abs(atom.Charge)}");
            if (atom.Map > 0) text.Append(CultureInfo.InvariantCulture, $":{atom.Map}");
            text.Append(']');
        }

        private static bool IsPlain(Atom atom, int bonds) =>
            atom is { Isotope: 0, Charge: 0, Map: 0 }
            && Valence.IsOrganic(atom.Element)
            && atom.Hydrogens == Valence.ImplicitHydrogens(atom.Element, atom.Aromatic, bonds)
            && (!atom.Bracketed || atom.Element == Elements.Wildcard || Valence.IsWithinLowest(atom.Element, bonds));

        // Turned once for each swap between the order of BondsOf and that of the text, and once more where the hydrogen stands second.
        private string ChiralMark(int place, bool follows)
        {
            Atom atom = molecule.Atoms[place];
            ReadOnlySpan<int> own = molecule.BondsOf(place);
            bool centre = atom is { ChiralClass: ChiralClass.Tetrahedral, ChiralForm: > 0 }
                && (own.Length, atom.Hydrogens) is (4, 0) or (3, 0) or (3, 1);
            if (!centre) return "";
            int turns = atom.ChiralForm - 1;
            if (atom.Hydrogens == 1 && follows) turns++;
            for (int i = 0; i < own.Length; i++)
                for (int j = i + 1; j < own.Length; j++)
                    if (neighbours.IndexOf(own[i]) > neighbours.IndexOf(own[j])) turns++;
            return turns % 2 == 0 ? "@" : "@@";
        }
    }
}
