namespace SmilesBert.Analysis.Charts;

/// <summary>One bar of a <see cref="BarChart"/>.</summary>
/// <param name="Name">A class or a label.</param>
/// <param name="Value">Its length; null where undefined, which the chart says.</param>
/// <param name="Count">How many rows stand behind it.</param>
/// <param name="Seeds">Where the value is a mean over several runs: the value of each, a dot over the bar.</param>
public readonly record struct Bar(string Name, double? Value, int Count, IReadOnlyList<double>? Seeds = null);
