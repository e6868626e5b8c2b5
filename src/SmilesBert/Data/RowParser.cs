using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace SmilesBert.Data;

/// <summary>A row as it stands in the file.</summary>
/// <param name="Line">The line where it begins, from 1.</param>
/// <param name="Fields">Its fields, unquoted.</param>
/// <param name="BrokenQuotes">Whether a quoted field is never closed, or goes on behind its closing quote.</param>
internal readonly record struct ParsedRow(long Line, string[] Fields, bool BrokenQuotes);

/// <summary>Cuts a data file's text into rows, one at a time. Blank lines are no rows.</summary>
internal sealed class RowParser : IDisposable
{
    // A quote that is never closed swallows the rest of a file; a description or a molecule never gets near this many characters.
    private const int MostCharactersInField = 1 << 20;

    // Packed, a row of millions of fields takes next to no bytes.
    private const int MostCharactersInRow = 1 << 22;

    // What a plain list has no delimiter for: a character that no text file holds.
    private const string NoDelimiter = "\u0001";

    private readonly DataFile file;
    private readonly RowLimit text;
    private readonly CsvParser parser;
    private bool broken;

    public RowParser(DataFile file)
    {
        this.file = file;
        text = new RowLimit(file.Text, MostCharactersInRow);
        parser = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Mode = file.IsTable ? CsvMode.RFC4180 : CsvMode.NoEscape,
            Delimiter = file.IsTable ? file.Delimiter.ToString() : NoDelimiter,
            MaxFieldSize = MostCharactersInField,
            // Called for every field with a quote out of place. In a field that does not begin with one it is a character
            // like any other (5" nail); in one that does, its end cannot be known.
            BadDataFound = bad => broken |= bad.Field.StartsWith('"'),
        });
    }

    /// <summary>Reads the next row; false at the end.</summary>
    /// <exception cref="InputException">The file cannot be read on.</exception>
    public bool Next(out ParsedRow row)
    {
        while (true)
        {
            long lineBefore = parser.RawRow;
            broken = false;
            text.BeginRow();
            string[]? fields;
            try
            {
                fields = parser.Read() ? parser.Record : null;
            }
            catch (MaxFieldSizeException)
            {
                string cause = file.IsTable ? "a quote that is never closed?" : "no list of SMILES?";
                throw new InputException($"{file.Source}, line {lineBefore + 1}: a field of more than {MostCharactersInField} characters ({cause})");
            }
            catch (RowLimit.Exceeded)
            {
                throw new InputException($"{file.Source}, line {lineBefore + 1}: a row of more than {MostCharactersInRow} characters");
            }
            catch (Exception e) when (e is InvalidDataException or IOException)
            {
                throw new InputException($"{file.Source} cannot be read past line {parser.RawRow}: {e.Message}", e);
            }
            if (fields is null)
            {
                row = default;
                return false;
            }
            if (fields.Length == 1 && string.IsNullOrWhiteSpace(fields[0])) continue;

            // The parser knows the line where a row ends: its line breaks in quotes stand before that.
            long line = parser.RawRow;
            if (line > lineBefore + 1) line -= fields.Sum(LineBreaks);
            row = new ParsedRow(line, fields, broken);
            return true;
        }
    }

    public void Dispose()
    {
        parser.Dispose();
        file.Dispose();
    }

    private static int LineBreaks(string field)
    {
        int count = 0;
        for (int i = 0; i < field.Length; i++)
            if (field[i] == '\n' || (field[i] == '\r' && (i + 1 == field.Length || field[i + 1] != '\n'))) count++;
        return count;
    }
}
