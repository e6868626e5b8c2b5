namespace SmilesBert.Molecules;

/// <summary>One pass over a SMILES, character by character; nesting lies on a stack of its own, so that no depth is too deep.</summary>
internal ref partial struct SmilesParser(ReadOnlySpan<char> text)
{
    private const int None = -1, UsualLength = 64;

    // What a bond symbol says, waiting for the bond's other end. Order 0: nothing was written.
    private readonly record struct Symbol(BondOrder Order, BondDirection Direction, bool Backward, int At)
    {
        public static readonly Symbol Unwritten = new(0, BondDirection.None, false, None);
    }

    // A ring digit that waits for its equal; End is the place that its bond will take among the atom's.
    private readonly record struct RingOpening(int Atom, Symbol Symbol, int End, int At);

    private readonly record struct BranchOpening(int Atom, int At);

    private readonly ReadOnlySpan<char> text = text;
    private readonly List<Atom> atoms = new(Math.Min(text.Length, UsualLength));
    private readonly List<Bond> bonds = new(Math.Min(text.Length, UsualLength));
    private readonly List<(int Atom, int Bond)> ends = new(Math.Min(2 * text.Length, 2 * UsualLength));     // in the order of the text
    private readonly List<int> before = new(Math.Min(text.Length, UsualLength));                   // (atoms) the atom written before each, to which it is bonded
    private readonly Dictionary<int, RingOpening> rings = [];
    private readonly HashSet<(int, int)> ringPairs = [];
    private readonly Stack<BranchOpening> branches = [];
    private int at;
    private int previous = None;        // the atom that the next one is bonded to
    private int needed = None;          // where the '(', '.' or bond symbol stands that an atom must follow; None when nothing must
    private bool branchBegins;          // since a '(' no atom was read
    private Symbol bond = Symbol.Unwritten;

    /// <summary>What is wrong with the text, once <see cref="Run"/> has said no.</summary>
    public SmilesProblem Problem { get; private set; }

    /// <summary>Whether the text can be read.</summary>
    public bool Run()
    {
        while (at < text.Length)
        {
            char c = text[at];
            bool good = c switch
            {
                '(' => OpenBranch(),
                ')' => CloseBranch(),
                '.' => Dot(),
                '%' or (>= '0' and <= '9') => RingDigit(),
                '[' => BracketAtom(),
                '-' or '=' or '#' or '$' or ':' or '~' or '/' or '\\' or '<' => BondSymbol(c),
                _ => PlainAtom(c),
            };
            if (!good) return false;
        }
        if (atoms.Count == 0) return Fail(0, text.IsEmpty ? "it is empty" : "it has no atom");
        if (needed != None) return Fail(needed, $"no atom follows {Shown(text[needed])}");
        if (branches.TryPeek(out BranchOpening branch)) return Fail(branch.At, "the '(' is never closed");
        if (rings.Count == 0) return true;
        (int number, RingOpening ring) = rings.MinBy(open => open.Value.At);
        return Fail(ring.At, $"ring {number} is never closed");
    }

    private bool OpenBranch()
    {
        if (previous == None || needed != None) return NoAtom();
        branches.Push(new BranchOpening(previous, at));
        branchBegins = true;
        needed = at++;
        return true;
    }

    private bool CloseBranch()
    {
        if (branches.Count == 0) return Fail(at, "the ')' closes nothing");
        if (needed != None) return NoAtom();
        previous = branches.Pop().Atom;
        at++;
        return true;
    }

    private bool Dot()
    {
        if (previous == None || bond.Order != 0) return NoAtom();
        previous = None;
        needed = at++;
        return true;
    }

    private bool BondSymbol(char c)
    {
        if (previous == None || bond.Order != 0) return NoAtom();
        bool dative = text[at..].StartsWith("->") || text[at..].StartsWith("<-");
        if (c == '<' && !dative) return Fail(at, "'<' is no bond");
        bond = c switch
        {
            _ when dative => new Symbol(BondOrder.Dative, BondDirection.None, c == '<', at),
            '/' => new Symbol(BondOrder.Single, BondDirection.Up, false, at),
            '\\' => new Symbol(BondOrder.Single, BondDirection.Down, false, at),
            _ => new Symbol(OrderOf(c), BondDirection.None, false, at),
        };
        needed = at;
        at += dative ? 2 : 1;
        return true;
    }

    private static BondOrder OrderOf(char c) => c switch
    {
        '-' => BondOrder.Single,
        '=' => BondOrder.Double,
        '#' => BondOrder.Triple,
        '$' => BondOrder.Quadruple,
        ':' => BondOrder.Aromatic,
        _ => BondOrder.Any,
    };

    private bool PlainAtom(char c)
    {
        char second = at + 1 < text.Length ? text[at + 1] : '\0';
        int length = (c == 'C' && second == 'l') || (c == 'B' && second == 'r') ? 2 : 1;
        if (!Elements.TryFind(text.Slice(at, length), out int element, out bool aromatic) || !Valence.IsOrganic(element)) return NoSymbol(c);
        Append(new Atom { Element = element, Aromatic = aromatic });
        at += length;
        return true;
    }

    private bool NoSymbol(char c)
    {
        if (char.IsWhiteSpace(c)) return Fail(at, "white space");
        int length = at + 1 < text.Length && char.IsAsciiLetterLower(text[at + 1]) ? 2 : 1;
        if (Elements.TryFind(text.Slice(at, length), out _, out _) || (length == 2 && Elements.TryFind(text.Slice(at, 1), out _, out _)))
            return Fail(at, $"'{text.Slice(at, length)}' is no atom outside of brackets");
        return Fail(at, $"{Shown(c)} is no atom and no bond");
    }

    private void Append(Atom atom)
    {
        int place = atoms.Count;
        atoms.Add(atom);
        before.Add(previous);
        if (previous != None)
        {
            ends.Add((previous, bonds.Count));
            ends.Add((place, bonds.Count));
            bonds.Add(Join(previous, place, bond));
        }
        (previous, needed, branchBegins, bond) = (place, None, false, Symbol.Unwritten);
    }

    private bool RingDigit()
    {
        if (previous == None || branchBegins) return NoAtom();
        int start = at;
        if (!ReadRingNumber(out int number)) return false;
        if (!rings.Remove(number, out RingOpening ring))
        {
            rings.Add(number, new RingOpening(previous, bond, ends.Count, start));
            ends.Add((previous, None));
        }
        else if (!CloseRing(ring, number, start)) return false;
        (needed, bond) = (None, Symbol.Unwritten);
        return true;
    }

    private bool CloseRing(RingOpening ring, int number, int start)
    {
        if (ring.Atom == previous) return Fail(start, $"ring {number} bonds an atom to itself");
        if (before[previous] == ring.Atom || !ringPairs.Add((ring.Atom, previous)))
            return Fail(start, $"ring {number} bonds two atoms that have a bond");
        if (bond.Order != 0 && ring.Symbol.Order != 0 && bond.Order != ring.Symbol.Order)
        {
            string opened = $"opened with '{text[ring.Symbol.At]}' (character {ring.Symbol.At + 1})";
            return Fail(start, $"ring {number} closes with '{text[bond.At]}', and {opened}");
        }

        // Written at either end; of two directions the closing one counts.
        bool atClose = bond.Order != 0;
        Bond joined = atClose ? Join(previous, ring.Atom, bond) : Join(ring.Atom, previous, ring.Symbol);
        ends[ring.End] = (ring.Atom, bonds.Count);
        ends.Add((previous, bonds.Count));
        bonds.Add(joined);
        return true;
    }

    private static Bond Join(int from, int to, Symbol symbol) =>
        symbol.Backward ? new Bond(to, from, symbol.Order) : new Bond(from, to, symbol.Order, symbol.Direction);

    // A digit, % with two, or %(...) with up to five.
    private bool ReadRingNumber(out int number)
    {
        number = 0;
        int start = at;
        if (text[at] != '%')
        {
            number = text[at++] - '0';
            return true;
        }
        at++;
        bool bracketed = at < text.Length && text[at] == '(';
        if (bracketed) at++;
        int first = at, most = bracketed ? 5 : 2;
        while (at < text.Length && at - first < most && char.IsAsciiDigit(text[at])) number = (10 * number) + (text[at++] - '0');
        bool whole = bracketed ? at > first && at < text.Length && text[at++] == ')' : at == first + 2;
        return whole || Fail(start, "no ring number follows '%': two digits or (digits) are expected");
    }

    private bool NoAtom() => Fail(at, $"{Shown(text[at])} stands where an atom is expected");

    private bool Fail(int position, string what)
    {
        Problem = new SmilesProblem(position + 1, what);
        return false;
    }

    private static string Shown(char c) => char.IsControl(c) ? $"character U+{(int)c:X4}" : $"'{c}'";
}
