namespace SmilesBert.Molecules;

/// <summary>On which side of its neighbour an atom beside a double bond lies.</summary>
public enum BondDirection
{
    /// <summary>Nothing is said.</summary>
    None,

    /// <summary><see cref="Bond.To"/> lies above <see cref="Bond.From"/>: / when written in this order.</summary>
    Up,

    /// <summary><see cref="Bond.To"/> lies below <see cref="Bond.From"/>: \ when written in this order.</summary>
    Down,
}
