using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Faults;

/// <summary>What goes wrong.</summary>
public enum FaultKind
{
    /// <summary>The operation answers an error and has no effect.</summary>
    Error,

    /// <summary>The operation has its effect, and then answers an error: only errors of the service, with a status of 500 or more.</summary>
    ErrorAfterEffect,

    /// <summary>The operation takes longer, by real clocks.</summary>
    Latency,

    /// <summary>The operation has its effect, and its caller never hears of it.</summary>
    Timeout,

    /// <summary>The connection ends before the effect.</summary>
    Drop,

    /// <summary>A stream's records come a second time.</summary>
    StreamDuplicate,

    /// <summary>Batches of a stream come again, the newer before the older.</summary>
    StreamReorder,

    /// <summary>A function's process is killed while it works.</summary>
    LambdaKill,

    /// <summary>The connections of a function's process that idled are dead at its next invocation.</summary>
    LambdaFreeze,

    /// <summary>Metric values get lost.</summary>
    MetricsLost,

    /// <summary>A global secondary index shows a change late.</summary>
    IndexLag,
}

/// <summary>One fault and how often it happens: each rule draws by the number of its call, from a seed of its own.</summary>
internal sealed class FaultRule(string spec, FaultKind kind, double rate, long seed)
{
    private readonly ulong start =
        unchecked((ulong)seed) ^ BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(spec)));
    private long calls;
    private long hits;

    public string Spec { get; } = spec;

    public FaultKind Kind { get; } = kind;

    public double Rate { get; } = rate;

    /// <summary>The service, as the directory knows it.</summary>
    public string Service { get; init; } = "";

    /// <summary>An operation, or <c>*</c>.</summary>
    public string Operation { get; init; } = "*";

    /// <summary>What is answered.</summary>
    public AwsException? Error { get; init; }

    /// <summary>How much longer, or later.</summary>
    public TimeSpan Span { get; init; }

    /// <summary>How the names of the functions end that are meant; empty for all.</summary>
    public string FunctionSuffix { get; init; } = "";

    public long Calls => Interlocked.Read(ref calls);

    public long Hits => Interlocked.Read(ref hits);

    /// <summary>The error as one that can be thrown: an exception is thrown once.</summary>
    public AwsException NewError() => new(Error!.Code, Error.Message, Error.StatusCode) { QueryCode = Error.QueryCode };

    public bool IsOfCalls => Kind <= FaultKind.Drop;

    public bool Matches(string service, string operation) =>
        IsOfCalls && Service == service && (Operation == "*" || Operation == operation);

    /// <summary>Whether the fault happens this time.</summary>
    public bool Draw() => Draw(out _);

    /// <param name="chance">A further number from 0 to 1, of the same call.</param>
    public bool Draw(out double chance)
    {
        var number = (ulong)Interlocked.Increment(ref calls);
        chance = Uniform((number * 2) + 1);
        if (Uniform(number * 2) >= Rate)
        {
            return false;
        }

        Interlocked.Increment(ref hits);
        return true;
    }

    /// <summary>The same for the same rule, seed and number: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), whose state is a counter.</summary>
    private double Uniform(ulong number)
    {
        var z = unchecked(start + (number * 0x9E3779B97F4A7C15));
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
