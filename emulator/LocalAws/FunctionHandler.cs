namespace Disa.Emulator;

/// <summary>A Lambda function's code in this process.</summary>
/// <param name="invocation">What it was invoked with.</param>
/// <param name="cancellationToken">Cancelled when the function's time is over. Under a debugger it has no limit.</param>
/// <returns>The answer: a JSON document.</returns>
/// <remarks>What it throws is the function's error, as the .NET runtime of Lambda words it.</remarks>
public delegate Task<ReadOnlyMemory<byte>> FunctionHandler(FunctionInvocation invocation, CancellationToken cancellationToken);

/// <summary>An invocation of a function.</summary>
public sealed class FunctionInvocation
{
    private readonly Action<string> log;

    internal FunctionInvocation(
        ReadOnlyMemory<byte> payload,
        string requestId,
        string functionArn,
        string traceHeader,
        DateTimeOffset deadline,
        Action<string> log
    )
    {
        this.log = log;
        Payload = payload;
        RequestId = requestId;
        FunctionArn = functionArn;
        TraceHeader = traceHeader;
        Deadline = deadline;
    }

    /// <summary>The event: a JSON document.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>The invocation's id.</summary>
    public string RequestId { get; }

    /// <summary>The function's ARN, with the qualifier that it was invoked by.</summary>
    public string FunctionArn { get; }

    /// <summary>The AWS X-Ray trace that the invocation belongs to (<c>_X_AMZN_TRACE_ID</c>): its caller's, or a new one.</summary>
    public string TraceHeader { get; }

    /// <summary>When the function's time is over, by real clocks.</summary>
    public DateTimeOffset Deadline { get; }

    /// <summary>Writes a line to the function's log.</summary>
    public void Log(string line) => log(line);
}

/// <summary>How a function is configured that <see cref="AwsAccount.AddFunctionAsync(string, FunctionHandler, FunctionOptions)"/> makes.</summary>
public sealed record FunctionOptions
{
    /// <summary>How long an invocation may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The ARN of its execution role; null makes a role that may do everything in the account.</summary>
    public string? Role { get; init; }

    /// <summary>Its environment variables, as GetFunctionConfiguration shows them. The handler has those of its own process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
