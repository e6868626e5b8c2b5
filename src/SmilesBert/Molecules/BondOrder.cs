namespace SmilesBert.Molecules;

/// <summary>What kind of bond joins two atoms.</summary>
public enum BondOrder
{
    /// <summary>One electron pair: nothing, - or a direction.</summary>
    Single = 1,

    /// <summary>=</summary>
    Double,

    /// <summary>#</summary>
    Triple,

    /// <summary>$</summary>
    Quadruple,

    /// <summary>Part of an aromatic ring: nothing between aromatic atoms of one ring, or a colon.</summary>
    Aromatic,

    /// <summary>Any bond, ~; it takes up no valence.</summary>
    Any,

    /// <summary>Given by <see cref="Bond.From"/> to <see cref="Bond.To"/>: -> or &lt;-; it takes up a valence of the taker alone.</summary>
    Dative,
}
