using System.Text.Json.Nodes;
using SmilesBert.Ops;

namespace SmilesBert.Benchmarking;

/// <summary>What <see cref="DeviceBenchmark"/> found.</summary>
public sealed class BenchmarkResult
{
    internal BenchmarkResult(string device, Precision precision, DeviceSpeed speed, string checkedHow, IReadOnlyList<NetworkResult> networks)
    {
        Device = device;
        Precision = precision;
        Speed = speed;
        CheckedHow = checkedHow;
        Networks = networks;
    }

    /// <summary>The device as it describes itself.</summary>
    public string Device { get; }

    /// <summary>What its matrix products round their operands to.</summary>
    public Precision Precision { get; }

    /// <summary>What operations were held to before they were timed.</summary>
    public string CheckedHow { get; }

    public IReadOnlyList<NetworkResult> Networks { get; }

    internal DeviceSpeed Speed { get; }

    /// <summary>The result for programs: times in seconds, rates in operations or bytes per second.</summary>
    public JsonObject ToJson() => new()
    {
        ["program"] = ProgramVersion.Text,
        ["device"] = Device,
        ["precision"] = Precision.Name(),
        ["multiply_add_flop_per_second"] = Speed.MultiplyAdd,
        ["product_flop_per_second"] = Speed.Product,
        ["streams"] = new JsonArray([.. Speed.Streams.Select(static stream =>
            new JsonObject { ["bytes"] = stream.Bytes, ["bytes_per_second"] = stream.BytesPerSecond })]),
        ["checked"] = $"{CheckedHow}; a sample in double precision",
        ["networks"] = new JsonArray([.. Networks.Select(ToJson)]),
    };

    private static JsonObject ToJson(NetworkResult network) => new()
    {
        ["layers"] = network.Size.Layers,
        ["hidden_size"] = network.Size.Hidden,
        ["heads"] = network.Size.Heads,
        ["feed_forward_size"] = network.Size.FeedForward,
        ["vocabulary_size"] = network.Size.Vocabulary,
        ["molecules"] = network.Molecules,
        ["tokens"] = network.Tokens,
        ["operations"] = new JsonArray([.. network.Operations.Select(ToJson)]),
        ["training"] = ToJson(network.Training),
        ["embedding"] = ToJson(network.Embedding),
    };

    private static JsonObject ToJson(OperationResult operation) => new()
    {
        ["name"] = operation.Name,
        ["sizes"] = operation.Sizes,
        ["seconds"] = operation.Seconds,
        ["flop"] = operation.Flops,
        ["bytes"] = operation.Bytes,
        ["bound"] = operation.IsProductBound ? "product" : "memory",
        ["share_of_floor"] = operation.ShareOfFloor,
    };

    private static JsonObject ToJson(PassResult pass) => new()
    {
        ["molecules"] = pass.Molecules,
        ["tokens"] = pass.Tokens,
        ["seconds"] = pass.Seconds,
        ["molecules_per_second"] = pass.MoleculesPerSecond,
        ["tokens_per_second"] = pass.TokensPerSecond,
        ["flop_per_second"] = pass.FlopsPerSecond,
        ["share_of_peak"] = pass.ShareOfPeak,
    };
}
