using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SmilesBert;

/// <summary>JSON of files that anybody may have written: each name once, every string a text, and no deeper than 64 levels.</summary>
internal static class StrictJson
{
    /// <summary>The root; null for a null.</summary>
    /// <exception cref="JsonException">It is something else, or no JSON at all.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.StartsWith("\uFEFF"u8)) utf8 = utf8["\uFEFF"u8.Length..];      // a byte order mark is no part of the JSON
        CheckStrings(utf8);
        return JsonNode.Parse(utf8, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
    }

    // The library looks at a string when it is asked for, and throws what no caller expects at that place.
    private static void CheckStrings(ReadOnlySpan<byte> utf8)
    {
        Utf8JsonReader json = new(utf8);
        while (json.Read())
        {
            if (json.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName)) continue;
            if (!json.ValueIsEscaped && Ascii.IsValid(json.ValueSpan)) continue;
            try
            {
                json.GetString();
            }
            catch (InvalidOperationException e)
            {
                throw new JsonException($"a string before byte {json.BytesConsumed} is not UTF-8, or has half a surrogate pair.", e);
            }
        }
    }
}
