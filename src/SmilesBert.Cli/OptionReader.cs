using System.CommandLine;
using System.Globalization;

namespace SmilesBert.Cli;

/// <summary>
/// Options with a value, which is read here in one way on every machine (1.5 is one and a half), or refused with what was found and expected.
/// None is an Option of bool: the parser would take such a one's value only where it is "true" or "false".
/// </summary>
internal static class OptionReader
{
    private delegate bool Reading<T>(string text, out T value);

    /// <summary>A whole number within bounds.</summary>
    public static Option<int> Number(string name, string description, int usual, int least, int most = int.MaxValue) =>
        Value(name, "N", $"{description} (default {Text(usual)})", usual, Bounds(least, most), text => Whole(text, least, most));

    /// <summary>A whole number that need not be given.</summary>
    public static Option<int?> Number(string name, string description, int least) =>
        Optional(name, "N", description, Bounds(least, int.MaxValue), text => Whole(text, least, int.MaxValue));

    /// <summary>A number that need not be whole: at least the one bound, or above the other.</summary>
    public static Option<double> Number(string name, string description, double usual, double? least = null, double? leastExcluded = null) => Value(
        name, "X", $"{description} (default {Text(usual)})", usual,
        least is { } bound ? $"a number of {Text(bound)} or more" : $"a number above {Text(leastExcluded!.Value)}",
        text => Real(text) is { } number && !(number < least) && !(number <= leastExcluded) ? number : null);

    /// <summary>An option whose values have names.</summary>
    public static Option<T> Choice<T>(string name, string description, T usual, params (string Name, T Value)[] values)
    {
        string Names(string between) => string.Join(between, values.Select(static value => value.Name));
        string usualName = values.First(value => Equals(value.Value, usual)).Name;
        return Create(name, Names("|"), $"{description} (default {usualName})", usual, Names(" or "), (string text, out T value) =>
        {
            int index = Array.FindIndex(values, choice => choice.Name == text);
            value = index < 0 ? usual : values[index].Value;
            return index >= 0;
        });
    }

    /// <summary>An option whose values are words; <paramref name="expected"/> may say why there are no others.</summary>
    public static Option<string> Word(string name, string description, string expected, params string[] words) => Create(
        name, string.Join('|', words), $"{description} (default {words[0]})", words[0], expected,
        (string text, out string value) => words.Contains(value = text));

    /// <summary>An option whose values are words of a certain form.</summary>
    public static Option<string> Word(string name, string helpName, string description, string usual, string expected, Func<string, bool> fits) => Create(
        name, helpName, $"{description} (default {usual})", usual, expected, (string text, out string value) => fits(value = text));

    /// <summary>An option with a usual value; <paramref name="read"/> gives null for a text that cannot be read.</summary>
    public static Option<T> Value<T>(string name, string helpName, string description, T usual, string expected, Func<string, T?> read)
        where T : struct => Create(name, helpName, description, usual, expected, (string text, out T value) =>
        {
            T? found = read(text);
            value = found.GetValueOrDefault();
            return found is not null;
        });

    /// <summary>An option that need not be given and has no usual value; <paramref name="read"/> gives null for a text that cannot be read.</summary>
    public static Option<T?> Optional<T>(string name, string helpName, string description, string expected, Func<string, T?> read)
        where T : struct => Create<T?>(name, helpName, description, null, expected, (string text, out T? value) => (value = read(text)) is not null);

    /// <summary>A finite number; null for any other text.</summary>
    public static double? Real(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;

    private static Option<T> Create<T>(string name, string helpName, string description, T usual, string expected, Reading<T> read) => new(name)
    {
        Description = description,
        HelpName = helpName,
        Arity = ArgumentArity.ExactlyOne,
        DefaultValueFactory = _ => usual,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (read(text, out T value)) return value;
            result.AddError($"{name} '{text}': expected {expected}");
            return usual;
        },
    };

    private static int? Whole(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number : null;

    private static string Bounds(int least, int most) =>
        most == int.MaxValue ? $"a whole number of {Text(least)} or more" : $"a whole number from {Text(least)} to {Text(most)}";

    // Small numbers as people write them: 2e-5.
    private static string Text(double number) => number.ToString(number is > 0 and < 1e-3 ? "0.######e0" : "0.######", CultureInfo.InvariantCulture);
}
