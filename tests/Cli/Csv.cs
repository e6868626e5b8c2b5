using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace SmilesBert.Tests.Cli;

/// <summary>A CSV file that the program wrote, in memory.</summary>
internal sealed class Csv
{
    private Csv(string[] header, string[][] rows)
    {
        Header = header;
        Rows = rows;
    }

    public string[] Header { get; }

    public string[][] Rows { get; }

    public static Csv Read(string path)
    {
        using CsvParser parser = new(new StreamReader(path), new CsvConfiguration(CultureInfo.InvariantCulture));
        List<string[]> lines = [];
        while (parser.Read()) lines.Add(parser.Record!);
        Assert.All(lines, line => Assert.Equal(lines[0].Length, line.Length));
        return new Csv(lines[0], [.. lines.Skip(1)]);
    }

    public string[] Column(string name) => [.. Rows.Select(row => row[Array.IndexOf(Header, name)])];

    /// <summary>The column's numbers, each written so that it reads back to the same float.</summary>
    public float[] Numbers(string name) => [.. Column(name).Select(static text =>
    {
        float value = float.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        Assert.Equal(value.ToString("R", CultureInfo.InvariantCulture), text);
        return value;
    })];
}
