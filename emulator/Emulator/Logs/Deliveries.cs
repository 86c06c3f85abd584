using System.Text.Json;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Logs;

internal sealed record PutDeliverySourceRequest(string? Name, string? ResourceArn, string? LogType, Dictionary<string, string>? Tags);

internal sealed record DeliverySourceRequest(string? Name);

internal sealed record DescribeDeliverySourcesRequest(string? NextToken, int? Limit);

internal sealed record DescribeDeliverySourcesResponse(IReadOnlyList<string> DeliverySources);

internal sealed record CreateDeliveryRequest(
    string? DeliverySourceName,
    string? DeliveryDestinationArn,
    List<string>? RecordFields,
    string? FieldDelimiter,
    JsonElement? S3DeliveryConfiguration,
    Dictionary<string, string>? Tags
);

internal sealed record DeliveryRequest(string? Id);

internal sealed record DescribeDeliveriesRequest(string? NextToken, int? Limit);

internal sealed record DescribeDeliveriesResponse(IReadOnlyList<string> Deliveries);

internal sealed record DescribeDestinationsRequest(string? DestinationNamePrefix, string? NextToken, int? Limit);

internal sealed record DescribeDestinationsResponse(IReadOnlyList<string> Destinations);

/// <summary>
/// Sources of vended logs, and their deliveries: no service that vends logs is here, so there are none, and who asks for one is told so.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutDeliverySource.html; words as recorded on AWS 04-02-2026.</remarks>
internal static class Deliveries
{
    public static Task PutSource(PutDeliverySourceRequest request, Caller caller)
    {
        // S3 vends no logs this way.
        throw Arn.TryParse(request.ResourceArn) is { Service: "s3" }
            ? new AwsException("ResourceNotFoundException", "Cannot access provided service.")
            : AwsException.NotImplemented("logs:PutDeliverySource, for no service here vends logs");
    }

    public static Task NoSource(Caller caller) => throw Missing("Delivery Source");

    public static Task NoDelivery(Caller caller) => throw Missing("Delivery");

    private static AwsException Missing(string what) =>
        new("ResourceNotFoundException", $"Requested {what} does not exist in this account.");
}
