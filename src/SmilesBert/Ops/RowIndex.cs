namespace SmilesBert.Ops;

/// <summary>
/// Which row of a table each of <paramref name="Count"/> places reads, and the inverse: which places read each row, in order.
/// The inverse is what lets the backward pass add a row's gradients in a fixed order without atomics.
/// </summary>
/// <param name="Rows">(Count) the row that place n reads.</param>
/// <param name="Distinct">(DistinctCount) the rows that are read at all, ascending.</param>
/// <param name="Starts">(DistinctCount + 1) where each distinct row's places begin in <paramref name="Places"/>.</param>
/// <param name="Places">(Count) places grouped by the row they read, ascending within a group.</param>
/// <param name="Count">Places.</param>
/// <param name="DistinctCount">Rows read at least once.</param>
public readonly record struct RowIndex(Ints Rows, Ints Distinct, Ints Starts, Ints Places, int Count, int DistinctCount);
