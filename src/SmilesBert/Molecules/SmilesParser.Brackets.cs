namespace SmilesBert.Molecules;

/// <summary>Bracket atoms: [isotope element chirality hydrogens charge :map], of which all but the element may lack.</summary>
internal ref partial struct SmilesParser
{
    private const int MostIsotope = ushort.MaxValue, MostHydrogens = 99, MostCharge = 127;

    private readonly char Next => at < text.Length ? text[at] : '\0';

    private bool BracketAtom()
    {
        int open = at++;
        if (text[at..].IndexOf(']') < 0) return Fail(open, "the '[' is never closed");

        int start = at;
        if (!ReadNumber(MostIsotope, out int isotope)) return Fail(start, "no isotope is that heavy");
        if (!ReadElement(open, out int element, out bool aromatic)) return false;
        if (!ReadChirality(out ChiralClass chiral, out int form)) return false;
        int hydrogens = 0;
        if (Next == 'H')
        {
            start = ++at;
            if (!ReadNumber(MostHydrogens, out hydrogens)) return Fail(start, "no atom has that many hydrogens");
            if (at == start) hydrogens = 1;
        }
        if (!ReadCharge(out int charge)) return false;
        int map = 0;
        if (Next == ':')
        {
            start = ++at;
            if (!ReadNumber(int.MaxValue, out map) || at == start) return Fail(start, "an atom map number is expected");
        }
        if (Next != ']') return Fail(at, $"{Shown(Next)} has no place here in a bracket atom");
        at++;
        Append(new Atom
        {
            Element = element,
            Isotope = isotope,
            Charge = charge,
            Hydrogens = hydrogens,
            Aromatic = aromatic,
            ChiralClass = chiral,
            ChiralForm = form,
            Map = map,
            Bracketed = true,
        });
        return true;
    }

    private bool ReadElement(int open, out int element, out bool aromatic)
    {
        int start = at;
        if (Next == '#')
        {
            aromatic = false;
            at++;
            return (ReadNumber(Elements.Count, out element) && at > start + 1) || Fail(start, "no element has that number");
        }

        // Two letters where they name one: [Sc] is scandium, [CH] is carbon and a hydrogen.
        for (int length = at + 1 < text.Length && char.IsAsciiLetterLower(text[at + 1]) ? 2 : 1; length > 0; length--)
            if (Elements.TryFind(text.Slice(at, length), out element, out aromatic))
            {
                at += length;
                return true;
            }
        (element, aromatic) = (0, false);
        int end = at + text[at..].IndexOf(']');
        return end == open + 1 ? Fail(open, "the brackets hold no atom") : Fail(start, $"'{text[start..end]}' begins with no element");
    }

    private bool ReadChirality(out ChiralClass chiral, out int form)
    {
        (chiral, form) = (ChiralClass.None, 0);
        if (Next != '@') return true;
        int start = at++;
        (chiral, form) = (ChiralClass.Tetrahedral, 1);
        if (Next == '@')
        {
            at++;
            form = 2;
            return true;
        }
        (ChiralClass Class, int Forms) named = text[at..Math.Min(at + 2, text.Length)] switch
        {
            "TH" => (ChiralClass.Tetrahedral, 2),
            "AL" => (ChiralClass.Allene, 2),
            "SP" => (ChiralClass.SquarePlanar, 3),
            "TB" => (ChiralClass.TrigonalBipyramid, 20),
            "OH" => (ChiralClass.Octahedron, 30),
            _ => default,
        };
        if (named.Class == ChiralClass.None) return true;
        at += 2;
        chiral = named.Class;
        return ReadNumber(named.Forms, out form) || Fail(start, $"'{text[start..at]}' has {named.Forms} forms, and not the one that is asked for");
    }

    // + and - with a number, or several times over: [Ca+2] is [Ca++].
    private bool ReadCharge(out int charge)
    {
        charge = 0;
        char sign = Next;
        if (sign is not ('+' or '-')) return true;
        int start = at;
        while (Next == sign) at++;
        int count = at - start;
        if (count == 1 && char.IsAsciiDigit(Next) && !ReadNumber(MostCharge, out count)) return Fail(start, "no atom has that charge");
        if (count > MostCharge) return Fail(start, "no atom has that charge");
        charge = sign == '+' ? count : -count;
        return true;
    }

    // Digits up to a bound; 0 for none.
    private bool ReadNumber(int most, out int number)
    {
        long read = 0;
        while (char.IsAsciiDigit(Next) && read <= most) read = (10 * read) + (text[at++] - '0');
        number = (int)Math.Min(read, most);
        return read <= most;
    }
}
