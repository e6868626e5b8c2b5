using SmilesBert.Model;
using SmilesBert.Ops;
using SmilesBert.Tokenization;
using SmilesBert.Weights;

namespace SmilesBert.Training;

/// <summary>A model folder opened for use: configuration, tokenizer and weights, without memory for training.</summary>
public sealed class ModelFolder
{
    private ModelFolder(string path, BertModel model, Tokenizer tokenizer, LoadReport loaded)
    {
        Path = path;
        Model = model;
        Tokenizer = tokenizer;
        Loaded = loaded;
    }

    public string Path { get; }

    public BertModel Model { get; }

    public Tokenizer Tokenizer { get; }

    public LoadReport Loaded { get; }

    /// <summary>Loads a folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="head">The head that is wanted; the folder must hold it.</param>
    /// <param name="ops">The device.</param>
    /// <exception cref="InputException">The folder is incomplete, contradicts itself or lacks the head.</exception>
    public static ModelFolder Open(string path, HeadKind head, IOps ops)
    {
        ModelConfig config = ModelConfig.Load(path);
        if (head == HeadKind.Molecule && (config.Labels.Count == 0 || config.Task is null))
        {
            throw new InputException(
                $"{path}: config.json names no finetuned head (architectures, problem_type, id2label); finetune the model first");
        }
        Tokenizer tokenizer = Tokenizer.Load(path);
        config.RequireFit(tokenizer, path);
        using TensorFile file = Checkpoint.Open(path);
        ModelWeights.RequireRoom(config, file);
        BertModel model = new(config, head, ops, training: false);
        return new ModelFolder(path, model, tokenizer, ModelWeights.Load(model, file, keepHead: true, seed: 0));
    }

    /// <summary>An encoder for molecules of at most what the position table holds, or fewer tokens.</summary>
    public MoleculeEncoder Encoder(int? maxTokens, LongMolecules onLong) => new(Tokenizer, Model.Config.TokenLimit(maxTokens), onLong);
}
