namespace SmilesBert;

/// <summary>
/// Something the user gave cannot be used. The message is one sentence that says where (file, line), what was found
/// and what was expected; the command line prints it and ends with exit code 1.
/// </summary>
public sealed class InputException : Exception
{
    private const int Longest = 10_000;

    public InputException(string message) : base(OneLine(message)) { }

    public InputException(string message, Exception cause) : base(OneLine(message), cause) { }

    /// <summary>
    /// A message as people may see it. Messages quote files that anybody may have written: names with line breaks in them, with what steers
    /// a terminal, or without an end.
    /// </summary>
    internal static string OneLine(string message)
    {
        if (message.Length > Longest) message = message[..Longest] + "...";
        return message.Any(IsControl) ? string.Concat(message.Select(static c => IsControl(c) ? '\uFFFD' : c)) : message;

        static bool IsControl(char c) => char.IsControl(c) || c is '\u2028' or '\u2029';
    }
}
