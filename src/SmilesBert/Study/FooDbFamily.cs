namespace SmilesBert.Study;

/// <summary>
/// A family of labels in FooDB: a column of the compounds themselves, or a table that links compounds to a table of names.
/// Columns are named as in FooDB's CSV dump of 2020-04-07.
/// </summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Column">The column of Compound that holds it; null for a linked family.</param>
/// <param name="Link">The table of pairs; null for a family that is a column.</param>
/// <param name="LinkKey">Its column with the label's id.</param>
/// <param name="Names">The table that names the labels.</param>
/// <param name="NameColumn">Its column with the name.</param>
/// <param name="Fallback">The column of <paramref name="Link"/> that names the label where <paramref name="Names"/> is absent; null: it is needed.</param>
public sealed record FooDbFamily(
    string Name, string? Column = null, string? Link = null, string LinkKey = "", string Names = "", string NameColumn = "", string? Fallback = null)
{
    internal const string Compounds = "Compound", FlavorLinks = "CompoundsFlavor";

    /// <summary>Every family, in the order in which help and messages list them.</summary>
    public static IReadOnlyList<FooDbFamily> All { get; } =
    [
        new("superclass", "superklass"), new("kingdom", "kingdom"), new("class", "klass"), new("subclass", "subklass"),
        new("flavor", Link: FlavorLinks, LinkKey: "flavor_id", Names: "Flavor", NameColumn: "name"),
        new("health-effect", Link: "CompoundsHealthEffect", LinkKey: "health_effect_id", Names: "HealthEffect", NameColumn: "name",
            Fallback: "orig_health_effect_name"),
        new("ontology", Link: "CompoundOntologyTerm", LinkKey: "ontology_term_id", Names: "OntologyTerm", NameColumn: "term"),
    ];

    /// <summary>Whether its terms have levels, of which one is studied.</summary>
    public bool HasLevels => Name == "ontology";

    /// <summary>The tables without which it cannot be read.</summary>
    internal IEnumerable<string> Needed => Link is null ? [Compounds] : Fallback is null ? [Compounds, Link, Names] : [Compounds, Link];

    /// <summary>The tables that are read where they are there. The seed study joined superclasses through the flavor table.</summary>
    internal IEnumerable<string> Wanted => Link is null ? [Compounds, FlavorLinks] : [Compounds, Link, Names];
}
