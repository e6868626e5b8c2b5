using System.IO.Compression;
using System.Text;
using SmilesBert.Data;

namespace SmilesBert.Tests.Data;

public sealed class MoleculeReaderTests : IDisposable
{
    private static readonly ReadOptions Skip = new() { OnBadRow = BadRows.Skip };
    private readonly DataFolder folder = new();

    public void Dispose() => folder.Dispose();

    private (MoleculeRow[] Rows, MoleculeReader Reader) Read(string name, string text, ReadOptions? options = null) =>
        Read(folder.Write(name, text), options);

    private static (MoleculeRow[] Rows, MoleculeReader Reader) Read(string path, ReadOptions? options)
    {
        using MoleculeReader reader = MoleculeReader.Open(path, options ?? new ReadOptions());
        return ([.. reader.Rows()], reader);
    }

    private string Message(string name, string text, ReadOptions? options = null) => Message(folder.Write(name, text), options);

    // One sentence: no line break, and the file named.
    private static string Message(string path, ReadOptions? options = null)
    {
        string message = Assert.Throws<InputException>(() => Read(path, options)).Message;
        Assert.Contains(Path.GetFileName(path), message);
        Assert.DoesNotContain("\n", message);
        return message;
    }

    [Theory]
    [InlineData(",")]
    [InlineData(";")]
    [InlineData("\t")]
    [InlineData("|")]
    public void Delimiter_IsFound(string d)
    {
        (MoleculeRow[] rows, MoleculeReader reader) = Read("a.csv", $"name{d}smiles{d}\"y{d}z\"\nethanol{d}CCO{d}1\n\"a{d}b\"{d}CCN{d}2\n");
        Assert.Equal(["name", "smiles", $"y{d}z"], reader.Header);
        Assert.Equal(["CCO", "CCN"], rows.Select(row => row.Smiles));
        Assert.Equal($"a{d}b", rows[1].Fields[0]);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void QuotedLineBreaks_KeepLineNumbersRight(string newline)
    {
        string text = string.Join(newline,
            "smiles,note", "CCO,\"two", "lines, \"\"quoted\"\"\"", "", "", "CCN,plain", "CCC,\"three", "", "lines\"", "\"CCF", "\",\"both", "\"", "c1ccccc1,last");
        (MoleculeRow[] rows, _) = Read("a.csv", text);
        Assert.Equal([2L, 6L, 7L, 10L, 13L], rows.Select(row => row.Line));
        Assert.Equal([1L, 2L, 3L, 4L, 5L], rows.Select(row => row.Row));
        Assert.Equal($"two{newline}lines, \"quoted\"", rows[0].Fields[1]);
    }

    [Fact]
    public void ByteOrderMarks_AreNoPartOfTheHeader()
    {
        foreach (Encoding encoding in new Encoding[] { new UTF8Encoding(true), new UnicodeEncoding(false, true), new UnicodeEncoding(true, true) })
        {
            string path = folder.WriteBytes("bom.csv", [.. encoding.GetPreamble(), .. encoding.GetBytes("smiles;y\r\nCCO;1\r\n")]);
            (MoleculeRow[] rows, MoleculeReader reader) = Read(path, new ReadOptions { SmilesColumn = "smiles" });
            Assert.Equal(["smiles", "y"], reader.Header);
            Assert.Equal("CCO", Assert.Single(rows).Smiles);
        }
    }

    [Fact]
    public void List_GivesNamesAndSkipsBlankLines()
    {
        (MoleculeRow[] rows, MoleculeReader reader) = Read("a.smi", "CCO ethanol, plain\n\n  \nCC(=O)O\n c1ccccc1\t\tbenzene \n");
        Assert.Equal(["CCO", "CC(=O)O", "c1ccccc1"], rows.Select(row => row.Smiles));
        Assert.Equal(["ethanol, plain", "", "benzene"], rows.Select(row => row.Fields[1]));
        Assert.Equal([1L, 4L, 5L], rows.Select(row => row.Line));
        Assert.Equal(["smiles", "name"], reader.Header);
    }

    [Theory]
    [InlineData("CCO\nCCN\n", "CCO", "CCN")]
    [InlineData("CCO ethanol\nCCN\n", "CCO", "CCN")]
    [InlineData("smiles\nCCO\nCCN\n", "CCO", "CCN")]
    [InlineData("id,molecule\n1,CCO\n2,CCN\n", "CCO", "CCN")]
    [InlineData("COOPs,smiles\n1,CCO\n2,CCN\n", "CCO", "CCN")]      // begins as a molecule might
    public void StandardInput_IsToldApartByItsFirstLine(string text, params string[] expected)
    {
        using MoleculeReader plain = MoleculeReader.Open(new Drip(Encoding.UTF8.GetBytes(text)), "standard input", new ReadOptions());
        Assert.Equal(expected, plain.Rows().Select(row => row.Smiles));
        using MoleculeReader packed = MoleculeReader.Open(new Drip(DataFolder.Gzip(Encoding.UTF8.GetBytes(text))), "standard input", new ReadOptions());
        Assert.Equal(expected, packed.Rows().Select(row => row.Smiles));
    }

    [Fact]
    public void Gzip_IsToldByContent_OfSeveralMembersToo()
    {
        byte[] one = DataFolder.Gzip("smiles,y\nCCO,1\n"u8.ToArray()), two = DataFolder.Gzip("CCN,2\n"u8.ToArray());
        (MoleculeRow[] rows, _) = Read(folder.WriteBytes("packed.csv", [.. one, .. two]), null);
        Assert.Equal(["CCO", "CCN"], rows.Select(row => row.Smiles));
    }

    [Fact]
    public void Gzip_WhoseLastMemberIsCutShort_IsRefused_WhereverItIsCut()
    {
        using DataFolder folder = new();
        byte[] first = DataFolder.Gzip(Encoding.UTF8.GetBytes("smiles,y\n" + string.Concat(Enumerable.Repeat("CCO,1\n", 3000))));
        // Zeros where a member's length would stand, were it whole: a check of lengths alone takes them for one.
        MemoryStream second = new();
        using (GZipStream gzip = new(second, CompressionLevel.NoCompression)) gzip.Write(new byte[64]);
        byte[] member = second.ToArray();
        for (int length = 1; length < member.Length; length++)
            Assert.Contains("table.csv.gz cannot be", Message(folder.WriteBytes("table.csv.gz", [.. first, .. member[..length]])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("C", "a field of more than 1048576 characters")]
    [InlineData("C,", "a row of more than 4194304 characters")]
    public void Gzip_ThatExpandsToOneEndlessRow_IsRefused_BeforeItFillsTheMemory(string filling, string says)
    {
        using DataFolder folder = new();
        MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest))
        {
            gzip.Write("smiles,y\nCC,1\n"u8);
            byte[] block = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(filling, 500_000)));
            for (int blocks = 0; blocks < 100; blocks++) gzip.Write(block);
        }
        string path = folder.WriteBytes("bomb.csv.gz", packed.ToArray());
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(says, Message(path), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 300 << 20);
    }

    [Fact]
    public void BadRows_AreTold_InOneLineEach()
    {
        using DataFolder folder = new();
        string path = folder.Write("table.csv", "smiles,y\nCC,1\n\"C\u001b[2J\nC\",1\n");
        using MoleculeReader reader = MoleculeReader.Open(path, new ReadOptions { OnBadRow = BadRows.Skip });
        Assert.Single(reader.Rows());
        Assert.DoesNotContain(Assert.Single(reader.BadRowMessages), char.IsControl);
    }

    [Fact]
    public void Gzip_CutShortOrDamaged_IsRefused()
    {
        string text = "smiles\n" + string.Concat(Enumerable.Range(1, 20000).Select(i => DataFolder.Chain(i) + "\n"));
        byte[] whole = DataFolder.Gzip(Encoding.UTF8.GetBytes(text));
        Assert.Equal(20000, Read(folder.WriteBytes("whole.csv.gz", whole), null).Rows.Length);
        foreach (int length in new[] { whole.Length - 1, whole.Length - 8, whole.Length / 2, 20, 5 })
            Message(folder.WriteBytes($"cut{length}.csv.gz", whole[..length]));
        whole[^6] ^= 1;     // the checksum
        Assert.Contains("cannot be read past line", Message(folder.WriteBytes("damaged.csv.gz", whole)));
    }

    [Fact]
    public void NamedColumn_WinsOverContent()
    {
        (MoleculeRow[] rows, MoleculeReader reader) = Read("a.csv", "a,b\nCCO,CCN\nCC,CCC\n", new ReadOptions { SmilesColumn = "b" });
        Assert.Equal(["CCN", "CCC"], rows.Select(row => row.Smiles));
        Assert.Contains("as asked", reader.SmilesColumnChoice);
        Assert.Contains("line 2: 'hello' is no SMILES", Message("b.csv", "a,b\nCCO,hello\nCC,CCC\n", new ReadOptions { SmilesColumn = "b" }));
    }

    [Fact]
    public void SeveralCandidates_TheBestIsTakenAndTheOthersNamed()
    {
        (_, MoleculeReader reader) = Read("a.csv", "reactant,product,canonical_smiles\nCCO,CC=O,CCO\nCCN,CC=N,CCN\nCCN,C,N\n");
        Assert.Equal(2, reader.SmilesColumn);
        Assert.Contains("'reactant'", reader.SmilesColumnChoice);

        (_, reader) = Read("b.csv",
            "label,formula,key,number,what\nCI,C2H6O,LFQSCWFLJHTTHZ-UHFFFAOYSA-N,12,CCO\nCA,C2H7N,QUSNBJAOOMFDIB-UHFFFAOYSA-N,13,CCN\n");
        Assert.Equal(4, reader.SmilesColumn);
        Assert.Equal(2, reader.InChIKeyColumn);
    }

    [Theory]
    [InlineData("smiles,y\nCCO,1\nCCN\n", "line 3: 1 fields where the header has 2")]
    [InlineData("smiles,y\nCCO,1\nCCN,2,3\n", "line 3: 3 fields where the header has 2")]
    [InlineData("smiles,y\nCCO,\"a\nb\"\n,1\n", "line 4: the SMILES is empty")]
    [InlineData("smiles,y\nCCO,1\n\"CCN\"x,2\n", "line 3: a quoted field is not closed")]
    [InlineData("smiles,y\nCCO,1\nCCN,\"2\nCCC,3\n", "line 3: a quoted field is not closed")]
    [InlineData("smiles,y\nCCO,1\nCC(N,2\n", "'CC(N' is no SMILES: the '(' is never closed (character 3)")]
    [InlineData("smiles,y\nCCO,1\nCC)N,2\n", "the ')' closes nothing (character 3)")]
    [InlineData("smiles,y\nCCO,1\nC[NH3+,2\n", "the '[' is never closed (character 2)")]
    [InlineData("smiles,y\nCCO,1\nC1CC2CC1,2\n", "ring 2 is never closed (character 5)")]
    [InlineData("smiles,y\nCCO,1\nCC=O>>CC(O,2\n", "the '(' is never closed (character 9)")]
    [InlineData("smiles,y\nCCO,1\nCC=O>CCO,2\n", "a reaction has three parts, divided by '>', and only two are here")]
    [InlineData("smiles,y\nCCO,1\nC>C>C>C,2\n", "a reaction has three parts, and a fourth begins (character 6)")]
    [InlineData("smiles,y\nCCO,1\n>>,2\n", "it has no atom")]
    [InlineData("smiles,y\nCCO,1\nC C,2\n", "white space (character 2)")]
    [InlineData("smiles,y\nCCO,1\nCZn,2\n", "'Zn' is no atom outside of brackets (character 2)")]
    [InlineData("smiles,y\nCCO,1\nC[],2\n", "the brackets hold no atom (character 2)")]
    [InlineData("smiles,y\nCCO,1\n12,2\n", "'1' stands where an atom is expected (character 1)")]
    [InlineData("smiles,y\nCCO,1\nCC\u00e9,2\n", "'\u00e9' is no atom and no bond (character 3)")]
    public void BadRow_IsAnErrorWithItsLine_OrIsCounted(string text, string expected)
    {
        Assert.Contains(expected, Message("bad.csv", text));
        (MoleculeRow[] rows, MoleculeReader reader) = Read("bad.csv", text, Skip);
        Assert.Equal(1, reader.BadRowCount);
        Assert.Equal("CCO", Assert.Single(rows).Smiles);
        Assert.Contains(expected, Assert.Single(reader.BadRowMessages));
    }

    [Theory]
    [InlineData("CCO>>CC=O")]
    [InlineData("CCO.Cl>[Cr]>CC=O")]
    [InlineData("N.[Pt]>>N->[Pt]")]
    [InlineData("N->[Pt]")]
    public void Reactions_AndDativeBonds_CanBeRead(string smiles)
    {
        Assert.Equal(smiles, Read("a.smi", $"CCO\n{smiles}\n").Rows[1].Smiles);
    }

    [Fact]
    public void SkippedRows_StillCountAsRows()
    {
        (MoleculeRow[] rows, MoleculeReader reader) = Read("a.smi", "CCO\nhello\nCCN\n" + string.Concat(Enumerable.Repeat("?!\n", 20)), Skip);
        Assert.Equal([1L, 3L], rows.Select(row => row.Row));
        Assert.Equal(21, reader.BadRowCount);
        Assert.Equal(5, reader.BadRowMessages.Count);
    }

    [Theory]
    [InlineData("a.TSV", "smiles\ty,z\nCCO\t1\n", 2)]            // by its name, though the first line has a comma too
    [InlineData("a.csv", "smiles\ty,z\nCCO\t1\n", 2)]            // as often: a tab is seldom part of a name
    [InlineData("a.csv", "smiles|y,z\nCCO,1\n", 2)]              // as often: a bar often is
    [InlineData("a.csv", "smiles;y,z;w\nCCO;1;2\n", 3)]
    [InlineData("a.csv", "smiles;\"y,z,w\"\nCCO;1\n", 2)]         // quoted ones do not count
    [InlineData("a.csv", "smiles\nCCO\n", 1)]
    [InlineData("a.dat", "CCO\nCCN\n", 2)]                       // a name that says nothing: a molecule on the first line makes a list
    [InlineData("a.dat", "smiles\nCCO\n", 1)]
    public void FormAndDelimiter_AreFound(string name, string text, int columns) => Assert.Equal(columns, Read(name, text).Reader.Header.Count);

    [Theory]
    [InlineData("a.SMI.gz", 2)]
    [InlineData("a.csv.GZ", 1)]
    [InlineData("a.gz", 1)]
    public void PackedFiles_GoByTheNameWithinTheirName(string name, int columns)
    {
        string text = columns == 2 ? "CCO\n" : "smiles\nCCO\n";
        Assert.Equal(columns, Read(folder.WriteBytes(name, DataFolder.Gzip(Encoding.UTF8.GetBytes(text))), null).Reader.Header.Count);
    }

    [Fact]
    public void BadRows_AfterTheFirstThousand_AreFoundToo()
    {
        string text = "smiles,y\n" + string.Concat(Enumerable.Repeat("CCO,1\n", 1200)) + "CC(,2\n";
        Assert.Contains("bad.csv, line 1202: ", Message("bad.csv", text));
        Assert.Equal(1200, Read("bad.csv", text, Skip).Rows.Length);
    }

    [Fact]
    public void QuoteInsideAnUnquotedField_IsACharacter()
    {
        (MoleculeRow[] rows, _) = Read("a.csv", "smiles,size\nCCO,5\" pipe\nCCN,6\n");
        Assert.Equal("5\" pipe", rows[0].Fields[1]);
    }

    [Fact]
    public void FilesThatCannotBeUsed_GiveOneSentence()
    {
        Assert.Contains("there is no file", Message(folder.At("nowhere.csv")));
        Assert.Contains("is a folder", Message(folder.Root));
        Assert.EndsWith("is empty", Message("empty.csv", ""));
        Assert.EndsWith("is empty", Message("blank.smi", "\n \r\n\n"));
        Assert.EndsWith("is empty", Message(folder.WriteBytes("empty.csv.gz", DataFolder.Gzip([]))));
        Assert.Contains("has a header and no row", Message("header.csv", "smiles,y\n"));
        Assert.Contains("is not text", Message(folder.WriteBytes("binary.csv", [80, 75, 3, 4, 0, 0, 1])));
        Assert.Contains("no column 'x'; its columns are 'smiles', 'y'", Message("a.csv", "smiles,y\nCCO,1\n", new ReadOptions { SmilesColumn = "x" }));
        Assert.Contains("2 columns 's' (numbers 1, 3)", Message("twice.csv", "s,y,s\nCCO,1,CC\n", new ReadOptions { SmilesColumn = "s" }));
        Assert.Contains("begins with a molecule ('CCO')", Message("headless.csv", "CCO,1\nCCN,2\n"));
        Assert.Contains("line 2: 3 fields where the header has 2", Message("ragged.csv", "smiles,y\nCCO,1,2\nCCN,1,2\n"));
        Assert.Contains("must be named .csv", Message("table.txt", "smiles,y\nCCO,1\n"));
        Assert.Contains("none of the 2 rows", Message("allbad.smi", "hello\nworld\n", Skip));
        Assert.Contains("no column that reads as SMILES", Message("words.csv", "name,count\nethanol,1\nwater,2\n"));
    }

    [Fact]
    public void AFileThatAnotherHoldsOpen_CannotBeOpened()
    {
        string path = folder.Write("held.csv", "smiles,y\nCCO,1\n");
        using FileStream held = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Assert.Contains("cannot be opened", Message(path));
    }

    [Theory]
    [InlineData(0, "^table.csv cannot be read: the cable came loose$")]
    [InlineData(100_000, "^table.csv cannot be read past line 1[34][0-9]{3}: the cable came loose$")]
    public void AReadThatFails_IsTold_AndTheStreamIsClosed(int afterBytes, string says)
    {
        Failing stream = new(Encoding.UTF8.GetBytes("smiles\n" + string.Concat(Enumerable.Repeat("CCCOCN\n", 20_000))), afterBytes);
        InputException error = Assert.Throws<InputException>(() =>
        {
            using MoleculeReader reader = MoleculeReader.Open(stream, "table.csv", new ReadOptions());
            foreach (MoleculeRow _ in reader.Rows()) { }
        });
        Assert.Matches(says, error.Message);
        Assert.False(stream.CanRead);
    }

    [Fact]
    public void APackedStream_IsClosedWithItsReader()
    {
        MemoryStream stream = new(DataFolder.Gzip("smiles\nCCO\n"u8.ToArray()));
        MoleculeReader.Open(stream, "table.csv.gz", new ReadOptions()).Dispose();
        Assert.False(stream.CanRead);
    }

    [Fact]
    public void AControlCharacterInAList_IsABadRow() => Assert.EndsWith("line 2: a control character", Message("a.smi", "CCO\nCC\u0001O\n"));

    [Fact]
    public void WhatOnlyBeginsAsGzip_CannotBeExpanded() =>
        Assert.Contains("cannot be expanded", Message(folder.WriteBytes("no.csv.gz", [0x1F, 0x8B, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0])));

    [Fact]
    public void DuplicatedColumns_ThatAreNotAskedFor_DoNoHarm()
    {
        (MoleculeRow[] rows, _) = Read("a.csv", "y,smiles,y,\n1,CCO,2,3\n");
        Assert.Equal(["1", "CCO", "2", "3"], Assert.Single(rows).Fields);
    }

    [Fact]
    public void QuoteNeverClosed_DoesNotSwallowALargeFile()
    {
        string text = "smiles,note\nCCO,\"open\n" + string.Concat(Enumerable.Repeat("CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC,x\n", 40000));
        Assert.Contains("line 2: a field of more than", Message("open.csv", text));
        Assert.Contains("line 1: a field of more than", Message("endless.smi", new string('C', 3_000_000)));
    }

    [Fact]
    public void RowsTwice_IsAProgrammingError()
    {
        using MoleculeReader reader = MoleculeReader.Open(folder.Write("a.smi", "CCO\n"), new ReadOptions());
        Assert.Single(reader.Rows());
        Assert.Throws<InvalidOperationException>(() => reader.Rows());
    }

    /// <summary>A disk that fails after so many bytes.</summary>
    private sealed class Failing(byte[] bytes, int after) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) =>
            Position < after ? base.Read(buffer, offset, (int)Math.Min(count, after - Position)) : throw new IOException("the cable came loose");
    }

    /// <summary>A pipe that hands out one byte a read.</summary>
    private sealed class Drip(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1, buffer.Length)]);
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(1, count));
    }
}
