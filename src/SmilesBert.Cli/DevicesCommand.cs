using System.CommandLine;
using System.Text.Json.Nodes;
using SmilesBert.Ops;

namespace SmilesBert.Cli;

/// <summary>devices: what there is to run on.</summary>
internal static class DevicesCommand
{
    public static Command Create()
    {
        Option<int> threads = SharedOptions.Threads();
        Option<bool> json = SharedOptions.Json();
        Command command = new("devices", "List the devices, and which the next run would use.") { threads, json };
        command.SetAction(given =>
        {
            using IOps ops = SharedOptions.Open("auto", given.GetValue(threads));
            Console.WriteLine(given.GetValue(json)
                ? new JsonArray(new JsonObject { ["name"] = "cpu", ["description"] = ops.Description, ["default"] = true }).ToJsonString()
                : $"cpu   {ops.Description}   (--device auto takes this one)");
            return 0;
        });
        return command;
    }
}
