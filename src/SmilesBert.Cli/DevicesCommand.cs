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
        Option<bool> json = SharedOptions.Json("the list");
        Verb command = new("devices", "List the devices, and which the next run would use.", new OptionGroup("Options", threads, json));
        command.SetAction(given =>
        {
            using IOps ops = SharedOptions.Open("auto", given.GetValue(threads));
            JsonObject device = new() { ["name"] = "cpu", ["description"] = ops.Description, ["default"] = true };
            if (given.GetValue(json)) ResultJson.Print(new JsonArray(device));
            else Console.WriteLine($"{ops.Description} (--device cpu, which --device auto takes)");
            return 0;
        });
        return command;
    }
}
