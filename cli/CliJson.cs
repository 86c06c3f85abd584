using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Disa.Cli.Commands;
using Disa.Cli.Deploy;
using Disa.Emulator.Check;

namespace Disa.Cli;

/// <summary>JSON that the command reads and prints.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(Mail))]
[JsonSerializable(typeof(Commands.MailPage))]
[JsonSerializable(typeof(ShownMessage))]
[JsonSerializable(typeof(Message))]
[JsonSerializable(typeof(MessagesReport))]
[JsonSerializable(typeof(FailureGroups))]
[JsonSerializable(typeof(Edited))]
[JsonSerializable(typeof(GroupCancelled))]
[JsonSerializable(typeof(Switched))]
[JsonSerializable(typeof(UpReport))]
[JsonSerializable(typeof(ConsoleReport))]
[JsonSerializable(typeof(DownReport))]
[JsonSerializable(typeof(DetachedReport))]
[JsonSerializable(typeof(Disa.Functions.Upkeep.AuditReport))]
[JsonSerializable(typeof(Explanation))]
[JsonSerializable(typeof(RedriveReport))]
[JsonSerializable(typeof(Cancelled))]
[JsonSerializable(typeof(Operations.Cost.CostReport))]
[JsonSerializable(typeof(IReadOnlyList<Operations.Cost.SizedCost>))]
[JsonSerializable(typeof(PackageReport))]
[JsonSerializable(typeof(IReadOnlyList<Finding>))]
[JsonSerializable(typeof(DeployReport))]
[JsonSerializable(typeof(StackPlan))]
[JsonSerializable(typeof(DestroyReport))]
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class CliJson : JsonSerializerContext
{
    /// <summary>For people: quotes and accents as they are. What is printed is JSON for a terminal or a program, never part of a page.</summary>
    public static CliJson Readable =>
        readable ??= new(
            new JsonSerializerOptions(Default.GeneratedSerializerOptions!) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
        );

    private static CliJson? readable;
}
