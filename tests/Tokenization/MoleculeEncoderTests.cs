using SmilesBert.Tokenization;

namespace SmilesBert.Tests.Tokenization;

public sealed class MoleculeEncoderTests
{
    private static readonly Tokenizer Atoms = Tokenizer.Load(Files.Golden("Tokenization", "atom"));

    [Fact]
    public void Encode_TrimsAndTruncatesKeepingTheEnd()
    {
        MoleculeEncoder encoder = new(Atoms, 5, LongMolecules.Truncate);
        Assert.Equal(Atoms.Encode("CCO").Ids, encoder.Encode(" CCO\r\n", 1));
        int[] cut = encoder.Encode("CCOCC", 2);
        Assert.Equal([Atoms.ClsId, .. Atoms.Encode("CCO").Ids[1..4], Atoms.SepId], cut);

        TokenizationReport report = encoder.Report;
        Assert.Equal((2L, 10L, 1L, 7), (report.Molecules, report.Tokens, report.Truncated, report.Longest));
        Assert.Equal([2L], report.TruncatedRows);
        Assert.Equal(["1 of 2 molecules are longer than the model reads and were truncated (rows 2); the longest has 7 tokens"], report.Warnings());
    }

    [Fact]
    public void Encode_OfAMoleculeThatJustFits_LosesNothing()
    {
        MoleculeEncoder encoder = new(Atoms, 4, LongMolecules.Refuse);
        Assert.Equal(Atoms.Encode("CC").Ids, encoder.Encode("CC", 1));
        Assert.Equal(4, encoder.Limit);
        Assert.Equal(0, encoder.Report.Truncated);
        Assert.Equal([Atoms.ClsId, Atoms.SepId], new MoleculeEncoder(Atoms, 2, LongMolecules.Truncate).Encode("CC", 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MoleculeEncoder(Atoms, 1, LongMolecules.Truncate));
    }

    [Fact]
    public void Report_OfManyTruncatedMolecules_NamesTheFirstThree()
    {
        MoleculeEncoder encoder = new(Atoms, 3, LongMolecules.Truncate);
        foreach (string smiles in (string[])["CC", "C", "CCCC", "CCC", "CC", "CC"]) encoder.Encode(smiles, 1 + encoder.Report.Molecules);
        Assert.Equal(["5 of 6 molecules are longer than the model reads and were truncated (rows 1, 3, 4 and 2 more); the longest has 6 tokens"],
            encoder.Report.Warnings());
    }

    [Fact]
    public void Encode_OfALongMolecule_IsRefusedWhenAsked()
    {
        MoleculeEncoder encoder = new(Atoms, 4, LongMolecules.Refuse);
        encoder.Encode("CC", 1);
        InputException problem = Assert.Throws<InputException>(() => encoder.Encode("CCCC", 17));
        Assert.Equal("Row 17: the molecule has 6 tokens, and the model reads at most 4.", problem.Message);
    }

    [Fact]
    public void Report_NamesEachLossAndTheMoleculesThatItCameFrom()
    {
        MoleculeEncoder encoder = new(Atoms, 100, LongMolecules.Truncate);
        Assert.Empty(encoder.Report.Warnings());
        encoder.Encode("C[Xx][Xx]", 3);
        for (int row = 4; row < 8; row++) encoder.Encode("Cl[Xx]", row);
        encoder.Encode("CLC", 9);

        Assert.Equal(
            [
                "\"[Xx]\" is unknown to the vocabulary, 6 times: row 3 C[Xx][Xx], row 4 Cl[Xx], row 5 Cl[Xx] and 2 more",
                "\"L\" was passed over by the tokenizer, once: row 9 CLC",
            ],
            encoder.Report.Warnings());
    }

    [Fact]
    public void Report_OfTwentyLosses_NamesThemAll()
    {
        MoleculeEncoder encoder = new(Atoms, 100, LongMolecules.Truncate);
        for (int i = 0; i < TokenizationReport.WarningLines; i++) encoder.Encode($"[X{i}]", i);
        string[] lines = [.. encoder.Report.Warnings()];
        Assert.Equal(TokenizationReport.WarningLines, lines.Length);
        Assert.All(lines, static line => Assert.Contains("is unknown to the vocabulary, once: row ", line));
    }

    [Fact]
    public void Report_OfManyLosses_StaysShort()
    {
        MoleculeEncoder encoder = new(Atoms, 100, LongMolecules.Truncate);
        for (int i = 0; i < 100; i++) encoder.Encode($"[X{i}]", i);
        string[] lines = [.. encoder.Report.Warnings()];
        Assert.Equal(TokenizationReport.WarningLines + 1, lines.Length);
        Assert.Equal("80 more texts were lost, 80 times in all", lines[^1]);
    }
}
