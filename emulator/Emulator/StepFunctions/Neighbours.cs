using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Lambda;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.StepFunctions;

/// <summary>What a workflow needs of other rooms beyond their operations.</summary>
public sealed record Neighbours
{
    /// <summary>Runs a function.</summary>
    public InvokeFunction Invoke { get; init; } = (_, _, _, _, _, _) => throw AwsException.NotImplemented("lambda:Invoke");

    /// <summary>Reads an object that holds a definition.</summary>
    public ReadObject Read { get; init; } = (_, _, _, _, _) => throw AwsException.NotImplemented("s3:GetObject");

    /// <summary>Writes lines to a log group.</summary>
    public WriteLog Log { get; init; } = (_, _, _, _) => throw AwsException.NotImplemented("logs:PutLogEvents");

    /// <summary>Whether a role lets Step Functions take it for a state machine: role, machine.</summary>
    public Func<string, string, bool> Trusts { get; init; } = (_, _) => true;

    /// <summary>Who may do what; null lets every role do everything.</summary>
    internal Authorizer? Rights { get; init; }

    /// <summary>Puts an event of this service on the default bus; null where there is no bus.</summary>
    public PutEvent? Event { get; init; }
}

/// <summary>As <see cref="Invoker.Invoke"/>.</summary>
public delegate Task<Invocation> InvokeFunction(
    string functionArnOrName,
    string? qualifier,
    ReadOnlyMemory<byte> payload,
    InvocationType type,
    Caller caller,
    CancellationToken cancellation
);

public delegate Task WriteLog(Scope scope, string group, string stream, IReadOnlyList<(DateTimeOffset Timestamp, string Message)> events);

public delegate Task PutEvent(Scope scope, string source, string detailType, JsonElement detail, IReadOnlyList<string> resources);
