namespace Disa.Emulator.DynamoDb;

/// <summary>What a request asks a table or an index to be warm for, a second.</summary>
internal sealed record WarmThroughput(long? ReadUnitsPerSecond, long? WriteUnitsPerSecond);

/// <summary>What AWS asks of on-demand maxima and of warm throughput; the words are not verified.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode-max-throughput.html;
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html
/// </remarks>
internal static class ThroughputSettings
{
    public static void Check(OnDemandThroughput? most, WarmThroughput? warm, string billingMode)
    {
        if (most is not null && billingMode != "PAY_PER_REQUEST")
        {
            throw Errors.Invalid("OnDemandThroughput can only be specified when BillingMode is PAY_PER_REQUEST");
        }

        if (most is { MaxReadRequestUnits: < 1 and not -1 } or { MaxWriteRequestUnits: < 1 and not -1 })
        {
            throw Errors.Invalid("MaxReadRequestUnits and MaxWriteRequestUnits must be -1 or greater than 0");
        }

        if (warm is { ReadUnitsPerSecond: null, WriteUnitsPerSecond: null } or { ReadUnitsPerSecond: < 1 } or { WriteUnitsPerSecond: < 1 })
        {
            throw Errors.Invalid("ReadUnitsPerSecond and WriteUnitsPerSecond of WarmThroughput must be greater than 0");
        }
    }

    /// <summary>The maxima after a change: what is not given stays, and is -1 where it was never given.</summary>
    public static OnDemandThroughput? Changed(OnDemandThroughput? before, OnDemandThroughput? given) =>
        given is null
            ? before
            : new OnDemandThroughput(
                given.MaxReadRequestUnits ?? before?.MaxReadRequestUnits ?? -1,
                given.MaxWriteRequestUnits ?? before?.MaxWriteRequestUnits ?? -1
            );

    /// <summary>The warm throughput after a change, which only grows.</summary>
    public static WarmThroughput? Changed(WarmThroughput? before, WarmThroughput? given, Throughput throughput)
    {
        if (given is null)
        {
            return before;
        }

        var there = WarmThroughputDescription.Of(throughput, before);
        return given.ReadUnitsPerSecond < there.ReadUnitsPerSecond || given.WriteUnitsPerSecond < there.WriteUnitsPerSecond
            ? throw Errors.Invalid(
                $"Requested WarmThroughput is lower than the current WarmThroughput (ReadUnitsPerSecond: {there.ReadUnitsPerSecond}, WriteUnitsPerSecond: {there.WriteUnitsPerSecond}); decreasing WarmThroughput is not supported"
            )
            : new WarmThroughput(
                given.ReadUnitsPerSecond ?? there.ReadUnitsPerSecond,
                given.WriteUnitsPerSecond ?? there.WriteUnitsPerSecond
            );
    }
}
