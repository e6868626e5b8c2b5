using System.Text.Encodings.Web;
using System.Text.Json;

namespace SmilesBert;

/// <summary>JSON files that people open too: indented, with letters, quotes and signs as they are.</summary>
internal static class ReadableJson
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A document or a dictionary as the text of a file.</summary>
    public static string Text<T>(T content) => JsonSerializer.Serialize(content, Options) + "\n";
}
