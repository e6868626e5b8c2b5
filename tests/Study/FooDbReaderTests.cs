using SmilesBert.Study;

namespace SmilesBert.Tests.Study;

public sealed class FooDbReaderTests
{
    private static FooDbFamily Family(string name) => FooDbFamily.All.Single(family => family.Name == name);

    private static string[] Lines(LabelledTable table) => [.. table.Molecules.Select(static m => $"{m.Id} {m.Name}: {string.Join(", ", m.Labels)}")];

    [Fact]
    public void Flavors_AreJoinedById_AndWhatIsLostIsCounted()
    {
        using FooDbFolder folder = new();
        LabelledTable table = FooDbReader.Read(folder.Root, Family("flavor"), level: null, TestContext.Current.CancellationToken);
        Assert.Equal(["1 Vanillin: sweet, vanilla", "3 Limonene: citrus", "5 Hexadecanoic acid: waxy", "8 Eugenol: spicy, sweet"], Lines(table));
        Assert.True(table.HasSets);
        Assert.Contains("found by content", table.Notes[0], StringComparison.Ordinal);
        Assert.Equal(
            new (string, long)[]
            {
                ("a compound's id is there already", 1), ("compounds whose row or SMILES cannot be read", 1),
                ("a link of something other than a compound", 1), ("a quoted field is broken", 1),
                ("a link that is there already", 1), ("a link to a compound that is not there or not readable", 1),
                ("a link to a label that is not there", 1), ("compounds joined with another of the same SMILES", 1),
            }.Order(),
            table.Dropped.Select(static dropped => (dropped.Reason, dropped.Count)).Order());
    }

    [Fact]
    public void Archive_GivesTheSameAsTheFolder()
    {
        using FooDbFolder folder = new();
        string archive = folder.Archive();
        foreach (FooDbFamily family in FooDbFamily.All.Where(static f => f.Name is "superclass" or "flavor" or "health-effect"))
            Assert.Equal(Lines(FooDbReader.Read(folder.Root, family, null, TestContext.Current.CancellationToken)), Lines(FooDbReader.Read(archive, family, null, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public void Superclass_IsAColumn_AndTheJoinRepeatsByFlavors()
    {
        using FooDbFolder folder = new();
        LabelledTable table = FooDbReader.Read(folder.Root, Family("superclass"), null, TestContext.Current.CancellationToken);
        Assert.False(table.HasSets);
        Assert.Equal([("1", 3), ("2", 0), ("3", 1), ("4", 0), ("5", 2), ("8", 3)], table.Molecules.Select(static m => (m.Id, m.Joined)));
        Assert.Contains(table.Dropped, static dropped => dropped is { Reason: "compounds without a superclass", Count: 1 });

        folder.Delete("CompoundsFlavor.csv");
        Assert.All(FooDbReader.Read(folder.Root, Family("superclass"), null, TestContext.Current.CancellationToken).Molecules, static m => Assert.Equal(1, m.Joined));
    }

    [Fact]
    public void HealthEffects_NeedNoTableOfNames()
    {
        using FooDbFolder folder = new();
        LabelledTable table = FooDbReader.Read(folder.Root, Family("health-effect"), null, TestContext.Current.CancellationToken);
        Assert.Equal(["1 Vanillin: Antioxidant", "2 Caffeine: Stimulant", "8 Eugenol: Antioxidant"], Lines(table));
        Assert.Contains("there is no HealthEffect.csv: labels are named by CompoundsHealthEffect.orig_health_effect_name", table.Notes);

        folder.Write("HealthEffect.csv", "id,name,description\n1,wakefulness,\n2,antioxidant,\n");
        Assert.Equal(["1 Vanillin: antioxidant", "2 Caffeine: wakefulness", "8 Eugenol: antioxidant"], Lines(FooDbReader.Read(folder.Root, Family("health-effect"), null, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public void Ontology_IsOfOneLevel()
    {
        using FooDbFolder folder = new();
        Assert.Equal(["1 Vanillin: Flavouring", "2 Caffeine: Stimulant", "8 Eugenol: Flavouring"], Lines(FooDbReader.Read(folder.Root, Family("ontology"), 4, TestContext.Current.CancellationToken)));
        Assert.Equal(["3 Limonene: Food"], Lines(FooDbReader.Read(folder.Root, Family("ontology"), 2, TestContext.Current.CancellationToken)));
        InputException none = Assert.Throws<InputException>(() => FooDbReader.Read(folder.Root, Family("ontology"), 9, TestContext.Current.CancellationToken));
        Assert.Contains("has an ontology label of level 9", none.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingTable_SaysWhatRemainsPossible()
    {
        using FooDbFolder folder = new();
        folder.Delete("Flavor.csv");
        folder.Delete("OntologyTerm.csv");
        InputException error = Assert.Throws<InputException>(() => FooDbReader.Read(folder.Root, Family("flavor"), null, TestContext.Current.CancellationToken));
        Assert.EndsWith(
            "lacks the table Flavor.csv, which flavor labels need; what it holds allows superclass, kingdom, class, subclass, health-effect",
            error.Message, StringComparison.Ordinal);
        folder.Delete("Compound.csv");
        error = Assert.Throws<InputException>(() => FooDbReader.Read(folder.Root, Family("superclass"), null, TestContext.Current.CancellationToken));
        Assert.EndsWith("lacks the table Compound.csv, which superclass labels need; what it holds allows no label family", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WrongPaths_AreRefused()
    {
        using FooDbFolder folder = new();
        Assert.Contains("there is no folder or file", Refusal(folder["nowhere"]), StringComparison.Ordinal);
        Assert.Contains("expected FooDB's folder of CSV files", Refusal(folder["Flavor.csv"]), StringComparison.Ordinal);
        File.WriteAllText(folder["cut.tar.gz"], "no archive");
        Assert.Contains("cannot be read", Refusal(folder["cut.tar.gz"]), StringComparison.Ordinal);
        byte[] whole = File.ReadAllBytes(folder.Archive());
        File.WriteAllBytes(folder["short.tar.gz"], whole[..(whole.Length / 2)]);
        Assert.NotEmpty(Refusal(folder["short.tar.gz"]));
        folder.Write("compound.csv.gz", "");
        Assert.Contains("holds the table", Refusal(folder.Root), StringComparison.Ordinal);

        static string Refusal(string path) => Assert.Throws<InputException>(() => FooDbReader.Read(path, Family("superclass"), null, TestContext.Current.CancellationToken)).Message;
    }

    [Fact]
    public void RealFiles_GiveTheirKnownCounts()
    {
        string folder = Files.Shared("data", "foodb");
        LabelledTable superclasses = FooDbReader.Read(folder, Family("superclass"), null, TestContext.Current.CancellationToken);
        Assert.Equal(("Phenylpropanoids and polyketides", true), (superclasses.Counts[0].Key, superclasses.Counts[0].Value > 400));
        LabelledTable effects = FooDbReader.Read(folder, Family("health-effect"), null, TestContext.Current.CancellationToken);
        Assert.InRange(effects.Molecules.Count, 300, 327);
        Assert.Equal("Pesticide", effects.Counts[0].Key);
    }
}
