namespace SmilesBert.Study;

/// <summary>Which labels of a family are studied, by how many molecules have them.</summary>
/// <param name="MinCount">Labels of fewer molecules are left out.</param>
/// <param name="Top">Only this many are kept, the commonest that the other two leave; null keeps all.</param>
/// <param name="MaxCount">Labels of more molecules are left out; null sets no limit.</param>
public readonly record struct LabelFilter(int MinCount = 1, int? Top = null, int? MaxCount = null);
