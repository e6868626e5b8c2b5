using System.CommandLine;
using SmilesBert.Data;
using SmilesBert.Ops;
using SmilesBert.Ops.Cpu;
using SmilesBert.Tokenization;

namespace SmilesBert.Cli;

/// <summary>Options that several commands have, each with one text and one meaning.</summary>
internal static class SharedOptions
{
    public static Option<string> Model() => new("--model") { Description = "Folder of the model: config.json, weights, tokenizer", Required = true, HelpName = "DIR" };

    public static Option<string> Data() => new("--data")
    {
        Description = "CSV with a header (.gz too), one SMILES per line (.smi, .txt), or - for standard input",
        Required = true,
        HelpName = "FILE",
    };

    public static Option<string[]> Target(bool required) => new("--target")
    {
        Description = "Column to learn; may be given several times",
        Required = required,
        HelpName = "COL",
        Arity = required ? ArgumentArity.OneOrMore : ArgumentArity.ZeroOrMore,
    };

    public static Option<string?> Smiles() => new("--smiles") { Description = "Column that holds SMILES; found by content when not given", HelpName = "COL" };

    public static Option<char?> Separator() => new("--separator")
    {
        Description = "Character that splits the target column into a set of labels",
        HelpName = "C",
        CustomParser = static result =>
        {
            string text = result.Tokens[0].Value;
            if (text.Length == 1) return text[0];
            result.AddError($"--separator '{text}': expected one character");
            return null;
        },
    };

    public static Option<TaskKind?> Task() => Choice<TaskKind?>(
        "--task", "What is learned; chosen from the data, and said, when not given", null,
        ("single-label", TaskKind.SingleLabel), ("multi-label", TaskKind.MultiLabel), ("regression", TaskKind.Regression));

    public static Option<BadRows> OnBadRow() => Choice(
        "--on-bad-row", "What happens at a row that cannot be read", BadRows.Error, ("error", BadRows.Error), ("skip", BadRows.Skip));

    public static Option<LongMolecules> OnLong() => Choice(
        "--on-long", "What happens to molecules longer than --max-tokens", LongMolecules.Truncate, ("truncate", LongMolecules.Truncate), ("refuse", LongMolecules.Refuse));

    public static Option<int?> MaxTokens() => new("--max-tokens") { Description = "Longest molecule in tokens [default: what the model's position table holds]", HelpName = "N" };

    public static Option<string> Device() => Choice("--device", "Where the arithmetic runs", "auto", ("auto", "auto"), ("cpu", "cpu"));

    public static Option<int> Threads() => Number("--threads", "Threads of the cpu device", Environment.ProcessorCount, least: 1);

    public static Option<bool> Json() => new("--json") { Description = "Print the result as JSON on standard output" };

    /// <summary>A whole number with a least value.</summary>
    public static Option<int> Number(string name, string description, int otherwise, int least)
    {
        Option<int> option = new(name) { Description = description, DefaultValueFactory = _ => otherwise, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < least) result.AddError($"{name}: expected a whole number of {least} or more");
        });
        return option;
    }

    /// <summary>An option whose values have names.</summary>
    public static Option<T> Choice<T>(string name, string description, T otherwise, params (string Name, T Value)[] values)
    {
        string names = string.Join('|', values.Select(static value => value.Name));
        string? usual = values.FirstOrDefault(value => Equals(value.Value, otherwise)).Name;
        return new Option<T>(name)
        {
            Description = description + (usual is null ? "" : $" [default: {usual}]"),
            HelpName = names,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                foreach ((string choice, T value) in values)
                    if (choice == text) return value;
                result.AddError($"{name} '{text}': expected {names.Replace("|", ", ")}");
                return otherwise;
            },
            DefaultValueFactory = _ => otherwise,
        };
    }

    /// <summary>The device that was asked for.</summary>
    public static IOps Open(string device, int threads) => new CpuOps(threads);
}
