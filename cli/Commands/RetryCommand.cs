using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.Lambda.Model;
using Spectre.Console;

namespace Disa.Cli.Commands;

/// <summary>What the retry function is told when a person calls it.</summary>
/// <param name="Source">Who calls.</param>
/// <param name="Time">The time that counts as now: the emulator's clock may have been moved.</param>
/// <param name="Force">Whether messages that are not due yet go too.</param>
internal sealed record RetryEvent(string Source, string? Time, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Force);

/// <summary><c>disa retry</c>: runs the retry function now, instead of at its next scheduled time.</summary>
internal static class RetryCommand
{
    private static readonly Option<bool> All = new("--all") { Description = "Also those whose next attempt is not due yet" };

    public static Command Create()
    {
        var command = new Command("retry", "Send the due failures again now, without waiting for the schedule") { All };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var session = new AwsSession(Target.From(parsed));
        var deployment = await Deployment.Find(session, parsed.GetValue(CommonOptions.Stack)!, cancellation).ConfigureAwait(false);
        var answer = await Terminal.Progress("Looking for due messages", _ => Invoke(session, deployment, parsed.GetValue(All), cancellation)).ConfigureAwait(false);
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.Json(answer, CliJson.Readable.JsonElement);
            return DisaCommand.Done;
        }

        foreach (var member in answer.EnumerateObject())
        {
            Terminal.Out.MarkupLine($"[grey]{Markup.Escape(member.Name)}[/] {Markup.Escape(member.Value.ToString())}");
        }

        return DisaCommand.Done;
    }

    public static async Task<JsonElement> Invoke(AwsSession session, Deployment deployment, bool force, CancellationToken cancellation)
    {
        var health = await EmulatorApi.HealthOrNone(session, cancellation).ConfigureAwait(false);
        var now = health?.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var answer = await session.Lambda.InvokeAsync(new InvokeRequest
        {
            FunctionName = deployment.RetryFunctionName,
            Payload = JsonSerializer.Serialize(new RetryEvent("disa.cli", now, force), CliJson.Default.RetryEvent),
        }, cancellation).ConfigureAwait(false);
        var text = Encoding.UTF8.GetString(answer.Payload.ToArray());
        return answer.FunctionError is null
            ? JsonElement.Parse(text.Length == 0 ? "{}" : text)
            : throw new FailureException($"the retry function failed: {text}");
    }
}
