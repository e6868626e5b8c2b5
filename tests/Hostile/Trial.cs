namespace SmilesBert.Tests.Hostile;

/// <summary>The rule that every reader keeps, whatever it is given.</summary>
internal static class Trial
{
    /// <summary>
    /// Whether the file was read; false where it was refused. Anything but an <see cref="InputException"/> of one line that names the file, too
    /// much time or too much memory fails.
    /// </summary>
    public static bool Passes(HostileFormat format, string path, byte[] bytes, TimeSpan longest)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        Effort effort = Effort.Begin();
        bool read = true;
        try
        {
            format.Read(path);
        }
        catch (InputException refusal)
        {
            read = false;
            CheckMessage(refusal.Message, format.Named ?? format.FileName);
        }
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        long size = format.Size(bytes), allowed = format.FreeMemory + (format.MemoryPerByte * size);
        Assert.True(allocated <= allowed, $"a file of {size} bytes made its reader allocate {allocated}, over {allowed}");
        Assert.True(effort.SoFar < longest, $"a file of {size} bytes kept its reader busy for {effort.SoFar}");
        return read;
    }

    public static void CheckMessage(string message, string named)
    {
        Assert.Contains(named, message, StringComparison.Ordinal);
        Assert.False(message.Any(char.IsControl), $"control characters in the message {message}");
        Assert.InRange(message.Length, 10, 20_000);
    }
}
