using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SmilesBert.Data;
using SmilesBert.Ops;

namespace SmilesBert.Model;

/// <summary>Reads single values of a config.json, each with its limits and a sentence for what is outside them.</summary>
internal sealed class ConfigReader(JsonObject json, string path)
{
    private const int LargestSize = 1 << 24, MostLabels = 100_000;

    public InputException Error(string message) => new($"{path}: {message}");

    /// <summary>A text, or null when it is absent or null.</summary>
    public string? Text(string name) =>
        json[name] is not { } node ? null
        : node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>()
        : throw Wrong(name, "a text", node);

    /// <summary>A size of 1 or more; without a default it must be there.</summary>
    public int Size(string name, int? otherwise = null, int most = LargestSize) => Whole(name, least: 1, most, otherwise);

    /// <summary>An index of 0 or more.</summary>
    public int Index(string name, int otherwise) => Whole(name, least: 0, LargestSize, otherwise);

    /// <summary>A share in [0,1).</summary>
    public float Share(string name, float otherwise) =>
        Number(name) is not { } value ? otherwise
        : value is >= 0 and < 1 ? (float)value
        : throw Wrong(name, "a number from 0 up to but not including 1", json[name]!);

    /// <summary>A number above 0.</summary>
    public float Positive(string name, float otherwise) =>
        Number(name) is not { } value ? otherwise
        : (float)value > 0 && float.IsFinite((float)value) ? (float)value
        : throw Wrong(name, "a number above 0", json[name]!);

    /// <summary>One of the element-wise functions that an encoder may use.</summary>
    public ActivationKind Activation(string name, ActivationKind otherwise) => Text(name) switch
    {
        null => otherwise,
        "gelu" => ActivationKind.Gelu,
        "gelu_new" or "gelu_pytorch_tanh" => ActivationKind.GeluTanh,       // the same function under two names
        "relu" => ActivationKind.Relu,
        string other => throw Error($"{name} is '{other}'; gelu, gelu_new and relu are supported"),
    };

    /// <summary>Refuses a setting that has any value but the one this program implements; absent and null are that value.</summary>
    public void Refuse(string name, string supported)
    {
        if (json[name] is not { } node) return;
        string found = node.ToJsonString().Trim('"');
        if (found != supported) throw Error($"{name} is {found}; only {supported} is supported");
    }

    /// <summary>The finetuned head's task and labels; none for a folder that holds a pretrained model, whatever its num_labels says.</summary>
    public (TaskKind? Task, IReadOnlyList<string> Labels) Head()
    {
        TaskKind? task = Text("problem_type") switch
        {
            null => null,
            "single_label_classification" => TaskKind.SingleLabel,
            "multi_label_classification" => TaskKind.MultiLabel,
            "regression" => TaskKind.Regression,
            string other => throw Error($"problem_type is '{other}'; expected single_label_classification, multi_label_classification or regression"),
        };
        bool hasHead = json["architectures"] is JsonArray names
            && names.Any(static name => name?.ToString().EndsWith("ForSequenceClassification", StringComparison.Ordinal) == true);
        return hasHead ? (task, Labels()) : (null, []);
    }

    /// <summary>The regression targets' standardisation from the program's own section; none where the folder is another program's.</summary>
    public TargetScaling Scaling(string section, int labels)
    {
        if (json[section] is not JsonObject own) return TargetScaling.Identity(labels);
        double[] mean = Numbers(own, section, "target_mean", labels), deviation = Numbers(own, section, "target_deviation", labels);
        return deviation.All(static d => d > 0) ? new TargetScaling(mean, deviation)
            : throw Error($"{section}.target_deviation holds a number that is not above 0");
    }

    private string[] Labels()
    {
        if (json["id2label"] is not JsonObject byId)
            return [.. Enumerable.Range(0, Size("num_labels", 2, MostLabels)).Select(static i => $"LABEL_{i}")];
        string[] labels = new string[byId.Count];
        foreach ((string id, JsonNode? label) in byId)
        {
            bool isIndex = int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int i) && i < labels.Length && labels[i] is null;
            if (!isIndex || label is null) throw Error($"id2label does not name each of 0 to {labels.Length - 1} once ('{id}')");
            labels[i] = label.ToString();
        }
        return labels.Length > 0 ? labels : throw Error("id2label is empty");
    }

    private double[] Numbers(JsonObject own, string section, string name, int count)
    {
        if (own[name] is JsonArray values && values.Count == count && values.All(static v => v?.GetValueKind() == JsonValueKind.Number))
        {
            double[] numbers = [.. values.Select(static v => double.Parse(v!.ToJsonString(), CultureInfo.InvariantCulture))];
            if (numbers.All(double.IsFinite)) return numbers;
        }
        throw Error($"{section}.{name} is not a list of {count} numbers, one per label");
    }

    private int Whole(string name, int least, int most, int? otherwise)
    {
        if (Number(name) is not { } value) return otherwise ?? throw Error($"{name} is missing");
        if (value != Math.Floor(value) || value < least || value > most)
            throw Wrong(name, $"a whole number from {least} to {most}", json[name]!);
        return (int)value;
    }

    private double? Number(string name) =>
        json[name] is not { } node ? null
        : node.GetValueKind() == JsonValueKind.Number ? double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture)
        : throw Wrong(name, "a number", node);

    private InputException Wrong(string name, string expected, JsonNode found)
    {
        string text = found.ToJsonString();
        return Error($"{name} is {(text.Length > 40 ? text[..40] + "..." : text)}; expected {expected}");
    }
}
