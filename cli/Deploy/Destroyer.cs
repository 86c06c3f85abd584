using Amazon.CloudFormation.Model;
using Amazon.DynamoDBv2.Model;
using Amazon.KeyManagementService.Model;
using Amazon.S3.Model;

namespace Disa.Cli.Deploy;

/// <summary>Takes a deployment off an AWS: the stack, its data only where that is asked for, and what the bootstrap made where that is.</summary>
internal sealed class Destroyer(AwsSession session, string stackName, DeployListener listener)
{
    private const string NestedStack = "AWS::CloudFormation::Stack";

    private readonly TableDeletion removal = new(session);

    /// <summary>With whose rights CloudFormation deletes; null for those of the last operation.</summary>
    public string? RoleArn { get; init; }

    public async Task<DeletionPlan> Look(CancellationToken cancellation)
    {
        var stack = await Deployment.StackOrNone(session, stackName, cancellation).ConfigureAwait(false);
        var bootstrap = await Deployment.StackOrNone(session, Deployer.BootstrapOf(stackName), cancellation).ConfigureAwait(false);
        var outputs = bootstrap is null ? new Dictionary<string, string>() : Deployment.Of(bootstrap).Outputs;
        var resources = new List<OwnedResource>();
        if (stack is not null)
        {
            await List(stack.StackId!, resources, cancellation).ConfigureAwait(false);
        }

        var attached = stack
            ?.Parameters.FirstOrDefault(parameter => parameter.ParameterKey == "ExistingTableArn")
            ?.ParameterValue?.Split('/')
            is [_, var table]
            ? table
            : null;
        var key = outputs.GetValueOrDefault("KeyArn");
        var kept = key is null ? [] : await TablesUnder(key, cancellation).ConfigureAwait(false);
        return new(
            stack,
            resources,
            attached,
            [.. kept.Except(resources.Select(resource => resource.PhysicalId))],
            bootstrap,
            outputs.GetValueOrDefault("ArtifactBucket"),
            key
        );
    }

    /// <exception cref="FailureException">Something could not be deleted; the text says what and why.</exception>
    public async Task<Destroyed> Run(
        DeletionPlan plan,
        bool deleteData,
        bool withBootstrap,
        bool removeIndex,
        CancellationToken cancellation
    )
    {
        var (kept, later) = (new List<string>(), new List<string>());
        if (plan.Stack is { } stack)
        {
            // Kept data is protected first, whatever the stack was deployed with: then nothing that follows can take it.
            foreach (var table in plan.Tables.Where(table => table.Status != "DELETE_COMPLETE"))
            {
                await removal.Protect(table.PhysicalId, !deleteData, cancellation).ConfigureAwait(false);
            }

            await DeleteStack(stack, deleteData ? [] : [.. plan.Tables], cancellation).ConfigureAwait(false);
        }

        if (plan.Attached is { } attached)
        {
            kept.Add($"table {attached}, which is yours, with all its items and its stream{(removeIndex ? "" : " and Disa's indexes")}");
            if (removeIndex)
            {
                listener.Say($"Removing Disa's indexes from {attached}");
                await new TableAttachment(session, listener.Say).RemoveIndexes(attached, cancellation).ConfigureAwait(false);
            }
            else
            {
                later.AddRange(TableAttachment.RemoveCommands(attached));
            }
        }

        var tables = deleteData ? [] : plan.Tables.Select(table => table.PhysicalId).Concat(plan.KeptBefore).ToList();
        foreach (var table in deleteData ? plan.KeptBefore : [])
        {
            listener.Say($"Deleting the table {table}, kept by an earlier destroy");
            await removal.Protect(table, false, cancellation).ConfigureAwait(false);
            await removal.Delete(table, cancellation).ConfigureAwait(false);
        }

        foreach (var table in tables)
        {
            kept.Add($"table {table}");
            later.Add(
                $"aws dynamodb update-table --table-name {table} --no-deletion-protection-enabled && aws dynamodb delete-table --table-name {table}"
            );
        }

        if (withBootstrap && plan.Bootstrap is { } bootstrap)
        {
            await DeleteBootstrap(plan, bootstrap, deleteData, cancellation).ConfigureAwait(false);
        }
        else if (plan.Bootstrap is not null)
        {
            kept.Add($"stack {Deployer.BootstrapOf(stackName)} with bucket {plan.Bucket} and key {plan.KeyArn}");
            later.Add($"disa destroy --stack {stackName} --bootstrap --delete-data");
        }

        if (withBootstrap && !deleteData && plan.KeyArn is { } key)
        {
            kept.Add($"key {key}{(tables.Count > 0 ? ", without which the tables cannot be read" : "")}");
            later.Add($"aws kms schedule-key-deletion --key-id {key} --pending-window-in-days 7");
        }

        return new(kept, later);
    }

    /// <summary>Lifts the protection of a stack's tables, whose creation failed: a rollback cannot delete what is protected.</summary>
    /// <exception cref="FailureException">There is something in one of them.</exception>
    public async Task Release(string stackId, CancellationToken cancellation)
    {
        var resources = new List<OwnedResource>();
        await List(stackId, resources, cancellation).ConfigureAwait(false);
        foreach (var table in resources.Where(resource => resource.Type == DeletionPlan.TableType).Select(resource => resource.PhysicalId))
        {
            try
            {
                if (
                    (
                        await session
                            .DynamoDb.ScanAsync(new ScanRequest { TableName = table, Limit = 1 }, cancellation)
                            .ConfigureAwait(false)
                    ).Items is
                    { Count: > 0 }
                )
                {
                    throw new FailureException(
                        $"the table {table} of a stack whose creation failed has items: save them, and delete it by hand."
                    );
                }
            }
            catch (Amazon.DynamoDBv2.Model.ResourceNotFoundException)
            {
                continue;
            }

            await removal.Protect(table, false, cancellation).ConfigureAwait(false);
        }
    }

    private async Task DeleteStack(Stack stack, IReadOnlyList<OwnedResource> keep, CancellationToken cancellation)
    {
        if (stack.EnableTerminationProtection == true)
        {
            await session
                .CloudFormation.UpdateTerminationProtectionAsync(
                    new UpdateTerminationProtectionRequest { StackName = stack.StackId, EnableTerminationProtection = false },
                    cancellation
                )
                .ConfigureAwait(false);
        }

        var end = await Delete(stack.StackId!, [], cancellation).ConfigureAwait(false);
        if (end.Stack is { StackStatus: "DELETE_FAILED" } && keep.Count > 0)
        {
            listener.Say("The tables are protected, so CloudFormation left them: they are released from the stack");
            foreach (var stackId in keep.Select(table => table.Stack).Distinct())
            {
                if (await Deployment.StackOrNone(session, stackId, cancellation).ConfigureAwait(false) is { StackStatus: "DELETE_FAILED" })
                {
                    var there = new List<OwnedResource>();
                    await List(stackId, there, cancellation).ConfigureAwait(false);
                    await Delete(
                            stackId,
                            [
                                .. there
                                    .Where(resource => resource is { Type: DeletionPlan.TableType, Status: "DELETE_FAILED" })
                                    .Select(resource => resource.LogicalId),
                            ],
                            cancellation
                        )
                        .ConfigureAwait(false);
                }
            }

            end = await Delete(stack.StackId!, [], cancellation).ConfigureAwait(false);
        }

        if (end.Stack is not null)
        {
            throw new FailureException($"the stack '{stack.StackName}' is {end.Status}: {end.Reason} Run it again once fixed.");
        }
    }

    private async Task<StackEnd> Delete(string stackId, List<string> retain, CancellationToken cancellation)
    {
        await session
            .CloudFormation.DeleteStackAsync(
                new DeleteStackRequest
                {
                    StackName = stackId,
                    RetainResources = retain.Count > 0 ? retain : null,
                    RoleARN = RoleArn,
                    ClientRequestToken = DeployToken.New(),
                },
                cancellation
            )
            .ConfigureAwait(false);
        return await new StackWatch(session, listener.Step).Follow(stackId, cancellation).ConfigureAwait(false);
    }

    private async Task DeleteBootstrap(DeletionPlan plan, Stack bootstrap, bool deleteData, CancellationToken cancellation)
    {
        if (plan.Bucket is { } bucket)
        {
            await Empty(bucket, cancellation).ConfigureAwait(false);
        }

        var end = await Delete(bootstrap.StackId!, [], cancellation).ConfigureAwait(false);
        if (end.Stack is not null)
        {
            throw new FailureException($"the stack '{bootstrap.StackName}' is {end.Status}: {end.Reason}");
        }

        if (deleteData && plan.KeyArn is { } key)
        {
            var days = int.TryParse(
                bootstrap.Parameters.FirstOrDefault(parameter => parameter.ParameterKey == "KeyPendingWindowInDays")?.ParameterValue,
                out var window
            )
                ? window
                : 7;
            var date = await ScheduleDeletion(key, days, cancellation).ConfigureAwait(false);
            listener.Say($"The key {key} is deleted on {date:u}; until then: aws kms cancel-key-deletion --key-id {key}");
        }
    }

    private async Task<DateTime?> ScheduleDeletion(string key, int days, CancellationToken cancellation)
    {
        try
        {
            var scheduled = await session
                .Kms.ScheduleKeyDeletionAsync(new ScheduleKeyDeletionRequest { KeyId = key, PendingWindowInDays = days }, cancellation)
                .ConfigureAwait(false);
            return scheduled.DeletionDate;
        }
        catch (KMSInvalidStateException)
        {
            // Scheduled already: by an earlier destroy, or by this call, whose answer was lost.
            var now = (await session.Kms.DescribeKeyAsync(key, cancellation).ConfigureAwait(false)).KeyMetadata;
            if (now.KeyState != Amazon.KeyManagementService.KeyState.PendingDeletion)
            {
                throw;
            }

            return now.DeletionDate;
        }
    }

    /// <summary>All versions and delete markers, a thousand at a time: a versioned bucket is not empty before.</summary>
    private async Task Empty(string bucket, CancellationToken cancellation)
    {
        const int batch = 1000;
        var removed = 0;
        while (true)
        {
            var page = await session
                .S3.ListVersionsAsync(new ListVersionsRequest { BucketName = bucket, MaxKeys = batch }, cancellation)
                .ConfigureAwait(false);
            if (page.Versions is not { Count: > 0 } versions)
            {
                return;
            }

            try
            {
                await session
                    .S3.DeleteObjectsAsync(
                        new DeleteObjectsRequest
                        {
                            BucketName = bucket,
                            Quiet = true,
                            Objects = [.. versions.Select(version => new KeyVersion { Key = version.Key, VersionId = version.VersionId })],
                        },
                        cancellation
                    )
                    .ConfigureAwait(false);
            }
            catch (Amazon.S3.DeleteObjectsException some)
            {
                // What is gone was deleted before: by this call, whose answer was lost, or by someone else.
                if (some.Response.DeleteErrors.FirstOrDefault(error => error.Code is not ("NoSuchVersion" or "NoSuchKey")) is { } error)
                {
                    throw new FailureException($"{error.Key} in {bucket} could not be deleted: {error.Code} {error.Message}");
                }
            }

            listener.Say($"Emptying {bucket}: {removed += versions.Count} versions and markers removed");
        }
    }

    /// <summary>Everything in a stack that is not gone, nested stacks first.</summary>
    private async Task List(string stackId, List<OwnedResource> into, CancellationToken cancellation)
    {
        string? token = null;
        do
        {
            var page = await session
                .CloudFormation.ListStackResourcesAsync(
                    new ListStackResourcesRequest { StackName = stackId, NextToken = token },
                    cancellation
                )
                .ConfigureAwait(false);
            token = page.NextToken;
            foreach (
                var resource in page.StackResourceSummaries.Where(resource =>
                    resource.ResourceStatus is not ("DELETE_COMPLETE" or "DELETE_SKIPPED") && resource.PhysicalResourceId is { Length: > 0 }
                )
            )
            {
                if (resource.ResourceType == NestedStack)
                {
                    await List(resource.PhysicalResourceId!, into, cancellation).ConfigureAwait(false);
                }

                into.Add(
                    new(
                        stackId,
                        resource.LogicalResourceId!,
                        resource.ResourceType!,
                        resource.PhysicalResourceId!,
                        resource.ResourceStatus!
                    )
                );
            }
        } while (token is not null);
    }

    /// <summary>The tables of this stack's name that Disa's templates made, under a key, in a stack or not. A user's own may have such a name and key, but not that tag.</summary>
    private async Task<List<string>> TablesUnder(string keyArn, CancellationToken cancellation)
    {
        var found = new List<string>();
        var request = new ListTablesRequest();
        do
        {
            var page = await session.DynamoDb.ListTablesAsync(request, cancellation).ConfigureAwait(false);
            foreach (var name in page.TableNames.Where(name => name.StartsWith(stackName + "-", StringComparison.Ordinal)))
            {
                var table = (await session.DynamoDb.DescribeTableAsync(name, cancellation).ConfigureAwait(false)).Table;
                if (
                    table.TableStatus != "DELETING"
                    && table.SSEDescription?.KMSMasterKeyArn == keyArn
                    && (
                        await session
                            .DynamoDb.ListTagsOfResourceAsync(new() { ResourceArn = table.TableArn }, cancellation)
                            .ConfigureAwait(false)
                    ).Tags?.Exists(tag => tag.Key == "disa:environment") == true
                )
                {
                    found.Add(name);
                }
            }

            request.ExclusiveStartTableName = page.LastEvaluatedTableName;
        } while (request.ExclusiveStartTableName is { Length: > 0 });

        return found;
    }
}
