namespace SmilesBert.Molecules;

/// <summary>Which bonds lie in rings: those that are no bridges of the graph (Tarjan: A note on finding the bridges of a graph, 1974).</summary>
internal static class RingBonds
{
    /// <summary>(bonds) Whether each bond lies in a ring.</summary>
    public static bool[] Find(Molecule molecule)
    {
        ReadOnlySpan<Bond> bonds = molecule.Bonds;
        int count = molecule.Atoms.Length;
        bool[] inRing = new bool[bonds.Length];
        int[] reached = new int[count];     // the turn at which a depth-first walk reaches an atom, from 1
        int[] back = new int[count];        // the earliest turn that its subtree reaches by a ring bond
        int[] next = new int[count], arrival = new int[count];
        Stack<int> path = [];
        int turn = 0;
        for (int first = 0; first < count; first++)
        {
            if (reached[first] > 0) continue;
            (reached[first], back[first], arrival[first]) = (++turn, turn, -1);
            path.Push(first);
            while (path.TryPeek(out int atom))
            {
                ReadOnlySpan<int> around = molecule.BondsOf(atom);
                if (next[atom] < around.Length)
                {
                    int bond = around[next[atom]++];
                    int other = bonds[bond].Other(atom);
                    if (bond == arrival[atom]) continue;
                    if (reached[other] == 0)
                    {
                        (reached[other], back[other], arrival[other]) = (++turn, turn, bond);
                        path.Push(other);
                    }
                    else
                    {
                        inRing[bond] = true;
                        back[atom] = Math.Min(back[atom], reached[other]);
                    }
                    continue;
                }
                path.Pop();
                if (arrival[atom] < 0) continue;
                int parent = bonds[arrival[atom]].Other(atom);
                back[parent] = Math.Min(back[parent], back[atom]);
                inRing[arrival[atom]] = back[atom] < reached[atom];
            }
        }
        return inRing;
    }
}
