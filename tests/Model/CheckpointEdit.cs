using SmilesBert.Weights;

namespace SmilesBert.Tests.Model;

/// <summary>Writes safetensors files again with something changed.</summary>
internal static class CheckpointEdit
{
    public delegate void Values(string name, Span<float> values);

    /// <summary>Changes values, and the text of every metadata entry, in place.</summary>
    public static void Rewrite(string path, Values change, Func<string, string>? metadata = null)
    {
        Dictionary<string, (int[] Shape, float[] Values)> tensors = Read(path, out Dictionary<string, string> texts);
        foreach ((string name, (_, float[] values)) in tensors) change(name, values);
        Write(path, tensors, texts.ToDictionary(static pair => pair.Key, pair => metadata?.Invoke(pair.Value) ?? pair.Value));
    }

    public static Dictionary<string, (int[] Shape, float[] Values)> Read(string path) => Read(path, out _);

    public static void Write(string path, Dictionary<string, (int[] Shape, float[] Values)> tensors, Dictionary<string, string>? metadata = null)
    {
        (string Name, int[] Shape)[] list = [.. tensors.Select(static tensor => (tensor.Key, tensor.Value.Shape))];
        SafetensorsWriter.Write(path, list, (index, destination) => tensors[list[index].Name].Values.CopyTo(destination), metadata);
    }

    private static Dictionary<string, (int[] Shape, float[] Values)> Read(string path, out Dictionary<string, string> metadata)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        metadata = new Dictionary<string, string>(file.Metadata);
        return file.Tensors.Values.ToDictionary(static tensor => tensor.Name, tensor =>
        {
            float[] values = new float[tensor.Elements];
            file.Read(tensor.Name, values);
            return (tensor.Shape.Select(static size => (int)size).ToArray(), values);
        });
    }
}
