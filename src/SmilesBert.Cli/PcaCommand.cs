using System.CommandLine;
using SmilesBert.Analysis;
using SmilesBert.Data;
using SmilesBert.Model;
using SmilesBert.Ops;
using SmilesBert.Tokenization;
using SmilesBert.Training;

namespace SmilesBert.Cli;

/// <summary>pca: a picture of the molecules in the space of their embeddings, and how well a column's classes lie apart there.</summary>
internal static class PcaCommand
{
    public static Command Create()
    {
        Option<string> data = SharedOptions.Data(), output = SharedOptions.Output("DIR", "Folder for the pictures, coordinates and explained variance");
        Option<string> color = SharedOptions.Text("--color", "COL", "Column of the classes, labels or numbers that points are coloured by", required: true)!;
        Option<string?> embeddings = SharedOptions.Text("--embeddings", "FILE", "What embed wrote of the same data (.npy)", required: false);
        Option<string?> model = SharedOptions.Text("--model", "DIR", "Folder of a model that makes the embeddings now", required: false);
        Option<Pooling> pooling = SharedOptions.Pooling();
        Option<int> components = OptionReader.Number("--components", "Principal components; the picture shows the first two", usual: 2, least: 2);
        Option<string?> smiles = SharedOptions.Smiles();
        Option<TaskKind?> task = SharedOptions.Task("What the column holds: classes, sets of labels or numbers (default: chosen by content, saying so)");
        Option<char?> separator = SharedOptions.Separator();
        Option<int?> minCount = SharedOptions.MinCount(), maxCount = SharedOptions.MaxCount(), top = SharedOptions.Top();
        Option<BadRows> onBadRow = SharedOptions.OnBadRow();
        Option<int?> maxTokens = SharedOptions.MaxTokens();
        Option<LongMolecules> onLong = SharedOptions.OnLong();
        Option<string> device = SharedOptions.Device();
        Option<Precision> precision = SharedOptions.Precision();
        Option<int> threads = SharedOptions.Threads();
        Option<bool> json = SharedOptions.Json("explained variance and separability");
        Verb command = new(
            "pca", "Draw molecules on the principal components of their embeddings, and measure how well classes lie apart.",
            new OptionGroup("Needed", data, color, output),
            new OptionGroup("Embeddings, one of the two", embeddings, model),
            new OptionGroup("Data", components, smiles, task, separator, minCount, maxCount, top, onBadRow),
            new OptionGroup("With --model", pooling, maxTokens, onLong),
            new OptionGroup("Run", device, precision, threads, json))
        {
            WhenStopped = "nothing was written",
        };
        command.Validators.Add(result =>
        {
            bool fromFile = result.GetResult(embeddings) is not null, fromModel = result.GetResult(model) is not null;
            if (fromFile == fromModel) result.AddError($"--embeddings and --model: {(fromFile ? "give only one of the two" : "one of the two is needed")}");
        });
        command.SetAction((given, stop) => Task.FromResult(Run(given, stop)));
        return command;

        int Run(ParseResult given, CancellationToken stop)
        {
            string folder = SharedOptions.OutputFolder(given.GetValue(output)!), column = given.GetValue(color)!;
            using IOps ops = DeviceChoice.Open(given.GetValue(device)!, given.GetValue(threads), given.GetValue(precision));
            PcaInput.Table table = new(
                given.GetValue(data)!,
                new ReadOptions { SmilesColumn = given.GetValue(smiles), OnBadRow = given.GetValue(onBadRow), Stop = stop },
                new TargetOptions
                {
                    Columns = [column],
                    Separator = given.GetValue(separator),
                    Task = given.GetValue(task),
                    MinCount = given.GetValue(minCount),
                    MaxCount = given.GetValue(maxCount),
                    Top = given.GetValue(top),
                });
            PcaInput input;
            if (given.GetValue(embeddings) is string file) input = PcaInput.OfFile(file, table);
            else
            {
                ModelFolder opened = ModelFolder.Open(given.GetValue(model)!, HeadKind.None, ops);
                input = PcaInput.OfModel(opened, opened.Encoder(given.GetValue(maxTokens), given.GetValue(onLong)), given.GetValue(pooling), table, stop);
            }
            PrincipalComponents found = PrincipalComponents.Fit(ops, input.Vectors, input.Width, given.GetValue(components));
            PcaResult result = new(column, input, found, given.GetValue(threads), stop);
            stop.ThrowIfCancellationRequested();
            result.Write(folder);
            Console.Error.WriteLine($"pictures: {Path.Combine(folder, "pca.svg")}, {Path.Combine(folder, "pca.html")}");
            if (given.GetValue(json)) ResultJson.Print(result.ToJson(folder));
            else Console.Write(result.ToText());
            return 0;
        }
    }
}
