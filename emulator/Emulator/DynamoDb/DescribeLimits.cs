using Disa.Emulator.Aws;

namespace Disa.Emulator.DynamoDb;

internal sealed record DescribeLimitsRequest;

internal sealed record DescribeLimitsResponse(
    long AccountMaxReadCapacityUnits,
    long AccountMaxWriteCapacityUnits,
    long TableMaxReadCapacityUnits,
    long TableMaxWriteCapacityUnits
);

internal sealed record DescribeEndpointsRequest;

internal sealed record DescribeEndpointsResponse(List<ServiceEndpoint> Endpoints);

internal sealed record ServiceEndpoint(string Address, long CachePeriodInMinutes);

/// <summary>DescribeLimits and DescribeEndpoints: AWS's default quotas, and this emulator's address.</summary>
internal sealed class DescribeLimits(EmulatorEndpoint endpoint)
{
    public static DescribeLimitsResponse Run(DescribeLimitsRequest request, Caller caller) => new(80000, 80000, 40000, 40000);

    public DescribeEndpointsResponse Endpoints(DescribeEndpointsRequest request, Caller caller) => new([new(endpoint.Uri.Authority, 1440)]);
}
