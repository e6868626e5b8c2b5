using System.CommandLine;
using System.Text.Json.Nodes;
using SmilesBert.Gpu;
using SmilesBert.Gpu.Driver;
using SmilesBert.Ops;

namespace SmilesBert.Cli;

/// <summary>devices: what there is to run on.</summary>
internal static class DevicesCommand
{
    public static Command Create()
    {
        Option<int> threads = SharedOptions.Threads();
        Option<bool> json = SharedOptions.Json("the list");
        Verb command = new("devices", "List the devices, and which the next run would use.", new OptionGroup("Options", threads, json));
        command.SetAction(given =>
        {
            IReadOnlyList<CudaDeviceInfo> cards = Cards(out string? noCards);
            string auto = Description(DeviceChoice.Auto, given.GetValue(threads));
            (string Name, string Description)[] devices =
            [
                .. cards.Select(static card => ($"{DeviceChoice.Cuda}:{card.Ordinal}", card.ToString())),
                .. DeviceChoice.Always.Select(name => (name, Description(name, given.GetValue(threads)))),
            ];
            if (given.GetValue(json))
            {
                ResultJson.Print(new JsonArray([.. devices.Select(device => new JsonObject
                {
                    ["name"] = device.Name, ["description"] = device.Description, ["default"] = device.Description == auto,
                })]));
                return 0;
            }
            foreach ((string name, string description) in devices)
                Console.WriteLine($"{name,-10} {description}{(description == auto ? "; the next run takes this one" : "")}");
            if (noCards is not null) Console.WriteLine($"{DeviceChoice.Cuda,-10} {noCards}");
            return 0;
        });
        return command;
    }

    private static string Description(string name, int threads)
    {
        using IOps ops = DeviceChoice.Open(name, threads);
        return ops.Description;
    }

    private static IReadOnlyList<CudaDeviceInfo> Cards(out string? none)
    {
        none = null;
        try
        {
            return CudaDriver.Devices();
        }
        catch (DeviceException error)
        {
            none = error.Message;
            return [];
        }
    }
}
