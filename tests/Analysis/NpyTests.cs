using System.Text;
using SmilesBert.Analysis;

namespace SmilesBert.Tests.Analysis;

/// <summary>.npy files against those that numpy wrote (tools/npy_golden.py): element (r, c) of 5 x 3 is r + c / 8 - 2.</summary>
public sealed class NpyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("smilesbert-npy-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("f4.npy")]
    [InlineData("f8.npy")]
    [InlineData("version2.npy")]
    public void Read_ReadsWhatNumpyWrote(string name)
    {
        NpyFile file = NpyFile.Read(Files.Golden("Analysis", name));
        Assert.Equal((5, 3), (file.Rows, file.Columns));
        Assert.Equal(Matrix(5), file.Values);
        Assert.Equal([-1f, -0.875f, -0.75f], file.Row(1).ToArray());
    }

    [Fact]
    public void Read_ReadsAMatrixWithoutRows()
    {
        NpyFile file = NpyFile.Read(Files.Golden("Analysis", "no_rows.npy"));
        Assert.Equal((0, 3), (file.Rows, file.Columns));
    }

    [Theory]
    [InlineData("refused_big_endian.npy", "'>f4'")]
    [InlineData("refused_integers.npy", "'<i4'")]
    [InlineData("refused_objects.npy", "'|O'")]
    [InlineData("refused_record.npy", "not a plain dictionary")]
    [InlineData("refused_fortran.npy", "Fortran order")]
    [InlineData("refused_vector.npy", "1 dimensions")]
    [InlineData("refused_version3.npy", "version 3")]
    public void Read_RefusesOtherArrays_SayingWhatTheyAre(string name, string said) => AssertRefused(Files.Golden("Analysis", name), said);

    [Theory]
    [InlineData("", "not a .npy file")]
    [InlineData("row,smiles,split", "not a .npy file")]
    [InlineData("\u0093NUMPY\u0001\0", "ends within its header")]
    [InlineData("\u0093NUMPY\u0001\0\u0040\0{'descr': '<f4'", "ends within its header")]
    [InlineData("\u0093NUMPY\u0002\0\u00ff\u00ff\u00ff\u007f", "claims 2147483647 bytes")]
    public void Read_RefusesHostileBytes(string latin1, string said)
    {
        string path = PathOf("hostile.npy");
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes(latin1));
        AssertRefused(path, said);
    }

    [Theory]
    [InlineData("{}", "not a plain dictionary")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False}", "not a plain dictionary")]
    [InlineData("{'descr': '<f4', 'fortran_order': 'False', 'shape': (1, 1)}", "not a plain dictionary")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999999, 9)}", "not a plain dictionary")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 9)}", "more than memory")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (999999, 999)}", "takes 3995996")]
    public void Read_RefusesHostileHeaders(string dictionary, string said)
    {
        string path = PathOf("hostile.npy");
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes("\u0093NUMPY\u0001\0" + (char)dictionary.Length + "\0" + dictionary));
        AssertRefused(path, said);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Read_RefusesAFileCutShortOrTooLong(int bytes)
    {
        byte[] whole = File.ReadAllBytes(Files.Golden("Analysis", "f4.npy"));
        string path = PathOf("length.npy");
        File.WriteAllBytes(path, bytes < 0 ? whole[..^1] : [.. whole, 0]);
        AssertRefused(path, $"is {whole.Length + bytes} bytes long; a 5 by 3 matrix of '<f4' takes 188");
    }

    [Fact]
    public void Read_OfNoFile_SaysSo() => AssertRefused(PathOf("absent.npy"), "cannot be read");

    [Fact]
    public void Writer_WritesWhatNumpyWrites_BatchByBatch()
    {
        MemoryStream written = new();
        NpyWriter writer = new(written, 3);
        writer.Append(Matrix(5).AsSpan(0, 6));
        writer.Append([]);
        writer.Append(Matrix(5).AsSpan(6));
        Assert.Equal(5, writer.Rows);
        writer.Complete();
        Assert.Equal(File.ReadAllBytes(Files.Golden("Analysis", "f4.npy")), written.ToArray());
    }

    private static float[] Matrix(int rows) => [.. Enumerable.Range(0, rows * 3).Select(i => (i / 3) + ((i % 3) / 8f) - 2)];

    private static void AssertRefused(string path, string said)
    {
        string message = Assert.Throws<InputException>(() => NpyFile.Read(path)).Message;
        Assert.StartsWith(path + ": ", message, StringComparison.Ordinal);
        Assert.Contains(said, message, StringComparison.Ordinal);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
