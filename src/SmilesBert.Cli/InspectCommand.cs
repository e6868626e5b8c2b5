using System.CommandLine;
using System.Text.Json.Nodes;

namespace SmilesBert.Cli;

/// <summary>inspect: what a checkpoint, tokenizer or data file holds, and what is wrong with it.</summary>
internal static class InspectCommand
{
    private const int NameWidth = 24;

    // Under these keys stand names from the file, to be printed as they are; every other key is a word of ours.
    private static readonly string[] NamesFromTheFile = ["tensors", "columns"];

    public static Command Create()
    {
        Argument<string> path = new("PATH")
        {
            Description = "Model folder, weights (.safetensors, .bin), file of a tokenizer, or data file; - for data on standard input",
        };
        Option<bool> json = SharedOptions.Json("what was found");
        Verb command = new(
            "inspect", "Say what a checkpoint, tokenizer or data file holds, and what is wrong with it (then the exit code is 1).",
            new OptionGroup("Options", json));
        command.Arguments.Add(path);
        command.SetAction(given =>
        {
            Inspection found = Inspection.Of(given.GetValue(path)!);
            if (given.GetValue(json)) ResultJson.Print(found.Result);
            else Print(found.Result, indent: 0, ownWords: true);
            return found.Problems.Count > 0 ? 1 : 0;
        });
        return command;
    }

    private static void Print(JsonNode node, int indent, bool ownWords)
    {
        string margin = new(' ', indent);
        if (node is JsonArray list)
        {
            foreach (JsonNode? item in list) Console.WriteLine($"{margin}{item}");
            return;
        }
        JsonObject entries = node.AsObject();
        int width = ownWords ? NameWidth : entries.Select(static entry => entry.Key.Length).DefaultIfEmpty(0).Max();
        foreach ((string name, JsonNode? value) in entries)
        {
            string shown = ownWords ? name.Replace('_', ' ') : name;
            if (value is JsonObject or JsonArray)
            {
                Console.WriteLine($"{margin}{shown}");
                Print(value, indent + 2, !NamesFromTheFile.Contains(name));
            }
            else
            {
                Console.WriteLine($"{margin}{shown.PadRight(width)}  {value}");
            }
        }
    }
}
