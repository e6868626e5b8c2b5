using System.Diagnostics;
using System.Globalization;

namespace SmilesBert.Cli;

/// <summary>Log lines on standard error, with a line at the bottom that is rewritten in place on a terminal and printed plainly elsewhere.</summary>
internal sealed class ProgressLine
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(10), StatusEvery = TimeSpan.FromMilliseconds(200);

    private readonly bool isTerminal = !Console.IsErrorRedirected;
    private readonly Stopwatch sinceShown = Stopwatch.StartNew();
    private int shown;      // characters of the line at the bottom

    /// <summary>Whether the line at the bottom is old: a terminal's soon, a file's only now and then.</summary>
    public bool IsDue => sinceShown.Elapsed >= (isTerminal ? StatusEvery : LineEvery);

    /// <summary>Seconds as hours, minutes and seconds: 0:01:30.</summary>
    public static string Clock(double seconds)
    {
        TimeSpan time = TimeSpan.FromSeconds(Math.Ceiling(seconds));
        return string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}");
    }

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
        sinceShown.Restart();
        if (!isTerminal)
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
