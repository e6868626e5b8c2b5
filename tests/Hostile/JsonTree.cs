using System.Text;
using System.Text.Json;

namespace SmilesBert.Tests.Hostile;

/// <summary>
/// A JSON text as a tree that may be wrong in ways that no JSON library writes: keys twice, numbers that fit no type, half surrogate pairs.
/// Scalars and keys are kept as they stand in the text.
/// </summary>
internal sealed class JsonTree
{
    private const int MostItems = 2000;

    private static readonly string[] Scalars =
    [
        "null", "true", "false", "0", "-0", "-1", "1", "2", "3", "0.5", "1.0", "1e2", "1e999", "-1e999", "1e-999", "1e308", "2147483647", "2147483648",
        "-2147483648", "4294967295", "4294967296", "9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616",
        "16777216", "16777217", "1000000", "NaN", "Infinity", "\"\"", "\" \"", "\"\\ud800\"", "\"\\udc00x\"", "\"\\n\\u001b[31m\"", "\"\\u0000\"", "\"..\"",
        "\"../outside.safetensors\"", "\"/etc/passwd\"", "\"C:\\\\x\"", "\"a/b\"", "\"link.safetensors\"", "\"[CLS]\"", "\"[UNK]\"", "\"C\"", "\"##\"",
        "\"\\u202e\\u2028\"", "\"(a*)*b\"", "\"(?<x>)\\\\k<x>\"", "\"[\"", "\"(\"", "\"<mask>\"", "\"WordPiece\"", "\"WordLevel\"", "\"BPE\"", "\"Sequence\"",
        "\"Removed\"", "\"Isolated\"", "{}", "[]", "[[]]", "[null]", "{\"\":{}}", "\"0\"", "\"1\"", "tru", "",
    ];

    private readonly string _text;                                // of a scalar, or the bracket that opens
    private readonly List<(string Key, JsonTree Value)> _items = [];

    private JsonTree(string text) => _text = text;

    private bool IsScalar => _text is not ("{" or "[");

    /// <summary>One change to a JSON text; a text that is no JSON (any more) stays as it is.</summary>
    public static byte[] Mutate(byte[] good, Random random)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(good);
            JsonTree root = Of(document.RootElement);
            root.Change(random);
            StringBuilder text = new();
            root.Write(text);
            return Encoding.UTF8.GetBytes(text.ToString());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return good;
        }
    }

    private static JsonTree Of(JsonElement element)
    {
        JsonTree tree = new(element.ValueKind switch { JsonValueKind.Object => "{", JsonValueKind.Array => "[", _ => element.GetRawText() });
        if (element.ValueKind == JsonValueKind.Object)
            foreach (JsonProperty property in element.EnumerateObject()) tree._items.Add((JsonSerializer.Serialize(property.Name), Of(property.Value)));
        if (element.ValueKind == JsonValueKind.Array)
            foreach (JsonElement item in element.EnumerateArray()) tree._items.Add(("", Of(item)));
        return tree;
    }

    private void Change(Random random)
    {
        // Down the tree by chance: places near the root, where structure lies, come up as often as the many entries of a vocabulary.
        JsonTree place = this;
        while (true)
        {
            List<(string Key, JsonTree Value)> deeper = place._items.FindAll(item => item.Value._items.Count > 0);
            if (deeper.Count == 0 || random.Next(3) == 0) break;
            place = deeper[random.Next(deeper.Count)].Value;
        }
        List<(string Key, JsonTree Value)> items = place._items;
        if (items.Count == 0)
        {
            items.Add(("\"x\"", Scalar(random)));
            return;
        }
        int i = random.Next(items.Count), j = random.Next(items.Count);
        switch (random.Next(12))
        {
            case 0: items.RemoveAt(i); break;
            case 1: items.Insert(j, items[i]); break;
            case 2 or 3 or 4: items[i] = (items[i].Key, Scalar(random)); break;
            case 5: items[i] = (Key(random), items[i].Value); break;
            case 6: (items[i], items[j]) = ((items[i].Key, items[j].Value), (items[j].Key, items[i].Value)); break;
            case 7: items[i] = (items[i].Key, Nested(random)); break;
            case 8: items[i] = (items[i].Key, Wrapped(items[i].Value, random)); break;
            case 9: items.Insert(j, (Key(random), Scalar(random))); break;
            case 10:
                for (int copies = random.Next(1, 200); copies > 0 && items.Count < MostItems; copies--) items.Add(items[i]);
                break;
            default: items[i] = (items[i].Key, new JsonTree($"\"{new string('a', random.Next(5000))}\"")); break;
        }
    }

    private static JsonTree Scalar(Random random) => new(Scalars[random.Next(Scalars.Length)]);

    private static string Key(Random random)
    {
        string[] texts = [.. Scalars.Where(scalar => scalar.StartsWith('"'))];
        return texts[random.Next(texts.Length)];
    }

    private static JsonTree Nested(Random random)
    {
        int depth = random.Next(2) == 0 ? random.Next(1, 100) : random.Next(100, 20_000);
        return new JsonTree(random.Next(2) == 0
            ? new string('[', depth) + new string(']', depth)
            : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth));
    }

    private static JsonTree Wrapped(JsonTree value, Random random)
    {
        JsonTree outer = new(random.Next(2) == 0 ? "[" : "{");
        outer._items.Add(("\"type\"", value));
        return outer;
    }

    private void Write(StringBuilder text)
    {
        text.Append(_text);
        if (IsScalar) return;
        for (int i = 0; i < _items.Count; i++)
        {
            if (i > 0) text.Append(',');
            if (_text == "{") text.Append(_items[i].Key.Length == 0 ? "\"y\"" : _items[i].Key).Append(':');
            _items[i].Value.Write(text);
        }
        text.Append(_text == "{" ? '}' : ']');
    }
}
