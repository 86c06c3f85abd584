using System.Globalization;
using System.Text.Json;
using Amazon.CloudWatchLogs.Model;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Disa.Functions;
using Spectre.Console;

namespace Disa.Cli;

/// <summary>One step of a message's way.</summary>
internal sealed record JourneyStep(DateTimeOffset At, string Where, string What);

/// <summary>A message's way from the table to the mailbox, put together from what AWS keeps of it: executions, their histories, logs, mail.</summary>
internal sealed class Journey(AwsSession session, Deployment deployment)
{
    /// <summary>How many of the newest executions are looked through for the one that took the message.</summary>
    private const int ExecutionsSearched = 25;

    public async Task<IReadOnlyList<JourneyStep>> Of(Message message, CancellationToken cancellation)
    {
        var steps = new List<JourneyStep>();
        await foreach (var execution in ExecutionsOf(message, cancellation).ConfigureAwait(false))
        {
            await AddHistory(steps, execution, cancellation).ConfigureAwait(false);
        }

        foreach (var output in (string[])["InitFunctionName", "ProcessFunctionName", "RetryFunctionName"])
        {
            await AddLogs(steps, deployment.Outputs[output], message.Id, cancellation).ConfigureAwait(false);
        }

        if (session.Target.Endpoint is not null && message.Text is not null)
        {
            var mails = await session.Emulator.Inbox(null, 0, cancellation).ConfigureAwait(false);
            steps.AddRange(mails.Where(mail => mail.MessageId is not null && mail.MessageId == message.SnsMessageId)
                .Select(mail => new JourneyStep(mail.ReceivedAt, "mail", $"delivered to {mail.To}")));
        }

        return [.. steps.OrderBy(step => step.At)];
    }

    public static Table Show(IReadOnlyList<JourneyStep> steps)
    {
        var table = new Table().AddColumns("time (UTC)", "where", "what").Border(TableBorder.Rounded).BorderColor(Color.Grey);
        foreach (var step in steps)
        {
            table.AddRow(step.At.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture), Markup.Escape(step.Where), Markup.Escape(step.What));
        }

        return table;
    }

    private async IAsyncEnumerable<ExecutionListItem> ExecutionsOf(Message message, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        ListExecutionsResponse list;
        try
        {
            list = await session.StepFunctions.ListExecutionsAsync(new ListExecutionsRequest { StateMachineArn = deployment.StateMachineArn, MaxResults = ExecutionsSearched }, cancellation)
                .ConfigureAwait(false);
        }
        catch (AmazonStepFunctionsException express) when (express.ErrorCode == "StateMachineTypeNotSupported")
        {
            yield break; // EXPRESS keeps no history; the functions' logs tell the rest.
        }

        foreach (var execution in list.Executions)
        {
            var described = await session.StepFunctions.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = execution.ExecutionArn }, cancellation).ConfigureAwait(false);
            if (Items(described.Input).Contains(message.Id, StringComparer.Ordinal))
            {
                yield return execution;
            }
        }
    }

    private async Task AddHistory(List<JourneyStep> steps, ExecutionListItem execution, CancellationToken cancellation)
    {
        var history = await session.StepFunctions.GetExecutionHistoryAsync(new GetExecutionHistoryRequest { ExecutionArn = execution.ExecutionArn, MaxResults = 1000 }, cancellation)
            .ConfigureAwait(false);
        foreach (var entry in history.Events)
        {
            var what = entry switch
            {
                { StateEnteredEventDetails.Name: { } name } => $"enters {name}",
                { TaskSucceededEventDetails.Resource: { } resource } => $"{resource} succeeded",
                { TaskFailedEventDetails: { } failed } => $"{failed.Resource} failed: {failed.Error}",
                { ExecutionStartedEventDetails: not null } => $"execution {execution.Name} started",
                { Type: "ExecutionSucceeded" or "ExecutionFailed" or "ExecutionTimedOut" or "ExecutionAborted" } => entry.Type!,
                _ => null,
            };
            if (what is not null)
            {
                steps.Add(new JourneyStep(Utc(entry.Timestamp), "workflow", what));
            }
        }
    }

    private async Task AddLogs(List<JourneyStep> steps, string functionName, string id, CancellationToken cancellation)
    {
        try
        {
            var found = await session.Logs.FilterLogEventsAsync(new FilterLogEventsRequest
            {
                LogGroupName = $"/aws/lambda/{functionName}",
                FilterPattern = $"\"{Searched(id).Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
            }, cancellation).ConfigureAwait(false);
            steps.AddRange(found.Events.Where(entry => entry.Message?.Contains(JsonEncodedText.Encode(id).ToString(), StringComparison.Ordinal) == true).Select(entry => new JourneyStep(DateTimeOffset.FromUnixTimeMilliseconds(entry.Timestamp ?? 0), functionName, Summary(entry.Message ?? ""))));
        }
        catch (Amazon.CloudWatchLogs.AmazonCloudWatchLogsException none) when (none.ErrorCode == "ResourceNotFoundException")
        {
            // A function that has not run has no log group yet.
        }
    }

    /// <summary>What a filter finds of an id: of a composite key the longest value, for the quotes of the whole are not in a log line as they are.</summary>
    private static string Searched(string id) => id.StartsWith('{') && Key(id) is { Attributes.Count: > 1 } key
        ? key.Attributes.Values.Select(value => value.S ?? value.N ?? Convert.ToBase64String(value.B.ToArray())).MaxBy(text => text.Length)!
        : id;

    private static ItemKey? Key(string id)
    {
        try
        {
            return ItemKey.Parse(JsonElement.Parse(id));
        }
        catch (Exception text) when (text is JsonException or FormatException or InvalidOperationException)
        {
            return null; // A key of text that starts so.
        }
    }

    /// <summary>The ids of the items of an execution.</summary>
    private static IEnumerable<string> Items(string? input)
    {
        using var document = JsonDocument.Parse(input ?? "{}");
        return document.RootElement.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Array
            ? [.. items.EnumerateArray().Select(item => ItemKey.Parse(item.GetProperty("key")).Id)]
            : [];
    }

    /// <summary>A structured line's own words, without the fields that the table shows already.</summary>
    private static string Summary(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var texts = document.RootElement.EnumerateObject()
                .Where(member => member.Name is not ("timestamp" or "time" or "level" or "id" or "requestId" or "_aws") && member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
                .Select(member => member.Name is "message" or "event" ? member.Value.ToString() : $"{member.Name}={member.Value}");
            return string.Join(' ', texts);
        }
        catch (JsonException)
        {
            return line.TrimEnd();
        }
    }

    private static DateTimeOffset Utc(DateTime? time) => new(DateTime.SpecifyKind(time?.ToUniversalTime() ?? default, DateTimeKind.Utc));
}
