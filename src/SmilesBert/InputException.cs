namespace SmilesBert;

/// <summary>
/// Something the user gave cannot be used. The message is one sentence that says where (file, line), what was found
/// and what was expected; the command line prints it and ends with exit code 1.
/// </summary>
public sealed class InputException : Exception
{
    public InputException(string message) : base(message) { }

    public InputException(string message, Exception cause) : base(message, cause) { }
}
