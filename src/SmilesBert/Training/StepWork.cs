namespace SmilesBert.Training;

/// <summary>What a step did before the optimizer's turn.</summary>
/// <param name="Weight">What its loss is a mean over: molecules, or masked tokens.</param>
/// <param name="Tokens">Tokens that went through the network.</param>
public readonly record struct StepWork(int Weight, int Tokens);
