using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.DynamoDb;

internal sealed record DescribeEndpointsRequest;

internal sealed record DescribeEndpointsResponse(List<ServiceEndpoint> Endpoints);

internal sealed record ServiceEndpoint(string Address, long CachePeriodInMinutes);

/// <summary>This emulator's address, good for a day.</summary>
internal sealed class DescribeEndpoints(EmulatorEndpoint endpoint)
{
    public DescribeEndpointsResponse Run(DescribeEndpointsRequest request, Caller caller) => new([new(endpoint.Uri.Authority, 1440)]);
}
