using System.Text.Encodings.Web;
using System.Text.Json;
using Amazon.CloudWatchLogs;
using Amazon.CloudWatchLogs.Model;

namespace Disa.Operations;

/// <summary>One step of a message's way.</summary>
/// <param name="Where">workflow, mail, or the name of a function.</param>
internal sealed record JourneyStep(DateTimeOffset At, string Where, string What);

/// <summary>A message's way from the table to the mailbox, put together from what AWS keeps of it: executions, their histories, logs, mail.</summary>
internal sealed class Journey(AwsSession session, Deployment deployment)
{
    private const int MailsShown = 100;

    private readonly Executions executions = new(session, deployment);

    public async Task<IReadOnlyList<JourneyStep>> Of(Message message, CancellationToken cancellation)
    {
        var steps = new List<JourneyStep>();
        if (!await executions.IsExpress(cancellation).ConfigureAwait(false))
        {
            // EXPRESS keeps no history; the functions' logs tell the rest.
            foreach (var arn in (await executions.Of(message, cancellation).ConfigureAwait(false)).Arns)
            {
                await AddHistory(steps, arn, cancellation).ConfigureAwait(false);
            }
        }

        steps.AddRange(await LogLines(message.Id, cancellation).ConfigureAwait(false));
        if (session.Target.Endpoint is not null && message.SnsMessageId is not null)
        {
            var mails = await session.Emulator.MailsOf(message.SnsMessageId, MailsShown, cancellation).ConfigureAwait(false);
            steps.AddRange(mails.Select(mail => new JourneyStep(mail.ReceivedAt, "mail", $"delivered to {mail.To}")));
        }

        return [.. steps.OrderBy(step => step.At)];
    }

    /// <summary>What the three functions logged of a message, oldest first.</summary>
    public async Task<IReadOnlyList<JourneyStep>> LogLines(string id, CancellationToken cancellation)
    {
        var found = await Task.WhenAll(
                ((string[])["InitFunctionName", "ProcessFunctionName", "RetryFunctionName"]).Select(output =>
                    LogLines(deployment.Output(output), id, cancellation)
                )
            )
            .ConfigureAwait(false);
        return [.. found.SelectMany(lines => lines).OrderBy(line => line.At)];
    }

    private async Task AddHistory(List<JourneyStep> steps, string arn, CancellationToken cancellation)
    {
        foreach (var entry in await executions.History(arn, cancellation).ConfigureAwait(false))
        {
            var what = entry switch
            {
                { StateEnteredEventDetails.Name: { } name } => $"enters {name}",
                { TaskSucceededEventDetails.Resource: { } resource } => $"{resource} succeeded",
                { TaskFailedEventDetails: { } failed } => $"{failed.Resource} failed: {failed.Error}",
                { ExecutionStartedEventDetails: not null } => $"execution {arn[(arn.LastIndexOf(':') + 1)..]} started",
                { Type: "ExecutionSucceeded" or "ExecutionFailed" or "ExecutionTimedOut" or "ExecutionAborted" } => entry.Type!,
                _ => null,
            };
            if (what is not null)
            {
                steps.Add(new JourneyStep(WorkflowRun.Time(entry), "workflow", what));
            }
        }
    }

    private async Task<IReadOnlyList<JourneyStep>> LogLines(string functionName, string id, CancellationToken cancellation)
    {
        try
        {
            var found = await session
                .Logs.FilterLogEventsAsync(
                    new FilterLogEventsRequest
                    {
                        LogGroupName = $"/aws/lambda/{functionName}",
                        FilterPattern = LogPattern.Containing(MessageId.Searched(id)),
                    },
                    cancellation
                )
                .ConfigureAwait(false);
            return
            [
                .. found
                    .Events.Where(entry =>
                        entry.Message?.Contains(
                            JsonEncodedText.Encode(id, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(),
                            StringComparison.Ordinal
                        ) == true
                    )
                    .Select(entry => new JourneyStep(
                        DateTimeOffset.FromUnixTimeMilliseconds(entry.Timestamp ?? 0),
                        functionName,
                        Summary(entry.Message ?? "")
                    )),
            ];
        }
        catch (AmazonCloudWatchLogsException none) when (none.ErrorCode == "ResourceNotFoundException")
        {
            return []; // A function that has not run has no log group yet.
        }
    }

    /// <summary>A structured line's own words, without the fields that the table shows already.</summary>
    private static string Summary(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var texts = document
                .RootElement.EnumerateObject()
                .Where(member =>
                    member.Name is not ("timestamp" or "time" or "level" or "id" or "requestId" or "_aws")
                    && member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number
                )
                .Select(member => member.Name is "message" or "event" ? member.Value.ToString() : $"{member.Name}={member.Value}");
            return string.Join(' ', texts);
        }
        catch (JsonException)
        {
            return line.TrimEnd();
        }
    }
}
