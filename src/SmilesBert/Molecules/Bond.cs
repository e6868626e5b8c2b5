namespace SmilesBert.Molecules;

/// <summary>A bond between two atoms of a molecule.</summary>
/// <param name="From">An atom: of a chain the one written first, of a ring bond the one that opens the ring, of a dative bond the giver.</param>
/// <param name="To">The other.</param>
/// <param name="Order">Its kind.</param>
/// <param name="Direction">Where <paramref name="To"/> lies, seen from <paramref name="From"/>; of single bonds beside a double bond.</param>
public readonly record struct Bond(int From, int To, BondOrder Order, BondDirection Direction = BondDirection.None)
{
    /// <summary>The atom at the other end.</summary>
    public int Other(int atom) => atom == From ? To : From;
}
