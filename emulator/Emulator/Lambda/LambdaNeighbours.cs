using Disa.Emulator.Aws;
using Disa.Emulator.Logs;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;
using Disa.Emulator.Sqs;

namespace Disa.Emulator.Lambda;

/// <summary>What the Lambda room needs of the others.</summary>
internal sealed record LambdaNeighbours
{
    public required LogSink Logs { get; init; }

    /// <summary>An object of S3 by bucket, key and version; null where there is none.</summary>
    public required Func<Caller, string, string, string?, Task<ReadOnlyMemory<byte>?>> Fetch { get; init; }

    /// <summary>Keys for a role, by its ARN and a session name.</summary>
    public required Func<string, string, Scope, Task<FunctionCredentials>> Credentials { get; init; }

    public required StreamAccess Streams { get; init; }

    public required QueueReader QueueReader { get; init; }

    public required QueueSender QueueSender { get; init; }

    public required ServiceDirectory Services { get; init; }

    public required Faults.FaultPlan Faults { get; init; }

    public required UsageMeter Meter { get; init; }

    public required Authorizer Rights { get; init; }

    /// <summary>What reading a stream asks of a caller.</summary>
    public required Func<string, Caller, IEnumerable<Access>> ToReadStream { get; init; }

    /// <summary>What polling a queue asks of a caller.</summary>
    public required Func<string, Caller, IEnumerable<Access>> ToReadQueue { get; init; }

    /// <summary>Whether a function is active when the call that makes or changes it returns.</summary>
    public bool Instant { get; init; }

    /// <summary>The functions that someone works on.</summary>
    public required LocalRuns Local { get; init; }

    /// <summary>Whether there is such a role that Lambda may assume.</summary>
    public required Func<string, Scope, bool> RoleExists { get; init; }
}
