using Amazon.Runtime;
using Disa.Emulator.Aws;

namespace Disa.Emulator;

/// <summary>One account of a <see cref="LocalAws"/>, in the Region that it was started for.</summary>
public partial class AwsAccount
{
    private readonly Session session;

    internal AwsAccount(Session session, string id)
    {
        this.session = session;
        Id = id;
        Credentials = new BasicAWSCredentials(id, "secret");
    }

    /// <summary>Twelve digits.</summary>
    public string Id { get; }

    /// <summary>The Region that clients are configured for.</summary>
    public string Region => session.Options.Region;

    /// <summary>Credentials of the account's root user, for the SDK's clients.</summary>
    public AWSCredentials Credentials { get; }

    /// <summary>What is in the account's mailbox, oldest first: what SNS sent to e-mail addresses.</summary>
    public IReadOnlyList<Mail> Mailbox =>
        [
            .. session
                .Cloud.Mailbox.List(0, null, int.MaxValue)
                .Where(mail => mail.TopicArn is not { } topic || Arn.TryParse(topic)?.Account == Id)
                .Select(mail => new Mail(mail.To, mail.Subject, mail.Body, mail.ReceivedAt, mail.TopicArn, mail.MessageId)),
        ];

    private Caller Root => new(Id, Region, Principal.Root(Arn.Partition(Region), Id), Id, Id, Guid.NewGuid().ToString());

    /// <summary>Puts the emulator behind a client's configuration: requests go through the SDK's own pipeline, and not through a socket.</summary>
    /// <param name="config">The configuration of any client of the AWS SDK for .NET.</param>
    /// <returns>The same configuration.</returns>
    public T Configure<T>(T config)
        where T : ClientConfig
    {
        ArgumentNullException.ThrowIfNull(config);
        config.HttpClientFactory = session.Http;
        config.ServiceURL = "http://localhost";
        config.AuthenticationRegion = Region;
        return config;
    }

    /// <summary>The lines of a log group, oldest first; a function's group is <c>/aws/lambda/NAME</c>.</summary>
    /// <param name="logGroup">The group's name. An empty list answers one that does not exist.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<LogLine>> LogsAsync(string logGroup, CancellationToken cancellationToken = default)
    {
        var lines = new List<LogLine>();
        string? next = null;
        do
        {
            Logs.FilterLogEventsResponse page;
            try
            {
                page = await session
                    .Call<Logs.FilterLogEventsResponse>(
                        "cloudwatchlogs",
                        new Logs.FilterLogEventsRequest { LogGroupName = logGroup, NextToken = next },
                        Root,
                        cancellationToken
                    )
                    .ConfigureAwait(false);
            }
            catch (LocalAwsException missing) when (missing.Code == "ResourceNotFoundException")
            {
                return lines;
            }

            lines.AddRange(
                page.Events.Select(line => new LogLine(
                    line.LogStreamName,
                    DateTimeOffset.FromUnixTimeMilliseconds(line.Timestamp),
                    line.Message
                ))
            );
            next = page.NextToken;
        } while (next is not null);

        return lines;
    }

    /// <summary>The executions of a state machine of type STANDARD, oldest first, with their histories.</summary>
    /// <param name="stateMachine">Its ARN or its name.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="LocalAwsException">StateMachineDoesNotExist; StateMachineTypeNotSupported for one of type EXPRESS, which keeps its executions in its log only.</exception>
    public async Task<IReadOnlyList<Execution>> ExecutionsAsync(string stateMachine, CancellationToken cancellationToken = default)
    {
        var arn = stateMachine.StartsWith("arn:", StringComparison.Ordinal)
            ? stateMachine
            : $"arn:{Arn.Partition(Region)}:states:{Region}:{Id}:stateMachine:{stateMachine}";
        var found = new List<Execution>();
        string? next = null;
        do
        {
            var page = await session
                .Call<StepFunctions.ListExecutionsResponse>(
                    "sfn",
                    new StepFunctions.ListExecutionsRequest { StateMachineArn = arn, NextToken = next },
                    Root,
                    cancellationToken
                )
                .ConfigureAwait(false);
            foreach (var item in page.Executions)
            {
                found.Add(await ExecutionOf(item.ExecutionArn, cancellationToken).ConfigureAwait(false));
            }

            next = page.NextToken;
        } while (next is not null);

        found.Reverse();
        return found;
    }

    /// <summary>The ARNs of the account's state machines of type STANDARD.</summary>
    internal async Task<IReadOnlyList<string>> StateMachines()
    {
        var page = await session
            .Call<StepFunctions.ListStateMachinesResponse>(
                "sfn",
                new StepFunctions.ListStateMachinesRequest { MaxResults = 1000 },
                Root,
                CancellationToken.None
            )
            .ConfigureAwait(false);
        return [.. page.StateMachines.Where(machine => machine.Type == "STANDARD").Select(machine => machine.StateMachineArn)];
    }

    /// <summary>The names of the account's log groups, the first fifty.</summary>
    internal async Task<IReadOnlyList<string>> LogGroups()
    {
        var page = await session
            .Call<Logs.DescribeLogGroupsResponse>("cloudwatchlogs", new Logs.DescribeLogGroupsRequest(), Root, CancellationToken.None)
            .ConfigureAwait(false);
        return [.. page.LogGroups.Select(group => group.LogGroupName)];
    }

    private async Task<Execution> ExecutionOf(string arn, CancellationToken cancellation)
    {
        var shown = await session
            .Call<StepFunctions.DescribeExecutionResponse>(
                "sfn",
                new StepFunctions.DescribeExecutionRequest { ExecutionArn = arn },
                Root,
                cancellation
            )
            .ConfigureAwait(false);
        var events = new List<System.Text.Json.JsonElement>();
        string? next = null;
        do
        {
            var page = await session
                .Call<StepFunctions.GetExecutionHistoryResponse>(
                    "sfn",
                    new StepFunctions.GetExecutionHistoryRequest
                    {
                        ExecutionArn = arn,
                        MaxResults = 1000,
                        NextToken = next,
                    },
                    Root,
                    cancellation
                )
                .ConfigureAwait(false);
            events.AddRange(page.Events);
            next = page.NextToken;
        } while (next is not null);

        return new Execution(
            shown.Name,
            shown.ExecutionArn,
            shown.Status,
            shown.StartDate,
            shown.StopDate,
            shown.Input,
            shown.Output,
            shown.Error,
            shown.Cause,
            events
        );
    }
}
