using System.Text.Json.Serialization;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Logs;

internal sealed record DeliveryDestinationConfiguration(string? DestinationResourceArn);

internal sealed record PutDeliveryDestinationRequest(
    string? Name,
    string? OutputFormat,
    DeliveryDestinationConfiguration? DeliveryDestinationConfiguration,
    string? DeliveryDestinationType,
    Dictionary<string, string>? Tags
);

internal sealed record DeliveryDestinationRequest(string? Name);

internal sealed record DeliveryDestinationResponse(DeliveryDestination DeliveryDestination);

internal sealed record DescribeDeliveryDestinationsRequest(string? NextToken, int? Limit);

internal sealed record DescribeDeliveryDestinationsResponse(IReadOnlyList<DeliveryDestination> DeliveryDestinations, string? NextToken);

internal sealed record PutDeliveryDestinationPolicyRequest(string? DeliveryDestinationName, string? DeliveryDestinationPolicy);

internal sealed record DeliveryDestinationPolicyRequest(string? DeliveryDestinationName);

internal sealed record DeliveryDestinationPolicyResponse(DeliveryDestinationPolicy Policy);

internal sealed record DeliveryDestinationPolicy([property: JsonPropertyName("deliveryDestinationPolicy")] string? Text);

/// <summary>A destination as it is shown.</summary>
internal sealed record DeliveryDestination(
    string Name,
    string Arn,
    string DeliveryDestinationType,
    string? OutputFormat,
    DeliveryDestinationConfiguration DeliveryDestinationConfiguration
);

/// <summary>A destination as it is kept.</summary>
internal sealed record KeptDestination(DeliveryDestination Shown, Dictionary<string, string> Tags, string? Policy);

/// <summary>Where logs that AWS services vend could go. No service that is here vends any, so nothing is delivered.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutDeliveryDestination.html; answers as recorded on AWS 04-02-2026.
/// </remarks>
internal sealed class DeliveryDestinations(LogStore logs)
{
    private readonly Shelf<KeptDestination> destinations = new(
        logs.Database,
        "logs.delivery-destination",
        LogsDocuments.Default.KeptDestination
    );

    public async Task<DeliveryDestinationResponse> Put(PutDeliveryDestinationRequest request, Caller caller, CancellationToken cancellation)
    {
        var name = Name(request.Name);
        if (request.OutputFormat is not (null or "w3c" or "raw" or "json" or "plain" or "parquet"))
        {
            throw Validation(
                $"Value '{request.OutputFormat}' at 'outputFormat' failed to satisfy constraint: Member must satisfy enum value set: [w3c, raw, json, plain, parquet]"
            );
        }

        var resource = request.DeliveryDestinationConfiguration?.DestinationResourceArn;
        if (Arn.TryParse(resource) is not { } arn)
        {
            throw Validation(
                $"Value '{resource}' at 'deliveryDestinationConfiguration.destinationResourceArn' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w#+=/:,.@\\-\\*]*"
            );
        }

        var kind = arn.Service switch
        {
            "s3" => "S3",
            "logs" => "CWL",
            _ => throw AwsException.NotImplemented($"delivery destinations of {arn.Service}"),
        };
        var made = new DeliveryDestination(
            name,
            Arn.Of("logs", caller.Scope, $"delivery-destination:{name}"),
            kind,
            request.OutputFormat,
            new(resource)
        );
        await logs
            .Database.Write(transaction =>
            {
                var before = destinations.Get(transaction, caller.Scope, name);
                destinations.Put(
                    transaction,
                    caller.Scope,
                    name,
                    new KeptDestination(made, request.Tags ?? before?.Tags ?? [], before?.Policy)
                );
            })
            .ConfigureAwait(false);
        return new(made);
    }

    public DeliveryDestinationResponse Get(DeliveryDestinationRequest request, Caller caller) =>
        new((destinations.Get(caller.Scope, Name(request.Name)) ?? throw NotFound()).Shown);

    public DescribeDeliveryDestinationsResponse Describe(DescribeDeliveryDestinationsRequest request, Caller caller)
    {
        var (page, next) = logs
            .Lists.Of("DescribeDeliveryDestinations", caller.Scope)
            .PageByCount(destinations.List(caller.Scope).Values, LogsLimits.Limit(request.Limit, 50, 50), request.NextToken);
        return new(page.ConvertAll(each => each.Shown), next);
    }

    public Task Delete(DeliveryDestinationRequest request, Caller caller)
    {
        var name = Name(request.Name);
        return logs.Database.Write(transaction =>
        {
            Find(transaction, name, caller);
            destinations.Remove(transaction, caller.Scope, name);
        });
    }

    public async Task<DeliveryDestinationPolicyResponse> PutPolicy(
        PutDeliveryDestinationPolicyRequest request,
        Caller caller,
        CancellationToken cancellation
    )
    {
        var name = Name(request.DeliveryDestinationName);
        var policy = request.DeliveryDestinationPolicy ?? throw LogsErrors.Null("deliveryDestinationPolicy");
        await Change(name, policy, caller).ConfigureAwait(false);
        return new(new(policy));
    }

    public DeliveryDestinationPolicyResponse GetPolicy(DeliveryDestinationPolicyRequest request, Caller caller) =>
        new(new((destinations.Get(caller.Scope, Name(request.DeliveryDestinationName)) ?? throw NotFound()).Policy));

    public Task DeletePolicy(DeliveryDestinationPolicyRequest request, Caller caller) =>
        Change(Name(request.DeliveryDestinationName), null, caller);

    private Task Change(string name, string? policy, Caller caller) =>
        logs.Database.Write(transaction =>
            destinations.Put(transaction, caller.Scope, name, Find(transaction, name, caller) with { Policy = policy })
        );

    private KeptDestination Find(Transaction transaction, string name, Caller caller) =>
        destinations.Get(transaction, caller.Scope, name) ?? throw NotFound();

    private static string Name(string? name)
    {
        if (name is null)
        {
            throw LogsErrors.Null("name");
        }

        return name.Length is > 0 and <= 60
            ? name
            : throw Validation(
                $"Value '{name}' at 'name' failed to satisfy constraint: Member must have length {(name.Length == 0 ? "greater than or equal to 1" : "less than or equal to 60")}"
            );
    }

    private static AwsException NotFound() =>
        new("ResourceNotFoundException", "Requested Delivery Destination does not exist in this account.");

    private static AwsException Validation(string fault) => new("ValidationException", $"1 validation error detected: {fault}");
}
