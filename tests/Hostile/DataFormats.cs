using System.IO.Compression;
using System.Text;
using SmilesBert.Analysis;
using SmilesBert.Data;
using SmilesBert.Molecules;

namespace SmilesBert.Tests.Hostile;

/// <summary>What users bring: tables, packed tables, lists, molecules, matrices.</summary>
internal static class DataFormats
{
    private static readonly string[] Tables =
    [
        "smiles,y\nCCO,1\nCCN,0\nc1ccccc1,1\nCC(=O)O,0\n",
        "id;smiles;y;InChIKey\r\n1;CCO;0.5;LFQSCWFLJHTTHZ-UHFFFAOYSA-N\r\n2;\"C[C@H](N)C(=O)O\";-1e-3;QNAYBMKLOCPYGJ-REOHCLBHSA-N\r\n3;CCC;nan;\r\n",
        "name\tsmiles\ty\n\"a \"\"quoted\"\"\nname\"\tCCCl\tsweet|fruity\nb\tCCBr\tsweet\nc\tN#N\t\n",
        "\uFEFFy,SMILES\nred,[Na+].[Cl-]\nblue,CC>>CO\nred,C1CC1\n",
    ];

    private static readonly Mutation[] Text = [.. ByteMutations.AnyText, LongLine, StrangeText, StrangeText];

    public static HostileFormat Csv() => new("csv", "table.csv", [.. Tables.Select(Encoding.UTF8.GetBytes)], Text, ReadTable)
    {
        MemoryPerByte = 10_000,                                   // a table of one long molecule, taken apart three times
        MostlyRefused = false,
    };

    public static HostileFormat CsvGz() => new(
        "csv.gz", "table.csv.gz", [.. Tables.Select(static table => Gzip(Encoding.UTF8.GetBytes(table)))],
        // Damage to the packed bytes ends at the unpacking, so twice as much is done to what they hold.
        [.. ByteMutations.Any, .. Text.Select(InGzip), .. Text.Select(InGzip), Members, Members, Bomb], ReadTable)
    {
        Share = 8,                                                // packing and unpacking make its cases slow
        FreeMemory = 256 << 20,                                   // one row of a bomb is read up to its limit
        MemoryPerByte = 10_000,
        Size = Expanded,
    };

    public static HostileFormat List() => new(
        "smi", "list.smi", [Encoding.UTF8.GetBytes("CCO ethanol\nc1ccccc1\tbenzene\n\nCC(=O)O\n"), Encoding.UTF8.GetBytes("[13CH4]\r\nC/C=C/C\r\n")], Text, ReadTable)
    { MostlyRefused = false };

    public static HostileFormat Smiles() => new(
        "SMILES", "molecule.txt",
        [
            .. new[]
            {
                "CC(=O)Oc1ccccc1C(=O)O", "C[C@H](N)C(=O)O", "F/C=C\\Cl", "[Na+].[Cl-]", "c1ccc2c(c1)[nH]c1ccccc12", "C1CC2CCC1C2", "[2H]C([2H])([2H])[O-]", "C%12CCCC%12",
                "N->[Pt](Cl)(Cl)<-N", "[Co@OH12](F)(Cl)(Br)(I)(C)N", "C1=CC=CC=C1.C12C3C4C1C5C2C3C45", "O=S(=O)(O)O", "[CH3:1][OH:2]", "*c1ccccc1*",
            }.Select(Encoding.UTF8.GetBytes),
        ],
        [.. ByteMutations.AnyText, Tokens, Tokens, Tokens, Tokens, Tokens, Tokens, Repeat], ReadSmiles)
    {
        Named = "is no SMILES",
        MemoryPerByte = 20_000,
    };

    public static HostileFormat Npy() => new(
        "npy", "matrix.npy", [.. new[] { "f4.npy", "f8.npy", "no_rows.npy", "version2.npy" }.Select(static name => File.ReadAllBytes(Files.Golden("Analysis", name)))],
        [.. ByteMutations.AnyText, NpySize, NpySize],
        static path =>
        {
            NpyFile file = NpyFile.Read(path);
            Assert.Equal((long)file.Rows * file.Columns, file.Values.Length);
            if (file.Rows > 0) Assert.Equal(file.Columns, file.Row(file.Rows - 1).Length);
        });

    private static void ReadTable(string path)
    {
        int columns;
        long rows = 0;
        using (MoleculeReader reader = MoleculeReader.Open(path, new ReadOptions { OnBadRow = BadRows.Skip }))
        {
            columns = reader.Header.Count;
            foreach (MoleculeRow row in reader.Rows())
            {
                Assert.Equal(columns, row.Fields.Count);
                Assert.True(SmilesSyntax.Problem(row.Smiles) is null, "a row whose SMILES cannot be read");
                rows++;
            }
            Assert.All(reader.BadRowMessages, message => Trial.CheckMessage(message, Path.GetFileName(path)));
        }
        Assert.True(rows > 0, "a table without rows");
        if (path.EndsWith(".smi", StringComparison.Ordinal)) return;
        foreach (char? separator in new char?[] { null, '|' })
        {
            Dataset data = Dataset.Load(path, new ReadOptions(), new TargetOptions { Columns = ["y"], Separator = separator });
            Assert.Equal(data.Count, data.MoleculeKeys.Count);
            Assert.True(data.Classes.All(c => c >= 0 && c < data.Labels.Count), "a class that has no name");
            Assert.DoesNotContain(data.Targets, float.IsInfinity);
        }
    }

    private static void ReadSmiles(string path)
    {
        Molecule molecule = SmilesReader.Read(Encoding.UTF8.GetString(File.ReadAllBytes(path)));
        string identity = MoleculeIdentity.Of(molecule);
        Molecule again = SmilesReader.Read(SmilesWriter.Write(molecule));
        Assert.Equal(molecule.Atoms.Length, again.Atoms.Length);
        Assert.Equal(identity, MoleculeIdentity.Of(again));
        string backwards = SmilesWriter.Write(molecule, [.. Enumerable.Range(0, molecule.Atoms.Length).Reverse()]);
        Assert.Equal(identity, MoleculeIdentity.Of(SmilesReader.Read(backwards)));

        Molecule scaffold = Scaffold.Of(molecule);
        Assert.True(scaffold.Atoms.Length <= molecule.Atoms.Length, "a scaffold larger than its molecule");
        if (scaffold.Atoms.Length == 0) return;
        Assert.Equal(MoleculeIdentity.Of(scaffold), MoleculeIdentity.Of(SmilesReader.Read(SmilesWriter.Write(scaffold))));
    }

    private static byte[] Gzip(byte[] bytes)
    {
        MemoryStream target = new();
        using (GZipStream gzip = new(target, CompressionLevel.Fastest)) gzip.Write(bytes);
        return target.ToArray();
    }

    private static long Expanded(byte[] packed)
    {
        long size = 0;
        try
        {
            using GZipStream gzip = new(new MemoryStream(packed), CompressionMode.Decompress);
            byte[] buffer = new byte[1 << 14];
            for (int read; (read = gzip.Read(buffer)) > 0;) size += read;
        }
        catch (InvalidDataException)
        {
            // Damaged: what came out before is what a reader sees.
        }
        return size;
    }

    private static Mutation InGzip(Mutation change) => (good, random) =>
    {
        try
        {
            MemoryStream plain = new();
            using (GZipStream gzip = new(new MemoryStream(good), CompressionMode.Decompress)) gzip.CopyTo(plain);
            return plain.Length > 1 << 20 ? good : Gzip(change(plain.ToArray(), random));
        }
        catch (InvalidDataException)
        {
            return good;                                          // damaged before by another mutation
        }
    };

    // More members behind the first, whole or cut short.
    private static byte[] Members(byte[] good, Random random)
    {
        byte[] member = Gzip(Encoding.UTF8.GetBytes("CCCC,1\nCCCCC,0\n"));
        return [.. good, .. member[..(random.Next(2) == 0 ? member.Length : random.Next(member.Length))]];
    }

    // A few kilobytes that expand to megabytes, in one line or in many; slow, so seldom.
    private static byte[] Bomb(byte[] good, Random random)
    {
        if (random.Next(20) != 0) return good;
        byte[] filling = Encoding.UTF8.GetBytes(new[] { "C", "C,1\n", "\n", "\"", "\u0000", "\"\n" }[random.Next(6)]);
        MemoryStream target = new();
        using (GZipStream gzip = new(target, CompressionLevel.Fastest))
        {
            gzip.Write("smiles,y\nCC,1\nCO,0\n"u8);
            byte[] block = [.. Enumerable.Repeat(filling, 20_000).SelectMany(static part => part)];
            for (int blocks = random.Next(1, 60); blocks > 0; blocks--) gzip.Write(block);
        }
        return target.ToArray();
    }

    private static byte[] LongLine(byte[] good, Random random)
    {
        int at = random.Next(good.Length + 1);
        byte[] extra = new byte[random.Next(20_000)];
        extra.AsSpan().Fill((byte)"C(,\"[\t;1"[random.Next(8)]);
        return [.. good[..at], .. extra, .. good[at..]];
    }

    private static byte[] StrangeText(byte[] good, Random random)
    {
        string[] texts = ["\"", "\"\"", ",", "\r", "\r\n", "\n\n", "\u0001", "\u001b[2J", "\uFEFF", "\u2028", "=cmd|'/c calc'!A1", "'", "|", ";", "\t", "NaN", "\\N", "y", "smiles", "\u0085"];
        int at = random.Next(good.Length + 1);
        return [.. good[..at], .. Encoding.UTF8.GetBytes(texts[random.Next(texts.Length)]), .. good[at..]];
    }

    private static byte[] Tokens(byte[] good, Random random)
    {
        string[] tokens =
        [
            "C", "c", "N", "n", "O", "(", ")", "(C)", "=", "#", "$", ":", "~", "/", "\\", "->", "<-", ".", "1", "2", "9", "%10", "%99", "%(123)", "%(99999)", "[C@@H]", "[nH]", "[C@TH2]",
            "[Fe@OH30]", "[13C]", "[65535C]", "[65536C]", "[C+127]", "[C-128]", "[CH99]", "[#118]", "[#119]", "[H]", "[H][H]", "[2H]", "*", "[*]", "[te]", "c1ccccc1", "[C:2147483647]",
            "[C:2147483648]", "B", "Br", "Cl", "[", "]", "@", "[O-]", "[NH3+]", "P", "S(=O)(=O)", "[Og]", "[se]",
        ];
        int at = random.Next(good.Length + 1);
        byte[] token = Encoding.UTF8.GetBytes(tokens[random.Next(tokens.Length)]);
        return [.. good[..at], .. token, .. good[(random.Next(2) == 0 ? at : random.Next(at, Math.Min(at + 4, good.Length) + 1))..]];
    }

    private static byte[] Repeat(byte[] good, Random random)
    {
        int times = random.Next(10) == 0 ? random.Next(2, 400) : random.Next(2, 6);
        string between = new[] { "", ".", "C", "(", ")" }[random.Next(5)];
        return good.Length * times > 4000 ? good : Encoding.Latin1.GetBytes(string.Join(between, Enumerable.Repeat(Encoding.Latin1.GetString(good), times)));
    }

    private static byte[] NpySize(byte[] good, Random random)
    {
        string text = Encoding.Latin1.GetString(good);
        string[] shapes = ["(0, 0)", "(2147483647, 2147483647)", "(9223372036854775807, 2)", "(4294967296, 4294967296)", "(0, 9223372036854775807)", "(-1, 3)", "(3,)", "()", "(1e3, 2)"];
        int start = text.IndexOf('('), end = text.IndexOf(')');
        return start < 0 || end < start ? good
            : Encoding.Latin1.GetBytes(text[..start] + shapes[random.Next(shapes.Length)].PadRight(end + 1 - start) + text[(end + 1)..]);
    }
}
