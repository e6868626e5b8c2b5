using SmilesBert.Ops;

namespace SmilesBert.Model;

/// <summary>Builds <see cref="RowIndex"/>es on the host into device memory taken once.</summary>
internal sealed class RowIndexBuffer(IOps ops, int capacity)
{
    private readonly long[] keys = new long[capacity];      // row in the high half, place in the low: one sort groups the places
    private readonly int[] distinct = new int[capacity], starts = new int[capacity + 1], places = new int[capacity];
    private readonly Ints deviceRows = ops.AllocateInts(capacity), deviceDistinct = ops.AllocateInts(capacity);
    private readonly Ints deviceStarts = ops.AllocateInts(capacity + 1), devicePlaces = ops.AllocateInts(capacity);

    /// <summary>The index in which place n reads row rows[n]; it replaces the one built before.</summary>
    public RowIndex Fill(ReadOnlySpan<int> rows)
    {
        for (int n = 0; n < rows.Length; n++) keys[n] = ((long)rows[n] << 32) | (uint)n;
        keys.AsSpan(0, rows.Length).Sort();

        int count = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            int row = (int)(keys[i] >> 32);
            places[i] = (int)keys[i];
            if (count > 0 && distinct[count - 1] == row) continue;
            distinct[count] = row;
            starts[count++] = i;
        }
        starts[count] = rows.Length;

        ops.Write(deviceRows, rows);
        ops.Write(deviceDistinct, distinct.AsSpan(0, count));
        ops.Write(deviceStarts, starts.AsSpan(0, count + 1));
        ops.Write(devicePlaces, places.AsSpan(0, rows.Length));
        return new RowIndex(
            deviceRows.Slice(0, rows.Length), deviceDistinct.Slice(0, count), deviceStarts.Slice(0, count + 1), devicePlaces.Slice(0, rows.Length),
            rows.Length, count);
    }
}
