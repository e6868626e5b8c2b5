namespace SmilesBert.Analysis.Charts;

/// <summary>The shape of a point.</summary>
internal enum Marker
{
    Circle,
    Triangle,
    Square,
}
