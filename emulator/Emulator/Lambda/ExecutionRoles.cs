using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Lambda;

/// <summary>What Lambda does with the rights of a function's role: reads its sources, and sends records to its destinations.</summary>
/// <param name="toReadStream">What reading a stream asks of a caller.</param>
/// <param name="toReadQueue">What receiving from a queue and deleting there asks of a caller.</param>
internal sealed class ExecutionRoles(
    FunctionStore functions,
    Authorizer rights,
    Func<string, Caller, IEnumerable<Access>> toReadStream,
    Func<string, Caller, IEnumerable<Access>> toReadQueue
)
{
    /// <summary>The session in which Lambda acts for a function; its account's where the function is gone.</summary>
    public Caller Of(string functionArn, Scope scope)
    {
        var reference = FunctionReference.Anywhere(functionArn, null, scope);
        return functions.Functions.Get(reference.Scope, reference.Name)?.Resolve(reference.Qualifier) is { } version
            ? Caller.Role(version.Role, SandboxPlan.SessionOf(reference.Name), reference.Scope)
            : Caller.Service("lambda.amazonaws.com", scope) with
            {
                SourceArn = functionArn,
            };
    }

    /// <summary>Why a mapping's source cannot be read; null where it can.</summary>
    public string? Denial(Mapping mapping)
    {
        if (!rights.Enforces)
        {
            return null;
        }

        var role = Of(mapping.FunctionArn, mapping.Scope);
        return (mapping.IsStream ? toReadStream(mapping.EventSourceArn, role) : toReadQueue(mapping.EventSourceArn, role))
            .Select(access => rights.Denial(role, access))
            .FirstOrDefault(denial => denial is not null);
    }

    /// <summary>As Lambda checks it when the mapping is made.</summary>
    /// <exception cref="AwsException">InvalidParameterValueException.</exception>
    public void Check(Mapping mapping)
    {
        if (Denial(mapping) is { } denial)
        {
            throw LambdaErrors.Invalid(
                mapping.IsStream
                    ? $"Cannot access stream {mapping.EventSourceArn}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM. ({denial})"
                    : $"The provided execution role does not have permissions to call ReceiveMessage on SQS ({denial})"
            );
        }
    }
}
