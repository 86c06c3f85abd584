using System.Text.RegularExpressions;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Disa.Cli.Deploy;

/// <summary>Finds out what a table is and lacks, and gives it that, in the open. Items are never touched; each step finds out first whether it has been done.</summary>
internal sealed partial class TableAttachment(AwsSession session, Action<string> say)
{
    /// <summary>Parameters that come from the table, and from nowhere else.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "ExistingTableArn",
        "ExistingStreamArn",
        "ExistingTableKeyArn",
        "SortKeyName",
        "SortKeyType",
    ];

    private static readonly IReadOnlyList<TableIndex> Indexes =
    [
        new(SendAttributes.DueIndex, SendAttributes.Shard, SendAttributes.Due, "which only messages that wait for another attempt are in"),
        new(SendAttributes.ListIndex, SendAttributes.List, SendAttributes.ListedAt, "which messages are in once they are decided"),
    ];

    private const int Preview = 1000;

    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html (no more than two processes at a shard),
    // https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html (of a global table one function).
    private const int ReadersOfTable = 2;
    private const int ReadersOfGlobalTable = 1;

    /// <param name="table">Its ARN or name.</param>
    /// <param name="cancellation">Ends the calls.</param>
    /// <exception cref="FailureException">It cannot be attached as it is; the text says what to do.</exception>
    public async Task<AttachedTable> Look(string table, CancellationToken cancellation)
    {
        var found = await Describe(table, cancellation).ConfigureAwait(false);
        CheckPlace(found, await session.Sts.GetCallerIdentityAsync(new(), cancellation).ConfigureAwait(false));
        CheckKeys(found);
        var steps = new List<TableStep>();
        var stream = found.StreamSpecification is { StreamEnabled: true } on ? on.StreamViewType?.Value : null;
        if (stream is null)
        {
            steps.Add(StreamOn(found.TableName));
        }
        else if (stream is not ("NEW_IMAGE" or "NEW_AND_OLD_IMAGES"))
        {
            throw new FailureException(
                $"the stream of {found.TableName} carries {stream}: Disa needs the new image, to tell messages from the table's other items. The view type of a stream cannot be changed; "
                    + $"when nobody else reads it, switch it off (aws dynamodb update-table --table-name {found.TableName} --stream-specification StreamEnabled=false) and run this again, which offers to switch it on with NEW_IMAGE."
            );
        }

        foreach (var index in Indexes)
        {
            if (found.GlobalSecondaryIndexes?.Find(there => there.IndexName == index.Name) is { } there)
            {
                CheckIndex(found.TableName, index, there);
            }
            else
            {
                steps.Add(index.AddTo(found));
            }
        }

        var (unsent, lookedAt) = steps.Exists(step => step.Request.GlobalSecondaryIndexUpdates is { Count: > 0 })
            ? await Unsent(found.TableName, cancellation).ConfigureAwait(false)
            : (0, 0);
        var readers = stream is null ? [] : await Readers(found.LatestStreamArn, cancellation).ConfigureAwait(false);
        return new(
            found.TableArn,
            found.TableName,
            steps,
            await Parameters(found, cancellation).ConfigureAwait(false),
            unsent,
            lookedAt,
            readers,
            found.Replicas is { Count: > 0 } ? ReadersOfGlobalTable : ReadersOfTable
        );
    }

    /// <summary>Takes the steps that are left, one after the other, and waits for what an earlier run began.</summary>
    public async Task<AttachedTable> Apply(AttachedTable table, CancellationToken cancellation)
    {
        await Settled(table.Name, cancellation).ConfigureAwait(false);
        foreach (var step in table.Steps)
        {
            say($"{table.Name}: {step.What}");
            try
            {
                await session.DynamoDb.UpdateTableAsync(step.Request, cancellation).ConfigureAwait(false);
            }
            catch (AmazonDynamoDBException refused) when (MayBeDone(refused))
            {
                await Settled(table.Name, cancellation).ConfigureAwait(false);
                if ((await Look(table.Arn, cancellation).ConfigureAwait(false)).Steps.Any(left => left.Command == step.Command))
                {
                    throw;
                }
            }

            await Settled(table.Name, cancellation).ConfigureAwait(false);
        }

        return table.Steps.Count == 0 ? table : await Look(table.Arn, cancellation).ConfigureAwait(false);
    }

    /// <summary>Takes the indexes off again; nothing happens where they are gone.</summary>
    public async Task RemoveIndexes(string table, CancellationToken cancellation)
    {
        foreach (var index in Indexes)
        {
            await RemoveIndex(table, index.Name, cancellation).ConfigureAwait(false);
        }
    }

    private async Task RemoveIndex(string table, string name, CancellationToken cancellation)
    {
        try
        {
            await Settled(table, cancellation).ConfigureAwait(false);
            try
            {
                await session
                    .DynamoDb.UpdateTableAsync(
                        new UpdateTableRequest
                        {
                            TableName = table,
                            GlobalSecondaryIndexUpdates = [new() { Delete = new() { IndexName = name } }],
                        },
                        cancellation
                    )
                    .ConfigureAwait(false);
            }
            catch (AmazonDynamoDBException refused) when (MayBeDone(refused) && refused is not ResourceNotFoundException)
            {
                await Settled(table, cancellation).ConfigureAwait(false);
                var now = await Describe(table, cancellation).ConfigureAwait(false);
                if (now.GlobalSecondaryIndexes?.Exists(index => index.IndexName == name) == true)
                {
                    throw;
                }
            }

            await Settled(table, cancellation).ConfigureAwait(false);
        }
        catch (ResourceNotFoundException)
        {
            // The index, or the table: that is what was asked.
        }
    }

    /// <summary>
    /// Of a change whose answer was lost the SDK's repetition is refused for its own effect: the change is in progress, or is made.
    /// Whether it is, the table tells.
    /// </summary>
    private static bool MayBeDone(AmazonDynamoDBException refused) =>
        refused is ResourceInUseException or LimitExceededException || refused.ErrorCode == "ValidationException";

    /// <summary>The indexes by hand: removing them, one after the other, as DynamoDB lets.</summary>
    public static IReadOnlyList<string> RemoveCommands(string table) => [.. Indexes.Select(index => RemoveCommand(table, index.Name))];

    private static string RemoveCommand(string table, string index) =>
        $$$"""aws dynamodb update-table --table-name {{{table}}} --global-secondary-index-updates '[{"Delete":{"IndexName":"{{{index}}}"}}]'""";

    private async Task<TableDescription> Describe(string table, CancellationToken cancellation)
    {
        if (table.Split(':') is ["arn", _, "dynamodb", var region, ..] && region != session.Target.Region)
        {
            throw new UsageException($"the table {table} is in {region}, and this goes to {session.Target.Region}: say --region {region}.");
        }

        try
        {
            return (await session.DynamoDb.DescribeTableAsync(table, cancellation).ConfigureAwait(false)).Table;
        }
        catch (ResourceNotFoundException)
        {
            throw new FailureException($"there is no table '{table}' at {session.Target.Describe()}.");
        }
    }

    private static void CheckPlace(TableDescription table, Amazon.SecurityToken.Model.GetCallerIdentityResponse caller)
    {
        if (table.TableArn.Split(':')[4] is var account && account != caller.Account)
        {
            throw new FailureException(
                $"the table {table.TableArn} is another account's ({account}): Disa runs in the account of its table."
            );
        }
    }

    private static void CheckKeys(TableDescription table)
    {
        if (
            table.KeySchema.Find(key => Disas().IsMatch(key.AttributeName) || key.AttributeName.AsSpan().ContainsAny('"', '\\')) is
            { } taken
        )
        {
            throw new FailureException(
                $"the key attribute '{taken.AttributeName}' of {table.TableName} is one that Disa reads or writes, or has a quote or a backslash in its name: such a table cannot be attached."
            );
        }

        if (
            table.AttributeDefinitions.Find(one =>
                one.AttributeName is SendAttributes.Shard or SendAttributes.Due or SendAttributes.List or SendAttributes.ListedAt
                && one.AttributeType != ScalarAttributeType.S
            ) is
            { } other
        )
        {
            throw new FailureException(
                $"an index of {table.TableName} has the attribute '{other.AttributeName}' as {other.AttributeType}: Disa's index needs it as S."
            );
        }
    }

    private static void CheckIndex(string table, TableIndex index, GlobalSecondaryIndexDescription there)
    {
        var keys = string.Join(' ', there.KeySchema.Select(key => $"{key.AttributeName} {key.KeyType}"));
        if (
            keys != $"{index.Hash} HASH {index.Range} RANGE"
            || there.Projection.ProjectionType != ProjectionType.KEYS_ONLY
            || there.IndexStatus == IndexStatus.DELETING
        )
        {
            throw new FailureException(
                $"{table} has an index {index.Name} that is not Disa's, or is being deleted (keys {keys}, projection {there.Projection.ProjectionType}, {there.IndexStatus}). "
                    + $"Disa's has the keys {index.Hash} and {index.Range} and the projection KEYS_ONLY; this one would have to go first: {RemoveCommand(table, index.Name)}"
            );
        }
    }

    private static TableStep StreamOn(string table) =>
        new(
            "switch its stream on, with new images (its items stay as they are; a stream that nobody reads costs nothing)",
            $"aws dynamodb update-table --table-name {table} --stream-specification StreamEnabled=true,StreamViewType=NEW_IMAGE",
            new UpdateTableRequest
            {
                TableName = table,
                StreamSpecification = new() { StreamEnabled = true, StreamViewType = StreamViewType.NEW_IMAGE },
            }
        );

    /// <summary>The functions that a mapping feeds from the stream. Other readers leave no trace; a Kinesis data stream is none.</summary>
    private async Task<IReadOnlyList<string>> Readers(string streamArn, CancellationToken cancellation)
    {
        var found = new List<string>();
        var request = new Amazon.Lambda.Model.ListEventSourceMappingsRequest { EventSourceArn = streamArn };
        try
        {
            do
            {
                var page = await session.Lambda.ListEventSourceMappingsAsync(request, cancellation).ConfigureAwait(false);
                found.AddRange(
                    page.EventSourceMappings.Where(mapping => mapping.State is not ("Disabled" or "Disabling" or "Deleting"))
                        .Select(mapping => mapping.FunctionArn?.Split(':') is [_, _, _, _, _, _, var name, ..] ? name : "?")
                );
                request.Marker = page.NextMarker;
            } while (request.Marker is { Length: > 0 });
        }
        catch (Amazon.Lambda.AmazonLambdaException refused) when (refused.ErrorCode is "AccessDeniedException")
        {
            say("Not allowed to list event source mappings, so it is not known who reads the stream already");
        }

        return [.. found.Order(StringComparer.Ordinal)];
    }

    private async Task<(int Unsent, int LookedAt)> Unsent(string table, CancellationToken cancellation)
    {
        var page = await session
            .DynamoDb.ScanAsync(
                new ScanRequest
                {
                    TableName = table,
                    Limit = Preview,
                    Select = Select.COUNT,
                    FilterExpression = $"attribute_exists({SendAttributes.Message}) AND attribute_not_exists({SendAttributes.Status})",
                },
                cancellation
            )
            .ConfigureAwait(false);
        return (page.Count ?? 0, page.ScannedCount ?? 0);
    }

    private async Task<IReadOnlyDictionary<string, string>> Parameters(TableDescription table, CancellationToken cancellation)
    {
        string Type(string name) => table.AttributeDefinitions.Find(one => one.AttributeName == name)!.AttributeType.Value;
        var partition = table.KeySchema.Find(key => key.KeyType == KeyType.HASH)!.AttributeName;
        var sort = table.KeySchema.Find(key => key.KeyType == KeyType.RANGE)?.AttributeName;
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ExistingTableArn"] = table.TableArn,
            ["ExistingStreamArn"] = table.LatestStreamArn ?? "",
            ["ExistingTableKeyArn"] = await CustomerKey(table, cancellation).ConfigureAwait(false),
            ["PartitionKeyName"] = partition,
            ["PartitionKeyType"] = Type(partition),
            ["SortKeyName"] = sort ?? "",
            ["SortKeyType"] = sort is null ? "S" : Type(sort),
        };
    }

    /// <summary>The table's own key where the customer manages it: the roles need it. AWS's key for DynamoDB lets in whoever may use the table.</summary>
    private async Task<string> CustomerKey(TableDescription table, CancellationToken cancellation)
    {
        if (table.SSEDescription is not { KMSMasterKeyArn: { Length: > 0 } key })
        {
            return "";
        }

        try
        {
            var described = await session.Kms.DescribeKeyAsync(key, cancellation).ConfigureAwait(false);
            return described.KeyMetadata.KeyManager == Amazon.KeyManagementService.KeyManagerType.CUSTOMER ? key : "";
        }
        catch (Amazon.KeyManagementService.AmazonKeyManagementServiceException refused) when (refused.ErrorCode == "AccessDeniedException")
        {
            return key; // Not to be asked whose it is: a right too many to a key of AWS's is none.
        }
    }

    /// <summary>Completes when table and indexes are active: while one is being made, no other change is taken.</summary>
    private async Task Settled(string table, CancellationToken cancellation)
    {
        var waits = false;
        foreach (var pause in Pauses.Of(session.Target))
        {
            var now = (await session.DynamoDb.DescribeTableAsync(table, cancellation).ConfigureAwait(false)).Table;
            if (
                now.TableStatus == TableStatus.ACTIVE
                && now.GlobalSecondaryIndexes?.TrueForAll(index => index.IndexStatus == IndexStatus.ACTIVE) != false
            )
            {
                return;
            }

            if (!waits)
            {
                waits = true;
                say(
                    $"{table} is {now.TableStatus}{(now.TableStatus == TableStatus.ACTIVE ? ", and an index of it is being made or removed" : "")}: waiting until that is done"
                );
            }

            await Task.Delay(pause, TimeProvider.System, cancellation).ConfigureAwait(false);
        }

        throw new FailureException(
            $"the table {table} has not finished after {Pauses.Longest.TotalMinutes} minutes; run the command again to go on waiting."
        );
    }

    /// <summary>As the root template has it.</summary>
    [GeneratedRegex(@"^(message|send[A-Z][A-Za-z]*|sentAt|subject|attributes|expiresAt)\z")]
    private static partial Regex Disas();
}
