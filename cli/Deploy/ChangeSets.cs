using System.Security.Cryptography;
using System.Text;
using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;

namespace Disa.Cli.Deploy;

/// <summary>What a stack is to be.</summary>
/// <param name="Body">Its template, or null where <paramref name="Url"/> names it.</param>
internal sealed record DesiredStack(string Name, string? Body, string? Url, IReadOnlyList<Parameter> Parameters);

/// <summary>A change set that is ready, and what it would do.</summary>
internal sealed record ChangeSet(string Id, string StackName, bool IsNew, StackPlan Plan);

/// <summary>
/// Makes, reads, executes and removes change sets. Their name says which state of the stack they start from, so CloudFormation itself
/// keeps two deploys apart: the second one from the same state cannot make its own.
/// </summary>
internal sealed class ChangeSets(AwsSession session, string? roleArn)
{
    private static readonly List<string> Capabilities = ["CAPABILITY_NAMED_IAM"];

    /// <returns>Null where nothing would change.</returns>
    /// <param name="existing">The stack, or null where there is none that could be updated.</param>
    /// <exception cref="FailureException">CloudFormation refuses it, or another deploy is in progress.</exception>
    public async Task<ChangeSet?> Create(DesiredStack wish, Stack? existing, CancellationToken cancellation)
    {
        // A change set of a new stack that includes nested ones fails on AWS where one nested stack takes what another gives,
        // and leaves nested stacks in review; everything is new in it anyway.
        string? remark = null;
        if (existing is not null && wish.Url is not null)
        {
            var (made, reason) = await TryCreate(wish, existing, includeNested: true, cancellation).ConfigureAwait(false);
            if (made is not null || reason is null)
            {
                return made;
            }

            remark = $"What changes inside the nested stacks is not known ({reason.TrimEnd('.')}).";
        }

        var (set, failure) = await TryCreate(wish, existing, includeNested: false, cancellation).ConfigureAwait(false);
        return failure is null
            ? set is null
                ? null
                : set with
                {
                    Plan = set.Plan with { Remark = remark },
                }
            : throw new FailureException($"CloudFormation refuses the change of '{wish.Name}': {failure}");
    }

    /// <param name="set">The change set.</param>
    /// <param name="token">Goes with every event of the operation.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task Execute(ChangeSet set, string token, CancellationToken cancellation)
    {
        try
        {
            await session
                .CloudFormation.ExecuteChangeSetAsync(
                    new ExecuteChangeSetRequest
                    {
                        ChangeSetName = set.Id,
                        StackName = set.StackName,
                        ClientRequestToken = token,
                    },
                    cancellation
                )
                .ConfigureAwait(false);
        }
        catch (AmazonCloudFormationException late) when (IsLate(late))
        {
            // Where the answer was lost, the SDK's repetition is refused because this very call has begun the operation.
            var latest = await session
                .CloudFormation.DescribeStackEventsAsync(new DescribeStackEventsRequest { StackName = set.StackName }, cancellation)
                .ConfigureAwait(false);
            if (!latest.StackEvents.Any(one => one.ClientRequestToken == token))
            {
                throw;
            }
        }
    }

    /// <summary>Whether the change set is executed, or the stack's operation is another one's.</summary>
    public static bool IsLate(AmazonCloudFormationException refused) =>
        refused.ErrorCode is "InvalidChangeSetStatus" or "ChangeSetNotFound"
        || refused.Message.Contains("_IN_PROGRESS state", StringComparison.Ordinal);

    /// <summary>Leaves nothing behind: not the change set, nor the empty stack that was made for it to review.</summary>
    public async Task Discard(string stackName, string changeSet)
    {
        await Delete(stackName, changeSet).ConfigureAwait(false);
        if (
            await Deployment.StackOrNone(session, stackName, CancellationToken.None).ConfigureAwait(false) is
            { StackStatus: "REVIEW_IN_PROGRESS" }
        )
        {
            await session
                .CloudFormation.DeleteStackAsync(
                    new DeleteStackRequest
                    {
                        StackName = stackName,
                        RoleARN = roleArn,
                        ClientRequestToken = DeployToken.New(),
                    },
                    CancellationToken.None
                )
                .ConfigureAwait(false);
        }
    }

    private async Task<(ChangeSet? Set, string? Failure)> TryCreate(
        DesiredStack wish,
        Stack? existing,
        bool includeNested,
        CancellationToken cancellation
    )
    {
        var id = await Begin(wish, existing, includeNested, cancellation).ConfigureAwait(false);
        try
        {
            var answer = await Ready(wish.Name, id, cancellation).ConfigureAwait(false);
            if (answer.Status == "CREATE_COMPLETE")
            {
                return (
                    new ChangeSet(
                        id,
                        wish.Name,
                        existing is null,
                        new StackPlan(wish.Name, existing is null, await Changes(answer, cancellation).ConfigureAwait(false))
                    ),
                    null
                );
            }

            await Discard(wish.Name, id).ConfigureAwait(false);
            var nothing =
                answer.StatusReason is { } reason
                && (
                    reason.Contains("didn't contain changes", StringComparison.Ordinal)
                    || reason.Contains("No updates are to be performed", StringComparison.Ordinal)
                );
            return (null, nothing ? null : answer.StatusReason ?? answer.Status);
        }
        catch (OperationCanceledException)
        {
            await Discard(wish.Name, id).ConfigureAwait(false);
            throw;
        }
    }

    private static string NameFor(Stack? existing) =>
        "disa-deploy-"
        + (
            existing is null
                ? "new"
                : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(existing.ChangeSetId ?? existing.StackId!)))[..12]
        );

    private async Task<string> Begin(DesiredStack wish, Stack? existing, bool includeNested, CancellationToken cancellation)
    {
        var name = NameFor(existing);
        for (var again = false; ; again = true)
        {
            var token = DeployToken.New();
            var description = DeployToken.Describe(token);
            try
            {
                return (
                    await session
                        .CloudFormation.CreateChangeSetAsync(
                            new CreateChangeSetRequest
                            {
                                StackName = wish.Name,
                                ChangeSetName = name,
                                ChangeSetType = existing is null ? "CREATE" : "UPDATE",
                                ClientToken = token,
                                Description = description,
                                TemplateBody = wish.Body,
                                TemplateURL = wish.Url,
                                Parameters = [.. wish.Parameters],
                                Capabilities = Capabilities,
                                RoleARN = roleArn,
                                IncludeNestedStacks = includeNested ? true : null,
                            },
                            cancellation
                        )
                        .ConfigureAwait(false)
                ).Id!;
            }
            catch (AlreadyExistsException)
            {
                var other = await session
                    .CloudFormation.DescribeChangeSetAsync(
                        new DescribeChangeSetRequest { ChangeSetName = name, StackName = wish.Name },
                        cancellation
                    )
                    .ConfigureAwait(false);
                if (other.Description == description)
                {
                    return other.ChangeSetId!; // This call's own: its answer was lost, and the SDK has repeated it.
                }

                if (again)
                {
                    throw Busy(wish.Name);
                }

                if (other.ExecutionStatus is "EXECUTE_COMPLETE" or "EXECUTE_FAILED")
                {
                    name += $"-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}"; // executed, and someone's update since did not say so
                    continue;
                }

                if (!DeployToken.IsLeftOver(other.Description))
                {
                    throw new FailureException(
                        $"another deploy of '{wish.Name}' is in progress: {other.Description}, since {other.CreationTime:u}. If it is not, remove its change set: aws cloudformation delete-change-set --stack-name {wish.Name} --change-set-name {name}"
                    );
                }

                await Delete(wish.Name, other.ChangeSetId!).ConfigureAwait(false);
            }
            catch (AmazonCloudFormationException busy)
                when (busy.Message.Contains("_IN_PROGRESS state", StringComparison.Ordinal)
                    || (existing is null && busy.Message.Contains("already exists", StringComparison.Ordinal))
                )
            {
                throw Busy(wish.Name);
            }
            catch (AmazonCloudFormationException refused)
                when (includeNested && refused.ErrorCode is "ValidationError" or "NotImplemented" && includeNested)
            {
                return await Begin(wish, existing, includeNested: false, cancellation).ConfigureAwait(false);
            }
        }
    }

    private static FailureException Busy(string stackName) =>
        new(
            $"another operation on '{stackName}' has begun meanwhile; this one changed nothing. "
                + "Run it again when the other has finished."
        );

    private async Task<DescribeChangeSetResponse> Ready(string stackName, string id, CancellationToken cancellation)
    {
        foreach (var pause in Pauses.Of(session.Target))
        {
            var answer = await session
                .CloudFormation.DescribeChangeSetAsync(
                    new DescribeChangeSetRequest { ChangeSetName = id, StackName = stackName },
                    cancellation
                )
                .ConfigureAwait(false);
            if (answer.Status is not ("CREATE_PENDING" or "CREATE_IN_PROGRESS"))
            {
                return answer;
            }

            await Task.Delay(pause, TimeProvider.System, cancellation).ConfigureAwait(false);
        }

        throw new FailureException($"the change set of '{stackName}' was not created within {Pauses.Longest.TotalMinutes} minutes.");
    }

    private async Task<IReadOnlyList<PlannedChange>> Changes(DescribeChangeSetResponse first, CancellationToken cancellation)
    {
        var changes = new List<PlannedChange>();
        for (
            var page = first;
            ;
            page = await session
                    .CloudFormation.DescribeChangeSetAsync(
                        new DescribeChangeSetRequest
                        {
                            ChangeSetName = first.ChangeSetId,
                            StackName = first.StackName,
                            NextToken = page.NextToken,
                        },
                        cancellation
                    )
                    .ConfigureAwait(false)
        )
        {
            foreach (var change in page.Changes.Select(change => change.ResourceChange).OfType<ResourceChange>())
            {
                var inside = change.ChangeSetId is not { } nested
                    ? []
                    : await Changes(
                            await session
                                .CloudFormation.DescribeChangeSetAsync(
                                    new DescribeChangeSetRequest { ChangeSetName = nested },
                                    cancellation
                                )
                                .ConfigureAwait(false),
                            cancellation
                        )
                        .ConfigureAwait(false);

                // New URLs of unchanged templates are no news.
                if (change.ChangeSetId is null || inside.Count > 0)
                {
                    changes.Add(PlannedChange.Of(change, inside));
                }
            }

            if (page.NextToken is null)
            {
                return changes;
            }
        }
    }

    /// <summary>Completes when it is gone: with nested ones that takes a while.</summary>
    private async Task Delete(string stackName, string changeSet)
    {
        await session
            .CloudFormation.DeleteChangeSetAsync(
                new DeleteChangeSetRequest { ChangeSetName = changeSet, StackName = stackName },
                CancellationToken.None
            )
            .ConfigureAwait(false);
        foreach (var pause in Pauses.Of(session.Target))
        {
            try
            {
                var left = await session
                    .CloudFormation.DescribeChangeSetAsync(
                        new DescribeChangeSetRequest { ChangeSetName = changeSet, StackName = stackName },
                        CancellationToken.None
                    )
                    .ConfigureAwait(false);
                if (left.Status == "DELETE_FAILED")
                {
                    return;
                }
            }
            catch (AmazonCloudFormationException gone) when (gone.ErrorCode is "ChangeSetNotFound" or "ValidationError")
            {
                return;
            }

            await Task.Delay(pause, TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
        }
    }
}

/// <summary>How long to wait between two looks at what CloudFormation does: it tells nobody.</summary>
internal static class Pauses
{
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(60);
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Last = TimeSpan.FromSeconds(3);

    public static IEnumerable<TimeSpan> Of(Target target)
    {
        var deadline = TimeProvider.System.GetUtcNow() + Longest;
        for (var pause = First; TimeProvider.System.GetUtcNow() < deadline; pause = pause * 1.3 < Last ? pause * 1.3 : Last)
        {
            yield return target.Endpoint?.IsLoopback == true ? First : pause;
        }
    }
}
