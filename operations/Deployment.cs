using System.Globalization;
using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;

namespace Disa.Operations;

/// <summary>What the root stack's outputs say of where things are.</summary>
internal sealed record Deployment(string StackName, IReadOnlyDictionary<string, string> Outputs)
{
    /// <summary>Who is to get the messages by e-mail; null where nobody is: a FIFO topic takes no e-mail subscriptions.</summary>
    public string? NotificationEmail { get; init; }

    /// <summary>Bytes of a message with its attributes that the topic takes.</summary>
    public int MaxMessageBytes { get; init; } = MessageLimits.DefaultBytes;

    public string TableName => Output("TableName");

    public string PartitionKeyName => Output("PartitionKeyName");

    public string ControlTableName => Output("ControlTableName");

    /// <summary>S, N or B.</summary>
    public string PartitionKeyType => Output("PartitionKeyType");

    /// <summary>Null where the table has none.</summary>
    public string? SortKeyName => Outputs.GetValueOrDefault("SortKeyName");

    /// <summary>S, N or B.</summary>
    public string? SortKeyType => Outputs.GetValueOrDefault("SortKeyType");

    /// <summary>The table's keys, and whether it has other items too.</summary>
    public TableShape Shape =>
        new(SortKeyName is { } sort ? [PartitionKeyName, sort] : [PartitionKeyName], Outputs.ContainsKey("ExistingTableArn"));

    public string TopicArn => Output("TopicArn");

    public string TopicName => TopicArn[(TopicArn.LastIndexOf(':') + 1)..];

    public string StateMachineArn => Output("StateMachineArn");

    public string ProcessFunctionName => Output("ProcessFunctionName");

    public string RetryFunctionName => Output("RetryFunctionName");

    public string AlarmName => Output("AlarmName");

    /// <summary>An output that every stack of Disa's templates has.</summary>
    /// <exception cref="FailureException">It is missing: another template's stack, or one made by an emulator that leaves outputs out.</exception>
    public string Output(string name) =>
        Outputs.GetValueOrDefault(name)
        ?? throw new FailureException(
            $"the stack '{StackName}' has no output '{name}': its template is not Disa's, or the endpoint does not do all of CloudFormation."
        );

    /// <exception cref="FailureException">There is no such stack, or it is not complete.</exception>
    public static async Task<Deployment> Find(AwsSession session, string stackName, CancellationToken cancellation)
    {
        var stack =
            await StackOrNone(session, stackName, cancellation).ConfigureAwait(false)
            ?? throw new FailureException(
                $"there is no stack '{stackName}' at {session.Target.Describe()}; `{CommandName.Current} up` deploys it to the emulator."
            );
        return
            stack.StackStatus
                is "CREATE_COMPLETE"
                    or "UPDATE_COMPLETE"
                    or "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"
                    or "UPDATE_ROLLBACK_COMPLETE"
            ? Of(stack)
            : throw new FailureException(
                $"the stack '{stackName}' is {stack.StackStatus}{(stack.StackStatusReason is { } reason ? $": {reason}" : "")}."
            );
    }

    public static Deployment Of(Stack stack)
    {
        string? Parameter(string name) => stack.Parameters.FirstOrDefault(parameter => parameter.ParameterKey == name)?.ParameterValue;
        var outputs = stack.Outputs.ToDictionary(output => output.OutputKey!, output => output.OutputValue ?? "", StringComparer.Ordinal);
        return new(stack.StackName!, outputs)
        {
            MaxMessageBytes = int.TryParse(Parameter("MaxMessageBytes"), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
                ? bytes
                : MessageLimits.DefaultBytes,
            NotificationEmail = Parameter("TopicType") == "FIFO" ? null : Parameter("NotificationEmail"),
        };
    }

    public static async Task<Stack?> StackOrNone(AwsSession session, string stackName, CancellationToken cancellation)
    {
        try
        {
            var answer = await session
                .CloudFormation.DescribeStacksAsync(new DescribeStacksRequest { StackName = stackName }, cancellation)
                .ConfigureAwait(false);
            return answer.Stacks is [var stack, ..] ? stack : throw UnreachableException.Stranger(session.Target.Describe()); // AWS answers with the stack or with an error.
        }
        catch (AmazonCloudFormationException missing)
            when (missing.ErrorCode == "ValidationError" && missing.Message.Contains("does not exist", StringComparison.Ordinal))
        {
            return null;
        }
    }
}
