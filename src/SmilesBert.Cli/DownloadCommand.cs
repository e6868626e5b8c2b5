using System.CommandLine;
using System.Text.Json.Nodes;
using SmilesBert.Hub;

namespace SmilesBert.Cli;

/// <summary>download: a model folder from the HuggingFace hub.</summary>
internal static class DownloadCommand
{
    public static Command Create()
    {
        Argument<string> model = new("REPO[@REVISION]")
        {
            Description = "Model of the HuggingFace hub, such as seyonec/PubChem10M_SMILES_BPE_450k; a branch, a tag or a commit of it (main)",
        };
        Option<string> output = SharedOptions.Output("DIR", "Folder for the model: a new one, or one that the same download has begun");
        Option<bool> json = SharedOptions.Json("the commit and the files");
        Verb command = new(
            "download", "Get a model folder from the HuggingFace hub: the files that this program reads, of one commit, with sizes and hashes "
            + "checked. HF_ENDPOINT names another hub, HF_TOKEN the account that private and gated models need.",
            new OptionGroup("Needed", output),
            new OptionGroup("Run", json))
        {
            WhenStopped = "what has come is kept, and the same command goes on with it",
        };
        command.Arguments.Add(model);
        command.SetAction(RunAsync);
        return command;

        async Task<int> RunAsync(ParseResult given, CancellationToken stop)
        {
            string folder = SharedOptions.OutputFolder(given.GetValue(output)!);
            DownloadLog log = new();
            HubReference reference = HubReference.Parse(given.GetValue(model)!);
            DownloadResult result = await new ModelDownload(reference, folder, HubOptions.FromEnvironment(), log).RunAsync(stop);
            log.End(result, folder);
            if (given.GetValue(json)) ResultJson.Print(ToJson(result, folder));
            return 0;
        }
    }

    private static JsonObject ToJson(DownloadResult result, string folder) => new()
    {
        ["repository"] = result.Reference.Repository,
        ["revision"] = result.Reference.Revision,
        ["commit"] = result.Commit,
        ["output"] = folder,
        ["files"] = new JsonArray([.. result.Files.Select(static file => new JsonObject
        {
            ["name"] = file.File.Name,
            ["bytes"] = file.File.Size,
            [file.File.Hash.KindName] = file.File.Hash.Hex,
            ["was_there"] = file.WasThere,
        })]),
        ["received_bytes"] = result.ReceivedBytes,
        ["seconds"] = result.Seconds,
    };
}
