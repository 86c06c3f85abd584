using Disa.Emulator.Aws;

namespace Disa.Emulator;

/// <summary>What goes wrong on purpose: errors, latency, lost answers, repeated records and killed functions.</summary>
public sealed class LocalFaults
{
    private readonly LocalCloud cloud;

    internal LocalFaults(LocalCloud cloud) => this.cloud = cloud;

    /// <summary>Adds a fault to those there are.</summary>
    /// <param name="fault">
    /// As <c>disa up --fault</c> takes it: <c>sns:Publish=Throttled@0.2</c> lets a fifth of the calls fail, <c>dynamodb:*=latency:500ms@0.1</c>
    /// makes a tenth of them slow, <c>stream:duplicate@0.1</c> delivers a tenth of the records twice.
    /// </param>
    /// <param name="seed">What chance is drawn from: the same seed and the same calls give the same faults.</param>
    /// <exception cref="ArgumentException">It is not a fault; the message says what is wrong.</exception>
    public void Add(string fault, long? seed = null)
    {
        try
        {
            cloud.Faults.Add([fault], seed, cloud.Services);
        }
        catch (AwsException wrong)
        {
            throw new ArgumentException(wrong.Message, nameof(fault), wrong);
        }
    }

    /// <summary>Takes all faults away.</summary>
    public void Clear() => cloud.Faults.Clear();

    /// <summary>How often each fault could have happened, and how often it did.</summary>
    public IReadOnlyList<FaultCount> Counts => [.. cloud.Faults.All.Select(rule => new FaultCount(rule.Spec, rule.Calls, rule.Hits))];
}

/// <summary>What came of a fault so far.</summary>
/// <param name="Fault">The fault, as it was added.</param>
/// <param name="Calls">How often it could have happened.</param>
/// <param name="Hits">How often it happened.</param>
public sealed record FaultCount(string Fault, long Calls, long Hits);
