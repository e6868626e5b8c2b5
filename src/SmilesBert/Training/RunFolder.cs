using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SmilesBert.Analysis;
using SmilesBert.Model;
using SmilesBert.Ops;
using SmilesBert.Weights;

namespace SmilesBert.Training;

/// <summary>
/// A training's output folder while it runs: the history line by line, and in state/ what a resumed run needs.
/// The state is one file, written beside and renamed, so it is always that of one moment.
/// </summary>
public sealed class RunFolder : IDisposable
{
    private static readonly string[] RunFiles = ["config.json", "model.safetensors", "history.jsonl", "metrics.json", "state"];

    private readonly FileStream history;

    private RunFolder(string path, FileStream history)
    {
        Path = path;
        this.history = history;
    }

    public string Path { get; }

    /// <summary>Bytes of history.jsonl written so far.</summary>
    public long HistoryBytes => history.Position;

    private string StateFile => File("state", "training.safetensors");

    /// <summary>Whether there is a saved moment to go on from. Until this folder is closed no other process changes that.</summary>
    public bool IsSaved => HasState(Path);

    /// <summary>Whether a training has begun in a folder.</summary>
    public static bool HasRun(string path) => Directory.Exists(System.IO.Path.Combine(path, "state"));

    /// <summary>Whether a folder holds a training that can be resumed.</summary>
    public static bool HasState(string path) => System.IO.File.Exists(System.IO.Path.Combine(path, "state", "training.safetensors"));

    /// <summary>Whether a folder holds a training that has ended.</summary>
    public static bool IsFinished(string path) => System.IO.File.Exists(System.IO.Path.Combine(path, "metrics.json"));

    /// <summary>Looks at an output folder before a run, telling the user where it does not hold what they asked for.</summary>
    /// <param name="path">The folder, which need not be there.</param>
    /// <param name="resume">Whether a run that is there is to be gone on with.</param>
    /// <param name="log">Who is told.</param>
    /// <returns>Whether there is anything to run: a run that has ended is left as it is.</returns>
    /// <exception cref="InputException">It holds a run or a model that must not be written over.</exception>
    public static bool Look(string path, bool resume, ITrainingLog log)
    {
        if (resume && IsFinished(path))
        {
            log.Message($"{path}: this run has ended; there is nothing to resume");
            return false;
        }
        // Without a run to go on with, --resume too begins one, and must not write over a model that is there.
        if (!resume || !HasRun(path)) RequireFree(path);
        if (resume && !HasState(path)) log.Message($"{path}: nothing is saved yet; starting from the beginning");
        return true;
    }

    /// <summary>Refuses a folder that holds a run or a model already.</summary>
    /// <exception cref="InputException">It does.</exception>
    public static void RequireFree(string path)
    {
        string? taken = RunFiles.FirstOrDefault(name => System.IO.Path.Exists(System.IO.Path.Combine(path, name)));
        if (taken is not null) throw new InputException($"{path} already holds a run ({taken}); give another --output, or --resume to go on with it");
    }

    /// <summary>Opens a folder for a run, making it if need be.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="identity">What the run is made of, by name: every option and input that the result depends on.
    /// A run that is there already must be made of the same.</param>
    /// <param name="resume">Whether a run may be there already.</param>
    /// <exception cref="InputException">The run there is another one, another process writes into it, or the folder cannot be written.</exception>
    public static RunFolder Open(string path, IReadOnlyDictionary<string, string> identity, bool resume)
    {
        FileStream? history = null;
        try
        {
            Directory.CreateDirectory(System.IO.Path.Combine(path, "state"));
            // Unshared, and for a run of its own not there before: of two runs into one folder the second is refused.
            FileMode mode = resume ? FileMode.OpenOrCreate : FileMode.CreateNew;
            // Unbuffered: what a full disk did not take must not come up again when the file is closed.
            history = new FileStream(System.IO.Path.Combine(path, "history.jsonl"), mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            RunFolder folder = new(path, history);
            RunIdentity.RequireSame(path, identity);
            if (!HasState(path)) history.SetLength(0);      // lines of a run that ended before its first save
            return folder;
        }
        catch (Exception error)
        {
            history?.Dispose();
            if (error is IOException or UnauthorizedAccessException)
                throw new InputException($"{path}: cannot be used as an output folder: {error.Message}", error);
            throw;
        }
    }

    /// <summary>The path of a file in the folder.</summary>
    public string File(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Adds a step to the history.</summary>
    public void Append(StepRecord step) => AppendLine(new JsonObject
    {
        ["step"] = step.Step,
        ["epoch"] = step.Epoch,
        ["loss"] = step.Loss,
        ["gradient_norm"] = step.GradientNorm,
        ["learning_rate"] = step.LearningRate,
    });

    /// <summary>Adds an evaluation to the history.</summary>
    public void Append(int epoch, string split, IScored evaluation)
    {
        JsonObject line = new() { ["epoch"] = epoch, ["split"] = split, ["loss"] = evaluation.Loss };
        foreach (Metric metric in evaluation.Metrics) line[metric.Name] = metric.Value;
        AppendLine(line);
    }

    /// <summary>What a reader makes of each line of the history so far.</summary>
    /// <exception cref="InputException">A line is none that a training wrote.</exception>
    public IEnumerable<T> History<T>(Func<JsonObject, T> read)
    {
        history.Position = 0;
        using StreamReader reader = new(history, leaveOpen: true);
        for (int number = 1; reader.ReadLine() is { } line; number++) yield return Read(line, number);

        T Read(string line, int number)
        {
            try
            {
                return read(StrictJson.Parse(Encoding.UTF8.GetBytes(line)) as JsonObject ?? throw new JsonException("no object"));
            }
            // What System.Text.Json throws for a line that is no JSON, no object, or holds something else than a reader asks for.
            catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
            {
                throw new InputException($"{history.Name}, line {number}: no training wrote this line; start again in another folder", error);
            }
        }
    }

    /// <summary>Saves parameters, moments and progress as one file.</summary>
    public void SaveState(BertModel model, AdamWOptimizer optimizer, TrainingProgress progress)
    {
        Write(() => history.Flush(flushToDisk: true));
        StateTensor[] tensors = StateTensors(model, optimizer);
        SafetensorsWriter.Write(
            StateFile, [.. tensors.Select(static tensor => (tensor.Name, tensor.Shape))],
            (index, destination) => model.Ops.Read(destination, tensors[index].Place),
            new Dictionary<string, string> { ["progress"] = JsonSerializer.Serialize(progress) });
    }

    /// <summary>Brings parameters, moments and history back to the moment that was saved.</summary>
    public TrainingProgress LoadState(BertModel model, AdamWOptimizer optimizer)
    {
        using SafetensorsFile file = SafetensorsFile.Open(StateFile);
        foreach (StateTensor tensor in StateTensors(model, optimizer))
        {
            if (!file.Tensors.TryGetValue(tensor.Name, out TensorInfo? info) || info.Elements != tensor.Place.Length)
                throw new InputException($"{StateFile}: does not hold {tensor.Name} of {tensor.Place.Length} numbers; it is of another model");
            float[] values = new float[tensor.Place.Length];
            file.Read(tensor.Name, values);
            model.Ops.Write(tensor.Place, values);
        }
        try
        {
            TrainingProgress progress = JsonSerializer.Deserialize<TrainingProgress>(file.Metadata["progress"])
                ?? throw new JsonException("null");
            if (!progress.IsPossible) throw new JsonException("counts below 0, or sums that are not finite");
            if (progress.HistoryBytes > history.Length)
            {
                throw new InputException(
                    $"{history.Name} has {history.Length} bytes, where the saved training wrote {progress.HistoryBytes}; start again in another folder");
            }
            history.SetLength(progress.HistoryBytes);
            history.Position = progress.HistoryBytes;
            return progress;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException)
        {
            throw new InputException($"{StateFile}: its progress cannot be read; start again in another folder", error);
        }
    }

    public void Dispose() => history.Dispose();

    // Parameter by parameter, so that saving takes no more memory than the largest of them.
    private static StateTensor[] StateTensors(BertModel model, AdamWOptimizer optimizer)
    {
        return [.. Part("value", model.Parameters.Values), .. Part("first_moment", optimizer.FirstMoment), .. Part("second_moment", optimizer.SecondMoment)];

        IEnumerable<StateTensor> Part(string name, Floats arena) => model.Parameters.Tensors.Select(
            tensor => new StateTensor($"{name}.{tensor.Name}", [.. tensor.Shape], arena.Slice(tensor.Offset, tensor.Length)));
    }

    private readonly record struct StateTensor(string Name, int[] Shape, Floats Place);

    private void AppendLine(JsonObject line) => Write(() => history.Write(Encoding.UTF8.GetBytes(line.ToJsonString() + "\n")));

    private void Write(Action write)
    {
        try { write(); }
        catch (IOException error) { throw AtomicFile.Refusal(history.Name, error); }
    }
}
