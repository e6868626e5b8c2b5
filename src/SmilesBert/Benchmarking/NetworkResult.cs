namespace SmilesBert.Benchmarking;

/// <summary>A network's operations, its training and its embedding.</summary>
/// <param name="Size">The network.</param>
/// <param name="Molecules">Molecules of the batch whose operations were timed.</param>
/// <param name="Tokens">Its tokens.</param>
/// <param name="Operations">Each operation at each of its sizes.</param>
/// <param name="Training">Whole steps: forward, loss, backward, clipping, AdamW.</param>
/// <param name="Embedding">The forward pass alone, without dropout.</param>
public sealed record NetworkResult(
    NetworkSize Size, int Molecules, int Tokens, IReadOnlyList<OperationResult> Operations, PassResult Training, PassResult Embedding);
