using System.CommandLine;
using SmilesBert.Data;
using SmilesBert.Ops;
using SmilesBert.Study;
using SmilesBert.Tokenization;
using SmilesBert.Training;

namespace SmilesBert.Cli;

/// <summary>study: look at molecules by their labels, finetune, look again.</summary>
internal static class StudyCommand
{
    private const int UsualSeeds = 3, UsualMinCount = 10, UsualTop = 10, UsualLevel = 4;

    public static Command Create()
    {
        string families = string.Join('|', FooDbFamily.All.Select(static family => family.Name));
        Option<string> model = SharedOptions.Model(), output = SharedOptions.Output("DIR", "Folder for the report, its pictures and tables, and the finetuned models");
        Option<string?> foodb = new("--foodb")
        {
            Description = "FooDB's folder of CSV files, or its archive as downloaded (.tar.gz); needs --label",
            HelpName = "DIR",
        };
        Option<string?> data = new("--data")
        {
            Description = "Any other table of molecules (.csv, .gz, - for standard input); needs --target",
            HelpName = "FILE",
        };

        Option<FooDbFamily?> label = new("--label")
        {
            Description = "FooDB's labels that are studied",
            HelpName = families,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                FooDbFamily? family = FooDbFamily.All.FirstOrDefault(family => family.Name == text);
                if (family is null) result.AddError($"--label '{text}': expected {families.Replace("|", ", ", StringComparison.Ordinal)}");
                return family;
            },
        };
        Option<int?> level = OptionReader.Number("--level", $"Level of the ontology's terms (default {UsualLevel})", least: 1);
        Option<string?> target = new("--target") { Description = "Column of --data that holds the labels", HelpName = "COL" };
        Option<char?> separator = SharedOptions.Separator();
        Option<string?> smiles = SharedOptions.Smiles();
        Option<BadRows> onBadRow = SharedOptions.OnBadRow();
        Option<int> minCount = OptionReader.Number("--min-count", "Leave out labels of fewer molecules", UsualMinCount, least: 1);
        Option<int> top = OptionReader.Number("--top", "Keep only the N commonest labels", UsualTop, least: 2);
        Option<int?> maxCount = OptionReader.Number("--max-count", "Leave out labels of more molecules", least: 1);
        Option<int?> maxTokens = SharedOptions.MaxTokens();
        Option<LongMolecules> onLong = SharedOptions.OnLong();

        Option<int> seeds = OptionReader.Number("--seeds", "Repetitions of each finetuning, each with a split of its own", UsualSeeds, least: 1);
        Option<Pooling> pooling = SharedOptions.Pooling();
        TrainingChoices training = new("The first of the seeds; the others follow it", new TrainingOptions());
        Option<bool> resume = new("--resume") { Description = "Go on with the study that --output holds" };
        Option<string> device = SharedOptions.Device();
        Option<Precision> precision = SharedOptions.Precision();
        Option<int> threads = SharedOptions.Threads();
        Option<bool> json = SharedOptions.Json("study.json");

        Verb command = new(
            "study", "Embed molecules and look at their labels through PCA, finetune, look again at held-out molecules; by molecule and by row, over several seeds.",
            new OptionGroup("Needed", model, foodb, data, output),
            new OptionGroup("Labels", label, level, target, separator, smiles, onBadRow, minCount, top, maxCount, maxTokens, onLong),
            new OptionGroup("Study", seeds, pooling),
            new OptionGroup("Training", [.. training.Options]),
            new OptionGroup("Run", resume, training.Seed, device, precision, threads, json))
        {
            WhenStopped = "what is done is saved, and the same command with --resume goes on with it",
        };
        command.Validators.Add(result =>
        {
            bool Given(Option option) => result.GetResult(option) is { Implicit: false };
            if (Given(foodb) == Given(data)) result.AddError("one of --foodb and --data is needed, not both");
            else if (Given(foodb) && !Given(label)) result.AddError($"--foodb needs --label, one of {families.Replace("|", ", ", StringComparison.Ordinal)}");
            else if (Given(data) && !Given(target)) result.AddError("--data needs --target, the column that holds the labels");
            foreach (Option option in Given(foodb) ? new Option[] { target, separator, smiles, onBadRow } : [label, level])
                if (Given(option)) result.AddError($"{option.Name} does not go with {(Given(foodb) ? "--foodb" : "--data")}");
        });
        command.SetAction((given, stop) => Task.FromResult(RunGiven(given, stop)));
        return command;

        int RunGiven(ParseResult given, CancellationToken stop)
        {
            LabelledTable table;
            if (given.GetValue(foodb) is { } folder)
            {
                FooDbFamily family = given.GetValue(label)!;
                if (!family.HasLevels && given.GetValue(level) is not null) throw new InputException($"{family.Name} labels have no levels; --level is for the ontology");
                table = FooDbReader.Read(folder, family, family.HasLevels ? given.GetValue(level) ?? UsualLevel : null, stop);
            }
            else
            {
                ReadOptions read = new() { SmilesColumn = given.GetValue(smiles), OnBadRow = given.GetValue(onBadRow), Stop = stop };
                table = PlainTableReader.Read(given.GetValue(data)!, read, given.GetValue(target)!, given.GetValue(separator));
            }
            StudyOptions options = new()
            {
                Model = given.GetValue(model)!,
                Table = table.Keep(new LabelFilter(given.GetValue(minCount), given.GetValue(top), given.GetValue(maxCount))),
                Output = given.GetValue(output)!,
                Seeds = given.GetValue(seeds),
                Pooling = given.GetValue(pooling),
                Training = training.Read(given),
                MaxTokens = given.GetValue(maxTokens),
                OnLong = given.GetValue(onLong),
                Resume = given.GetValue(resume),
            };
            int count = given.GetValue(threads);
            return Run(options, () => DeviceChoice.Open(given.GetValue(device)!, count, given.GetValue(precision)), count, given.GetValue(json), stop);
        }
    }

    /// <summary>Carries a study out and says what was seen.</summary>
    public static int Run(StudyOptions options, Func<IOps> open, int threads, bool json, CancellationToken stop)
    {
        ConsoleLog log = new();
        IReadOnlyList<string> findings = new StudyRun(options, open, threads, log).Run(stop);
        foreach (string finding in findings) log.Message(finding);
        log.Finish(options.Output, json ? "study.json" : null);
        return 0;
    }
}
