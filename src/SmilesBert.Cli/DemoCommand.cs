using System.CommandLine;
using SmilesBert.Data;
using SmilesBert.Study;
using SmilesBert.Training;

namespace SmilesBert.Cli;

/// <summary>demo: the study on molecules and weights that ship with the program, so that a first run needs nothing else.</summary>
internal static class DemoCommand
{
    private const string UsualOutput = "runs/demo";

    // Three passes over 1,800 molecules at a rate that fits a small network: less than a minute on two cores. Chosen by hand, before any figure was seen.
    private static readonly TrainingOptions Training = new() { Epochs = 3, LearningRate = 3e-4f };

    // ClassyFire's ten commonest superclasses in the table.
    private static readonly LabelFilter Superclasses = new(MinCount: 10, Top: 10, MaxCount: null);

    public static Command Create()
    {
        Option<string> output = OptionReader.Word(
            "--output", "DIR", "Folder for the report, its pictures and tables, and the finetuned model", UsualOutput, "a folder", static _ => true);
        Option<bool> resume = new("--resume") { Description = "Go on with the demo that --output holds" };
        Option<ulong> seed = SharedOptions.Seed("What the split, the order of rows and dropout are drawn from");
        Option<string> device = SharedOptions.Device();
        Option<int> threads = SharedOptions.Threads();
        Option<bool> json = SharedOptions.Json("study.json");
        Verb command = new(
            "demo", "See it work: food compounds before and after finetuning, from the small pretrained model that ships; about a minute.",
            new OptionGroup("Options", output, resume, seed, device, threads, json))
        {
            WhenStopped = "what is done is saved, and the same command with --resume goes on with it",
        };
        command.SetAction((given, stop) =>
        {
            string molecules = Shipped("examples", "food_compounds.csv");
            StudyOptions options = new()
            {
                Model = Shipped("weights", "smilesbert-small"),
                Table = PlainTableReader.Read(molecules, new ReadOptions { Stop = stop }, "superclass", separator: null).Keep(Superclasses),
                Output = given.GetValue(output)!,
                Seeds = 1,
                ByRow = false,
                Pooling = Pooling.Mean,
                Training = Training with { Seed = given.GetValue(seed) },
                Resume = given.GetValue(resume),
            };
            return Task.FromResult(StudyCommand.Run(
                options, () => DeviceChoice.Open(given.GetValue(device)!, given.GetValue(threads)), given.GetValue(threads), given.GetValue(json), stop));
        });
        return command;
    }

    /// <summary>What ships lies in the repository that the program was built in, whatever folder the command is given in.</summary>
    private static string Shipped(params string[] parts)
    {
        string relative = Path.Combine(parts);
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, relative);
            if (Path.Exists(path)) return Path.GetRelativePath(Environment.CurrentDirectory, path);
        }
        throw new InputException($"{relative} is not beside the program; demo runs from a copy of the repository, built there");
    }
}
