namespace SmilesBert.Cli;

/// <summary>Log lines on standard error, with a line at the bottom that is rewritten in place on a terminal and printed plainly elsewhere.</summary>
internal sealed class ProgressLine
{
    private int shown;      // characters of the line at the bottom

    public bool IsTerminal { get; } = !Console.IsErrorRedirected;

    /// <summary>A line that stays.</summary>
    public void Write(string text)
    {
        Clear();
        Console.Error.WriteLine(text);
    }

    /// <summary>Takes the line at the bottom away.</summary>
    public void Clear()
    {
        if (shown > 0) Console.Error.Write($"\r{new string(' ', shown)}\r");
        shown = 0;
    }

    /// <summary>The line at the bottom.</summary>
    public void Show(string text)
    {
        if (!IsTerminal)
        {
            Console.Error.WriteLine(text);
            return;
        }
        // A line that wraps could not be rewritten.
        int width = Console.WindowWidth - 1;
        if (width > 0 && text.Length > width) text = text[..width];
        Console.Error.Write($"\r{text.PadRight(shown)}");
        shown = text.Length;
    }
}
