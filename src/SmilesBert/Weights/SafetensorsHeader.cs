using System.Text.Json;

namespace SmilesBert.Weights;

/// <summary>One tensor as a safetensors header writes it, nothing of it believed yet.</summary>
internal sealed record SafetensorsEntry(string Name, DType Type, ulong[] Shape, ulong Begin, ulong End);

/// <summary>
/// The JSON of a safetensors header, read strictly: every field once, none missing, none unknown, unsigned integers written as
/// digits alone. Reads the bytes where they lie and holds no more than what they say.
/// </summary>
internal ref struct SafetensorsHeader
{
    private readonly string _path;
    private Utf8JsonReader _json;

    private SafetensorsHeader(string path, ReadOnlySpan<byte> utf8)
    {
        _path = path;
        _json = new Utf8JsonReader(utf8);
    }

    /// <exception cref="InputException">It is not the expected JSON.</exception>
    public static (List<SafetensorsEntry> Entries, Dictionary<string, string> Metadata) Parse(string path, ReadOnlySpan<byte> utf8)
    {
        SafetensorsHeader header = new(path, utf8);
        try
        {
            return header.ReadAll();
        }
        catch (JsonException e)
        {
            throw new InputException($"{path}: the header is not valid JSON at byte {e.BytePositionInLine} of its line {e.LineNumber + 1}.", e);
        }
    }

    private (List<SafetensorsEntry>, Dictionary<string, string>) ReadAll()
    {
        List<SafetensorsEntry> entries = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);

        Next(JsonTokenType.StartObject, "the header");
        while (NextName("the header") is string name)
        {
            if (!names.Add(name)) throw Refuse($"names {Shown.Text(name)} twice");
            if (name == "__metadata__") ReadMetadata(metadata);
            else entries.Add(ReadEntry(name));
        }
        _json.Read();                                             // throws where anything but white space follows
        return (entries, metadata);
    }

    private void ReadMetadata(Dictionary<string, string> metadata)
    {
        Next(JsonTokenType.StartObject, "__metadata__");
        while (NextName("__metadata__") is string key)
        {
            Next(JsonTokenType.String, $"__metadata__ {Shown.Text(key)}");
            if (!metadata.TryAdd(key, Text())) throw Refuse($"names {Shown.Text(key)} twice in __metadata__");
        }
    }

    private SafetensorsEntry ReadEntry(string name)
    {
        string where = $"tensor {Shown.Text(name)}";
        DType? type = null;
        ulong[]? shape = null, offsets = null;

        Next(JsonTokenType.StartObject, where);
        while (NextName(where) is string field)
        {
            bool seen = field switch { "dtype" => type is not null, "shape" => shape is not null, "data_offsets" => offsets is not null, _ => false };
            if (seen) throw Refuse($"gives {field} of {where} twice");
            switch (field)
            {
                case "dtype": type = ReadType(where); break;
                case "shape": shape = ReadIntegers($"shape of {where}"); break;
                case "data_offsets": offsets = ReadIntegers($"data_offsets of {where}"); break;
                default: throw Refuse($"gives {where} the field {Shown.Text(field)}, where only dtype, shape and data_offsets are known");
            }
        }
        if (type is null || shape is null || offsets is null)
            throw Refuse($"gives {where} no {(type is null ? "dtype" : shape is null ? "shape" : "data_offsets")}");
        if (offsets.Length != 2) throw Refuse($"gives {where} {offsets.Length} data_offsets, where two were expected");
        return new SafetensorsEntry(name, type.Value, shape, offsets[0], offsets[1]);
    }

    private DType ReadType(string where)
    {
        Next(JsonTokenType.String, $"dtype of {where}");
        string name = Text();
        return DTypes.TryParse(name, out DType type) ? type : throw Refuse($"gives {where} the unknown dtype {Shown.Text(name)}");
    }

    private ulong[] ReadIntegers(string where)
    {
        List<ulong> values = [];
        Next(JsonTokenType.StartArray, where);
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            // Only digits: TryGetUInt64 alone would take -0.
            if (_json.TokenType != JsonTokenType.Number || _json.ValueSpan.ContainsAnyExceptInRange((byte)'0', (byte)'9') || !_json.TryGetUInt64(out ulong value))
                throw Refuse($"has something else than an unsigned integer in the {where}");
            values.Add(value);
        }
        return [.. values];
    }

    private void Next(JsonTokenType expected, string where)
    {
        if (!_json.Read() || _json.TokenType != expected)
            throw Refuse($"has {Name(_json.TokenType)} as {where}, where {Name(expected)} was expected");
    }

    /// <summary>The next property's name, or null at the end of the object.</summary>
    private string? NextName(string where)
    {
        if (!_json.Read()) throw Refuse($"ends within {where}");
        return _json.TokenType == JsonTokenType.EndObject ? null : Text();
    }

    private readonly string Text()
    {
        try
        {
            return _json.GetString()!;
        }
        catch (InvalidOperationException e)                       // an escape such as \ud800 without its second half
        {
            throw new InputException($"{_path}: the header has a string with half a surrogate pair before byte {_json.BytesConsumed}.", e);
        }
    }

    private static string Name(JsonTokenType type) => type switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        JsonTokenType.Null => "null",
        _ => "nothing",
    };

    private readonly InputException Refuse(string what) => new($"{_path}: the header {what}.");
}
