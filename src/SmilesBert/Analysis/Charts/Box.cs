namespace SmilesBert.Analysis.Charts;

/// <summary>A rectangle of the drawing, in pixels; y grows downward.</summary>
internal readonly record struct Box(double X, double Y, double Width, double Height)
{
    public double Right => X + Width;

    public double Bottom => Y + Height;

    public double CentreX => X + (Width / 2);

    public double CentreY => Y + (Height / 2);
}
