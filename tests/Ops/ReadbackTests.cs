using SmilesBert.Ops;

namespace SmilesBert.Tests.Ops;

/// <summary>Copies to the host that are started now and taken later.</summary>
public sealed class ReadbackTests
{
    [Theory, ClassData(typeof(Devices))]
    public void Finish_GivesWhatWasThereAtTheStart(string device)
    {
        using IOps ops = Devices.Create(device);
        Floats x = ops.AllocateFloats(5);
        IReadback first = ops.Readback(3), second = ops.Readback(5);
        ops.Write(x, [1f, 2f, 3f, 4f, 5f]);
        first.Start(x.Slice(1, 3));
        ops.Fill(x, 9f);
        second.Start(x);
        ops.Fill(x, 8f);
        Assert.Equal([2f, 3f, 4f], first.Finish());
        Assert.Equal([2f, 3f, 4f], first.Finish());
        Assert.Equal([9f, 9f, 9f, 9f, 9f], second.Finish());

        first.Start(x.Slice(4, 1));
        Assert.Equal([8f], first.Finish());
    }

    [Theory, ClassData(typeof(Devices))]
    public void MoreThanItsCapacity_IsRefused(string device)
    {
        using IOps ops = Devices.Create(device);
        Floats x = ops.AllocateFloats(5);
        Assert.ThrowsAny<ArgumentException>(() => ops.Readback(4).Start(x));
    }
}
