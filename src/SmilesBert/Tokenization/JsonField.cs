using System.Text.Json;
using System.Text.Json.Nodes;

namespace SmilesBert.Tokenization;

/// <summary>A value in a JSON file that knows its file and place, so that a wrong one is refused in one sentence. A null counts as absent.</summary>
internal readonly struct JsonField(string file, string place, JsonNode? node)
{
    public string File => file;

    public bool IsAbsent => node is null;

    /// <summary>A member of an object; absent where the object itself is.</summary>
    public JsonField this[string name] => new(file, place.Length == 0 ? name : $"{place}.{name}", IsAbsent ? null : Object()[name]);

    /// <exception cref="InputException">The text is not JSON, holds a name twice, or is no object.</exception>
    public static JsonField Parse(string file, byte[] utf8)
    {
        try
        {
            JsonField field = new(file, "", StrictJson.Parse(utf8));
            field.Object();
            return field;
        }
        catch (JsonException problem)
        {
            throw new InputException($"{file} is not valid JSON: {problem.Message}", problem);
        }
    }

    public JsonObject Object() => node as JsonObject ?? throw Wrong("an object");

    public string Text() => TryText() ?? throw Wrong("a string");

    public string? TryText() => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    public int Integer() => node is JsonValue value && value.TryGetValue(out int number) ? number : throw Wrong("an integer");

    public bool Flag(bool absent) =>
        IsAbsent ? absent : node is JsonValue value && value.TryGetValue(out bool flag) ? flag : throw Wrong("true or false");

    /// <summary>The elements of an array; none where it is absent.</summary>
    public IEnumerable<JsonField> Items()
    {
        if (IsAbsent) yield break;
        JsonArray array = node as JsonArray ?? throw Wrong("an array");
        for (int i = 0; i < array.Count; i++) yield return new JsonField(file, $"{place}[{i}]", array[i]);
    }

    /// <summary>An object of integers: a vocabulary.</summary>
    public IEnumerable<KeyValuePair<string, int>> Ids()
    {
        foreach ((string token, JsonNode? id) in Object())
            yield return new(token, new JsonField(file, $"{place}[\"{token}\"]", id).Integer());
    }

    public InputException Wrong(string expected) =>
        new($"{file}: {(place.Length == 0 ? "the file" : place)} should be {expected}, found {Shown()}.");

    /// <summary>A kind that the program does not know, refused by name.</summary>
    public InputException Unsupported(string what, string known) => new($"{file}: {what} {Shown()} ({place}) is not supported; supported: {known}.");

    private string Shown()
    {
        string text = node?.ToJsonString() ?? "nothing";
        return text.Length <= 60 ? text : text[..60] + "...";
    }
}
