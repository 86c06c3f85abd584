using Amazon.CloudFormation.Model;
using Amazon.DynamoDBv2.Model;
using Disa.Emulator;
using Disa.Emulator.Check;

namespace Disa.Cli.Deploy;

/// <summary>What <c>disa status</c> knows.</summary>
internal sealed record StatusReport
{
    public required TargetIdentity Where { get; init; }

    public required string StackName { get; init; }

    public required string StackStatus { get; init; }

    public required bool TerminationProtection { get; init; }

    public required ArtefactDrift Artefacts { get; init; }

    /// <summary>Those that are not at the default of the template here.</summary>
    public required IReadOnlyList<ParameterDrift> Parameters { get; init; }

    public required AlarmStatus? Alarm { get; init; }

    /// <summary>Every alarm of the stack.</summary>
    public required IReadOnlyList<StackAlarm> Alarms { get; init; }

    /// <summary>What the workflow goes by; null where nothing has failed yet.</summary>
    public required BreakerStatus? Breaker { get; init; }

    public required QueueStatus DeadLetters { get; init; }

    public required BacklogStatus Waiting { get; init; }

    /// <summary>Messages by state; in no state are those that no attempt has decided yet.</summary>
    public required StateCounts Messages { get; init; }

    public required IReadOnlyList<Subscriber> Subscribers { get; init; }

    /// <summary>Why messages may reach nobody.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>Whether the deployed artefacts are those that came with this command.</summary>
/// <param name="Differ">Their keys; empty where all are the same.</param>
internal sealed record ArtefactDrift(string? Deployed, string Here, bool Same, IReadOnlyList<string> Differ);

/// <summary>A parameter of the deployed stack beside the template's default.</summary>
internal sealed record ParameterDrift(string Name, string? Deployed, string? Default);

/// <summary>The alarm on failed sends.</summary>
internal sealed record AlarmStatus(string Name, string State, DateTime? Since, string? Reason);

/// <summary>The control table's breaker record.</summary>
internal sealed record BreakerStatus(string? State, string? Since, string? CheckedAt);

/// <summary>Messages that wait for an attempt.</summary>
internal sealed record BacklogStatus(long Due, long Later);

/// <summary>Asks a deployment how it is.</summary>
internal sealed class DeploymentHealth(AwsSession session, Artefacts artefacts)
{
    public async Task<StatusReport> Of(Stack stack, TargetIdentity where, CancellationToken cancellation)
    {
        var deployment = Deployment.Of(stack);
        var subscribers = await Subscriber.Of(session, deployment, cancellation).ConfigureAwait(false);
        return new StatusReport
        {
            Where = where,
            StackName = deployment.StackName,
            StackStatus = stack.StackStatus!,
            TerminationProtection = stack.EnableTerminationProtection == true,
            Artefacts = await Drift(stack, cancellation).ConfigureAwait(false),
            Parameters = Parameters(stack),
            Alarm = await Alarm(deployment, cancellation).ConfigureAwait(false),
            Alarms = await StackAlarms.Read(session, deployment, cancellation).ConfigureAwait(false),
            Breaker = await Breaker(deployment, cancellation).ConfigureAwait(false),
            DeadLetters = await QueueStatus.OfDeadLetters(session, deployment, cancellation).ConfigureAwait(false),
            Waiting = await Waiting(deployment, cancellation).ConfigureAwait(false),
            Messages = await new MessageIndex(session, deployment)
                .Count(await EmulatorApi.Now(session, cancellation).ConfigureAwait(false), cancellation)
                .ConfigureAwait(false),
            Subscribers = subscribers,
            Warnings =
            [
                .. Subscriber.Warnings(subscribers, deployment),
                .. await EmulatorApi.Problems(session, cancellation).ConfigureAwait(false),
            ],
        };
    }

    private async Task<ArtefactDrift> Drift(Stack stack, CancellationToken cancellation)
    {
        var deployed = Deployer.HashOf(stack);
        if (deployed == artefacts.Hash)
        {
            return new(deployed, artefacts.Hash, true, []);
        }

        string? Parameter(string name) => stack.Parameters.FirstOrDefault(parameter => parameter.ParameterKey == name)?.ParameterValue;
        var differ = new List<string>();
        if (Parameter("ArtifactBucket") is { Length: > 0 } bucket && Parameter("ArtifactPrefix") is { } prefix)
        {
            var upload = new Upload(session, bucket);
            var code = Parameter("CodePrefix") is { Length: > 0 } given ? given : prefix;
            foreach (var file in artefacts.Files)
            {
                if (
                    (
                        await upload.Find((file.VersionParameter is null ? prefix : code) + file.Key, cancellation).ConfigureAwait(false)
                    )?.Sha256 != file.Sha256
                )
                {
                    differ.Add(file.Key);
                }
            }
        }

        return new(deployed, artefacts.Hash, false, differ);
    }

    private List<ParameterDrift> Parameters(Stack stack)
    {
        var here = LocalCloud.ReadTemplate(new CheckedFile("", artefacts.RootTemplate)).Parameters;
        var there = stack.Parameters.ToDictionary(parameter => parameter.ParameterKey!, parameter => parameter.ParameterValue);
        return
        [
            .. here
                .Keys.Union(there.Keys)
                .Order(StringComparer.Ordinal)
                .Where(name =>
                    name
                        is not (
                            "ArtifactBucket"
                            or "ArtifactPrefix"
                            or "ArtefactsHash"
                            or "CodePrefix"
                            or "KeyArn"
                            or "InitPackageVersion"
                            or "ProcessPackageVersion"
                            or "RetryPackageVersion"
                            or "DefinitionVersion"
                        )
                )
                .Select(name => new ParameterDrift(name, there.GetValueOrDefault(name), here.GetValueOrDefault(name)))
                .Where(one => one.Deployed != one.Default && !IsMasked(one.Deployed)),
        ];
    }

    /// <summary>Whether CloudFormation shows asterisks for a value: of a parameter with NoEcho, its default too.</summary>
    private static bool IsMasked(string? value) => value is { Length: > 0 } && value.All(letter => letter == '*');

    private async Task<AlarmStatus?> Alarm(Deployment deployment, CancellationToken cancellation)
    {
        var answer = await session
            .CloudWatch.DescribeAlarmsAsync(new() { AlarmNames = [deployment.AlarmName] }, cancellation)
            .ConfigureAwait(false);
        return answer.MetricAlarms.FirstOrDefault() is { } alarm
            ? new(deployment.AlarmName, alarm.StateValue ?? "", alarm.StateUpdatedTimestamp, alarm.StateReason)
            : null;
    }

    private async Task<BreakerStatus?> Breaker(Deployment deployment, CancellationToken cancellation)
    {
        var answer = await session
            .DynamoDb.GetItemAsync(
                new GetItemRequest
                {
                    TableName = deployment.ControlTableName,
                    Key = new() { ["id"] = new() { S = "breaker" } },
                    ConsistentRead = true,
                },
                cancellation
            )
            .ConfigureAwait(false);
        return answer.Item is { Count: > 0 } item
            ? new(item.GetValueOrDefault("state")?.S, item.GetValueOrDefault("since")?.S, item.GetValueOrDefault("checkedAt")?.S)
            : null;
    }

    private async Task<BacklogStatus> Waiting(Deployment deployment, CancellationToken cancellation)
    {
        var now = Instant.Text(await EmulatorApi.Now(session, cancellation).ConfigureAwait(false));
        var shards = await Task.WhenAll(
                IndexShards.All.Select(async shard =>
                    (
                        Due: await Count(deployment, shard, "<=", now, cancellation).ConfigureAwait(false),
                        Later: await Count(deployment, shard, ">", now, cancellation).ConfigureAwait(false)
                    )
                )
            )
            .ConfigureAwait(false);
        return new(shards.Sum(shard => shard.Due), shards.Sum(shard => shard.Later));
    }

    private async Task<long> Count(Deployment deployment, string shard, string comparison, string now, CancellationToken cancellation)
    {
        var request = new QueryRequest
        {
            TableName = deployment.TableName,
            IndexName = SendAttributes.DueIndex,
            Select = Amazon.DynamoDBv2.Select.COUNT,
            KeyConditionExpression = $"{SendAttributes.Shard} = :shard AND {SendAttributes.Due} {comparison} :now",
            ExpressionAttributeValues = new()
            {
                [":shard"] = new() { S = shard },
                [":now"] = new() { S = now },
            },
        };
        long count = 0;
        do
        {
            var page = await session.DynamoDb.QueryAsync(request, cancellation).ConfigureAwait(false);
            count += page.Count ?? 0;
            request.ExclusiveStartKey = page.LastEvaluatedKey;
        } while (request.ExclusiveStartKey is { Count: > 0 });

        return count;
    }
}
