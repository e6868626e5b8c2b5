using SmilesBert.Weights;

namespace SmilesBert.Tests.Weights;

/// <summary>Damaged files of every form: whatever was cut off or changed, they are read or refused in a sentence, and never anything else.</summary>
public sealed class HostileFilesTests : IDisposable
{
    private const int CasesPerFile = 5000;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Forms => new("mixed.safetensors", "mixed.zip.bin", "mixed.deflated.bin", "mixed.stream.bin");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Forms))]
    public void Truncation_AtEveryByte_IsRefused(string name)
    {
        byte[] good = File.ReadAllBytes(Files.Golden("Weights", name));
        Assert.True(OpensAndReads(_folder.Write(name, good)));
        for (int length = 0; length < good.Length; length++)
            Assert.False(OpensAndReads(_folder.Write(name, good.AsSpan(0, length))), $"{name} cut to {length} bytes was read");
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Mutation_IsReadOrRefused(string name)
    {
        byte[] good = File.ReadAllBytes(Files.Golden("Weights", name));
        byte[] interesting = [0, 1, 0x7f, 0x80, 0xff, .. "(.]}{)[\",:0919cRQbeuqhXKJM"u8];
        Random random = new(20240607);
        int refused = 0;
        for (int i = 0; i < CasesPerFile; i++)
        {
            byte[] bad = [.. good];
            for (int changes = random.Next(1, 5); changes > 0; changes--)
            {
                int at = random.Next(bad.Length);
                switch (random.Next(4))
                {
                    case 0: bad[at] ^= (byte)(1 << random.Next(8)); break;
                    case 1: bad[at] = interesting[random.Next(interesting.Length)]; break;
                    case 2: bad = [.. bad[..at], .. bad[random.Next(at + 1)..]]; break;            // a stretch cut out or repeated
                    default: bad.AsSpan(at, Math.Min(random.Next(1, 9), bad.Length - at)).Fill(interesting[random.Next(5)]); break;
                }
                if (bad.Length == 0) bad = [0];
            }
            if (!OpensAndReads(_folder.Write(name, bad))) refused++;
        }
        // A changed value is no error; most other changes are. Were all or none refused, the test would not be testing.
        Assert.InRange(refused, CasesPerFile / 4, CasesPerFile - 1);
    }

    /// <summary>False where the file was refused with an InputException; any other exception fails the test.</summary>
    private static bool OpensAndReads(string path)
    {
        try
        {
            using TensorFile file = path.EndsWith("safetensors", StringComparison.Ordinal) ? SafetensorsFile.Open(path) : PickleFile.Open(path);
            foreach (TensorInfo tensor in file.Tensors.Values)
                if (tensor.Type is DType.F32 or DType.F16 or DType.BF16 or DType.F64 && tensor.Elements < 1_000_000)
                    file.Read(tensor.Name, new float[tensor.Elements]);
            return true;
        }
        catch (InputException)
        {
            return false;
        }
    }
}
