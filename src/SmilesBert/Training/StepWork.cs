namespace SmilesBert.Training;

/// <summary>What a step did before the optimizer's turn.</summary>
/// <param name="Loss">The step's mean loss.</param>
/// <param name="Weight">What that is a mean over: molecules, or masked tokens.</param>
/// <param name="Tokens">Tokens that went through the network.</param>
public readonly record struct StepWork(float Loss, int Weight, int Tokens);
