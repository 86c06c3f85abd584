using Disa.Emulator.Aws;

namespace Disa.Emulator.DynamoDb;

internal sealed record DescribeLimitsRequest;

internal sealed record DescribeLimitsResponse(
    long AccountMaxReadCapacityUnits,
    long AccountMaxWriteCapacityUnits,
    long TableMaxReadCapacityUnits,
    long TableMaxWriteCapacityUnits
);

/// <summary>AWS's default quotas.</summary>
internal static class DescribeLimits
{
    public static DescribeLimitsResponse Run(DescribeLimitsRequest request, Caller caller) => new(80000, 80000, 40000, 40000);
}
