using Amazon.CloudFormation.Model;

namespace Disa.Cli.Deploy;

/// <summary>Brings a stack into a state from which it can be deployed, whatever an earlier deploy left.</summary>
internal sealed class StackStates(AwsSession session, DeployListener listener, string? roleArn)
{
    /// <returns>The stack, or null where there is none yet.</returns>
    /// <exception cref="FailureException">Another deploy is in progress, or someone has to look at the stack first.</exception>
    public async Task<Stack?> Ready(string name, CancellationToken cancellation)
    {
        while (true)
        {
            var stack = await Deployment.StackOrNone(session, name, cancellation).ConfigureAwait(false);
            switch (stack?.StackStatus)
            {
                case null or "DELETE_COMPLETE" or "REVIEW_IN_PROGRESS":
                    return null;
                case "CREATE_COMPLETE"
                or "UPDATE_COMPLETE"
                or "UPDATE_ROLLBACK_COMPLETE"
                or "IMPORT_COMPLETE"
                or "IMPORT_ROLLBACK_COMPLETE":
                    return stack;
                case "ROLLBACK_COMPLETE" or "ROLLBACK_FAILED" or "CREATE_FAILED":
                    await DeleteRemains(stack, cancellation).ConfigureAwait(false);
                    break;
                case "UPDATE_ROLLBACK_FAILED":
                    throw new FailureException(
                        $"the stack '{name}' is UPDATE_ROLLBACK_FAILED: {stack.StackStatusReason} Fix that, then: aws cloudformation continue-update-rollback --stack-name {name}"
                    );
                case "DELETE_FAILED":
                    throw new FailureException(
                        $"the stack '{name}' is DELETE_FAILED: its deletion was not finished. `{CommandName.Current} destroy` finishes it."
                    );
                default:
                    await Wait(stack, cancellation).ConfigureAwait(false);
                    break;
            }
        }
    }

    /// <summary>Waits for an operation that is in progress; refuses where a deploy of this machine runs it.</summary>
    private async Task Wait(Stack stack, CancellationToken cancellation)
    {
        var latest = await session
            .CloudFormation.DescribeStackEventsAsync(new DescribeStackEventsRequest { StackName = stack.StackId }, cancellation)
            .ConfigureAwait(false);
        if (latest.StackEvents.Count > 0 && DeployToken.RunningProcess(latest.StackEvents[0].ClientRequestToken) is { } process)
        {
            throw new FailureException(
                $"another deploy of '{stack.StackName}' is in progress (process {process} on this machine): the stack is {stack.StackStatus}."
            );
        }

        listener.Say($"'{stack.StackName}' is {stack.StackStatus}: waiting until that is done");
        await new StackWatch(session, listener.Step).Follow(stack.StackId!, cancellation).ConfigureAwait(false);
    }

    /// <summary>A stack whose creation failed can only be deleted.</summary>
    private async Task DeleteRemains(Stack stack, CancellationToken cancellation)
    {
        if (
            listener.MayDelete is { } may
            && !await may(
                    $"'{stack.StackName}' is {stack.StackStatus}: an earlier creation failed, so it can only be deleted. Delete it and go on?"
                )
                .ConfigureAwait(false)
        )
        {
            throw new FailureException($"the stack '{stack.StackName}' is {stack.StackStatus}, and its deletion was not confirmed.");
        }

        listener.Say($"Deleting the remains of '{stack.StackName}'");
        await new Destroyer(session, stack.StackName!, listener).Release(stack.StackId!, cancellation).ConfigureAwait(false);
        await session
            .CloudFormation.DeleteStackAsync(
                new DeleteStackRequest
                {
                    StackName = stack.StackId,
                    RoleARN = roleArn,
                    ClientRequestToken = DeployToken.New(),
                },
                cancellation
            )
            .ConfigureAwait(false);
        var end = await new StackWatch(session, listener.Step).Follow(stack.StackId!, cancellation).ConfigureAwait(false);
        if (end.Stack is not null)
        {
            throw new FailureException($"the remains of '{stack.StackName}' could not be deleted: {end.Reason}");
        }
    }
}
