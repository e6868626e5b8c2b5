using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using SmilesBert.Weights;

namespace SmilesBert.Data;

/// <summary>Writes a CSV whole or not at all: commas, quotes where a field needs them, a line feed after each line.</summary>
public static class CsvFile
{
    /// <summary>Writes lines of fields, the header first.</summary>
    /// <exception cref="InputException">The file cannot be written; what stood there before is left.</exception>
    public static void Write(string path, IEnumerable<IEnumerable<string>> lines) => AtomicFile.Write(path, stream =>
    {
        using StreamWriter text = new(stream, leaveOpen: true);
        using CsvWriter csv = new(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            NewLine = "\n",
            // A carriage return ends a line for readers too, whatever ends ours.
            ShouldQuote = static field => ConfigurationFunctions.ShouldQuote(field) || field.Field?.Contains('\r') == true,
        });
        foreach (IEnumerable<string> line in lines)
        {
            foreach (string field in line) csv.WriteField(field);
            csv.NextRecord();
        }
    });
}
