namespace SmilesBert.Gpu;

/// <summary>A device is not there, or cannot do what was asked of it. The message is one sentence that says which and why.</summary>
public sealed class DeviceException(string message) : Exception(message);
