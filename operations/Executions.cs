using System.Globalization;
using System.Text.Json;
using Amazon.CloudWatchLogs;
using Amazon.CloudWatchLogs.Model;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

namespace Disa.Operations;

/// <summary>The executions that took a message.</summary>
/// <param name="Arns">Of executions, newest first.</param>
/// <param name="Searched">How many executions were looked through.</param>
/// <param name="IsMore">Whether there are older ones that could have taken it and were not looked at.</param>
/// <param name="IsExpress">An EXPRESS workflow keeps no histories: what is known of it is in its log.</param>
internal sealed record ExecutionsFound(IReadOnlyList<string> Arns, int Searched, bool IsMore, bool IsExpress);

/// <summary>The workflow's executions: from their histories where it is STANDARD, from its log where it is EXPRESS.</summary>
internal sealed class Executions(AwsSession session, Deployment deployment)
{
    /// <summary>How many executions are looked through by their times, and how many of those by their input.</summary>
    private const int Listed = 1000;
    private const int Described = 25;
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    /// <summary>Whether the workflow is EXPRESS; asked once.</summary>
    private bool? isExpress;

    public string MachineName => deployment.StateMachineArn[(deployment.StateMachineArn.LastIndexOf(':') + 1)..];

    public async Task<ExecutionsFound> Of(Message message, CancellationToken cancellation)
    {
        if (await IsExpress(cancellation).ConfigureAwait(false))
        {
            var lines = await LogLines(message.Id, cancellation).ConfigureAwait(false);
            var its = lines.Where(line =>
                line.TryGetProperty("details", out var details)
                && Items(Member(details, "input")).Contains(message.Id, StringComparer.Ordinal)
            );
            return new(
                [.. its.Select(line => Member(line, "execution_arn")).OfType<string>().Distinct(StringComparer.Ordinal)],
                lines.Count,
                false,
                true
            );
        }

        var moments = Moments(message);
        var since = moments.Count == 0 ? (DateTimeOffset?)null : moments.Min() - Margin;
        var (found, searched, described, more) = (new List<string>(), 0, 0, false);
        string? token = null;
        do
        {
            var page = await session
                .StepFunctions.ListExecutionsAsync(
                    new ListExecutionsRequest
                    {
                        StateMachineArn = deployment.StateMachineArn,
                        MaxResults = 100,
                        NextToken = token,
                    },
                    cancellation
                )
                .ConfigureAwait(false);
            token = page.NextToken;
            foreach (var execution in page.Executions)
            {
                searched++;
                var (start, stop) = (
                    WorkflowRun.Utc(execution.StartDate),
                    execution.StopDate is { } end ? WorkflowRun.Utc(end) : DateTimeOffset.MaxValue - Margin
                );
                if (since is { } first && stop < first)
                {
                    continue;
                }

                if (moments.Count > 0 && !moments.Any(moment => moment >= start - Margin && moment <= stop + Margin))
                {
                    continue;
                }

                if (described++ == Described)
                {
                    return new(found, searched, true, false);
                }

                var input = (
                    await session
                        .StepFunctions.DescribeExecutionAsync(
                            new DescribeExecutionRequest { ExecutionArn = execution.ExecutionArn },
                            cancellation
                        )
                        .ConfigureAwait(false)
                ).Input;
                if (Items(input).Contains(message.Id, StringComparer.Ordinal))
                {
                    found.Add(execution.ExecutionArn!);
                }
            }

            more = token is not null && searched >= Listed;
        } while (token is not null && searched < Listed);

        return new(found, searched, more, false);
    }

    /// <summary>The ids of the items of an execution; none where the text is no input of one.</summary>
    private static IEnumerable<string> Items(string? input) =>
        Parse(input ?? "") is { ValueKind: JsonValueKind.Object } given
        && given.TryGetProperty("items", out var items)
        && items.ValueKind == JsonValueKind.Array
            ? items.EnumerateArray().Select(item => ItemKey.Parse(item.GetProperty("key")).Id)
            : [];

    /// <summary>One execution, state by state; null where there is none.</summary>
    public async Task<WorkflowRun?> Run(string arn, CancellationToken cancellation)
    {
        var name = arn[(arn.LastIndexOf(':') + 1)..];
        if (IsOfExpress(arn))
        {
            var logged = (await LogLines(arn, cancellation).ConfigureAwait(false))
                .Select(EventOf)
                .OfType<HistoryEvent>()
                .OrderBy(entry => entry.Id)
                .ToList();
            return logged.Count == 0
                ? null
                : new(name, logged[^1].Type ?? "", WorkflowRun.Time(logged[0]), WorkflowRun.Time(logged[^1]), WorkflowRun.StepsOf(logged));
        }

        try
        {
            var execution = await session
                .StepFunctions.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = arn }, cancellation)
                .ConfigureAwait(false);
            return new(
                execution.Name ?? name,
                execution.Status ?? "",
                WorkflowRun.Utc(execution.StartDate),
                execution.StopDate is { } stop ? WorkflowRun.Utc(stop) : null,
                WorkflowRun.StepsOf(await History(arn, cancellation).ConfigureAwait(false))
            );
        }
        catch (AmazonStepFunctionsException none) when (none.ErrorCode is "ExecutionDoesNotExist" or "InvalidArn")
        {
            return null;
        }
    }

    public async Task<IReadOnlyList<HistoryEvent>> History(string arn, CancellationToken cancellation)
    {
        var events = new List<HistoryEvent>();
        string? token = null;
        do
        {
            var page = await session
                .StepFunctions.GetExecutionHistoryAsync(
                    new GetExecutionHistoryRequest
                    {
                        ExecutionArn = arn,
                        MaxResults = 1000,
                        NextToken = token,
                    },
                    cancellation
                )
                .ConfigureAwait(false);
            events.AddRange(page.Events);
            token = page.NextToken;
        } while (token is not null);

        return events;
    }

    public async Task<WorkflowGraph> Graph(CancellationToken cancellation) =>
        WorkflowGraph.Of(
            (
                await session
                    .StepFunctions.DescribeStateMachineAsync(
                        new DescribeStateMachineRequest { StateMachineArn = deployment.StateMachineArn },
                        cancellation
                    )
                    .ConfigureAwait(false)
            ).Definition!
        );

    /// <summary>The graph that an execution runs by: of any workflow, and of the definition as it was when it began.</summary>
    public async Task<WorkflowGraph> Graph(string arn, CancellationToken cancellation) =>
        IsOfExpress(arn)
            ? await Graph(cancellation).ConfigureAwait(false)
            : WorkflowGraph.Of(
                (
                    await session
                        .StepFunctions.DescribeStateMachineForExecutionAsync(
                            new DescribeStateMachineForExecutionRequest { ExecutionArn = arn },
                            cancellation
                        )
                        .ConfigureAwait(false)
                ).Definition!
            );

    /// <summary>ARNs of EXPRESS executions say so.</summary>
    private static bool IsOfExpress(string arn) => arn.Split(':') is [_, _, "states", _, _, "express", ..];

    public async Task<bool> IsExpress(CancellationToken cancellation) =>
        isExpress ??=
            (
                await session
                    .StepFunctions.DescribeStateMachineAsync(
                        new DescribeStateMachineRequest { StateMachineArn = deployment.StateMachineArn },
                        cancellation
                    )
                    .ConfigureAwait(false)
            ).Type == "EXPRESS";

    /// <summary>When the message was with the workflow, as far as its item says: first seen, tried, held.</summary>
    private static List<DateTimeOffset> Moments(Message message) =>
        [
            .. (
                (string?[])
                    [
                        message.SeenAt,
                        message.SentAt,
                        message.Reason == "Held" ? message.NextAttempt : null,
                        .. (message.History ?? []).Select(attempt => attempt.At),
                    ]
            )
                .Where(text => Instant.TryParse(text, out _))
                .Select(text => DateTimeOffset.Parse(text!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)),
        ];

    private async Task<IReadOnlyList<JsonElement>> LogLines(string containing, CancellationToken cancellation)
    {
        try
        {
            var lines = new List<JsonElement>();
            string? token = null;
            do
            {
                var page = await session
                    .Logs.FilterLogEventsAsync(
                        new FilterLogEventsRequest
                        {
                            LogGroupName = $"/aws/vendedlogs/states/{MachineName}",
                            FilterPattern = LogPattern.Containing(MessageId.Searched(containing)),
                            NextToken = token,
                        },
                        cancellation
                    )
                    .ConfigureAwait(false);
                lines.AddRange(page.Events.Select(entry => Parse(entry.Message ?? "")).OfType<JsonElement>());
                token = page.NextToken;
            } while (token is not null && lines.Count < Listed);

            return lines;
        }
        catch (AmazonCloudWatchLogsException none) when (none.ErrorCode == "ResourceNotFoundException")
        {
            return [];
        }
    }

    /// <summary>A line of the workflow's log as the event of a history that it tells of.</summary>
    /// <remarks>https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html</remarks>
    private static HistoryEvent? EventOf(JsonElement line)
    {
        var details = line.TryGetProperty("details", out var given) && given.ValueKind == JsonValueKind.Object ? given : default;
        if (
            Member(line, "type") is not { } type
            || !long.TryParse(Member(line, "id"), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        )
        {
            return null;
        }

        return new HistoryEvent
        {
            Id = id,
            PreviousEventId = long.TryParse(
                Member(line, "previous_event_id"),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var previous
            )
                ? previous
                : 0,
            Type = type,
            Timestamp = long.TryParse(Member(line, "event_timestamp"), NumberStyles.None, CultureInfo.InvariantCulture, out var time)
                ? DateTimeOffset.FromUnixTimeMilliseconds(time).UtcDateTime
                : null,
            StateEnteredEventDetails = type.EndsWith("StateEntered", StringComparison.Ordinal)
                ? new() { Name = Member(details, "name"), Input = Member(details, "input") }
                : null,
            StateExitedEventDetails = type.EndsWith("StateExited", StringComparison.Ordinal)
                ? new() { Name = Member(details, "name"), Output = Member(details, "output") }
                : null,
            MapIterationStartedEventDetails = type == "MapIterationStarted" ? new() { Name = Member(details, "name") } : null,
            TaskFailedEventDetails = type is "TaskFailed" or "TaskTimedOut"
                ? new()
                {
                    Resource = Member(details, "resource"),
                    Error = Member(details, "error"),
                    Cause = Member(details, "cause"),
                }
                : null,
            ExecutionFailedEventDetails =
                type == "ExecutionFailed" ? new() { Error = Member(details, "error"), Cause = Member(details, "cause") } : null,
        };
    }

    private static JsonElement? Parse(string line)
    {
        try
        {
            return JsonElement.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Member(JsonElement line, string name) =>
        line.ValueKind == JsonValueKind.Object && line.TryGetProperty(name, out var member)
            ? member.ValueKind == JsonValueKind.String
                ? member.GetString()
                : member.GetRawText()
            : null;
}

/// <summary>Filter patterns of CloudWatch Logs.</summary>
internal static class LogPattern
{
    /// <summary>Lines that contain this text.</summary>
    public static string Containing(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
