using System.Globalization;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Deployment;
using Disa.Emulator.Rooms;
using Disa.Emulator.Time;

namespace Disa.Emulator.CloudFormation;

/// <summary>
/// <c>AWS::CloudFormation::WaitCondition</c>: done once its handle has received as many signals as it counts, or it itself as many as its
/// CreationPolicy does.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-waitcondition.html</remarks>
internal sealed class WaitCondition(Callbacks callbacks, ResourceSignals signals, Clock clock) : IResource
{
    private const int LongestTimeout = 43200;

    public string Type => "AWS::CloudFormation::WaitCondition";

    public ResourceActions? Actions => new("", "", "");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>
        {
            ["Count"] = new(),
            ["Handle"] = new(),
            ["Timeout"] = new(),
        };

    public IReadOnlyCollection<string> Attributes => ["Data"];

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        if (request.Signals is { } wanted)
        {
            // "If you use the CreationPolicy attribute with wait conditions, don't specify any of the wait condition's properties."
            if (request.Properties.ValueKind == JsonValueKind.Object && request.Properties.EnumerateObject().Any())
            {
                throw Wrong(request, "#: a wait condition with a CreationPolicy has no properties");
            }

            await signals.Wait(request, wanted.Count, wanted.Timeout, cancellation).ConfigureAwait(false);
            return ResourceState.Of($"{request.StackId}/{request.LogicalId}", ("Data", "{}"));
        }

        var handle = Text(request, "Handle") ?? throw Wrong(request, "#: required key [Handle] not found");
        var timeout = Number(request, "Timeout") ?? throw Wrong(request, "#: required key [Timeout] not found");
        var count = Number(request, "Count") ?? 1;
        var end = clock.GetUtcNow() + TimeSpan.FromSeconds(Math.Min(timeout, LongestTimeout));
        while (true)
        {
            var changed = callbacks.Changed(handle);
            var received = callbacks.Received(handle)?.Received ?? throw new AwsException("ValidationError", "Invalid WaitConditionHandle");
            if (received.FirstOrDefault(signal => !signal.Value.Succeeded) is { Value: { } failed, Key: var id })
            {
                throw new AwsException("Failure", $"WaitCondition received failed message: '{failed.Reason}' for uniqueId: {id}");
            }

            if (received.Count >= count)
            {
                var data = received.ToDictionary(signal => signal.Key, signal => signal.Value.Data ?? "");
                return ResourceState.Of(
                    $"{request.StackId}/{request.LogicalId}",
                    ("Data", JsonSerializer.Serialize(data, AwsJson.Default.DictionaryStringString))
                );
            }

            try
            {
                await changed.WaitAsync(Left(end), clock, cancellation).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                throw new AwsException("Timeout", $"WaitCondition timed out. Received {received.Count} conditions when expecting {count}");
            }
        }
    }

    public Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation) =>
        throw new AwsException("ValidationError", $"Update to resource type {Type} is not supported.");

    public Task Delete(ResourceRequest request, CancellationToken cancellation) => signals.Forget(request);

    private TimeSpan Left(DateTimeOffset end) => end - clock.GetUtcNow() is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    private static string? Text(ResourceRequest request, string property) =>
        request.Properties.TryGetProperty(property, out var value) ? value.ToString() : null;

    private static int? Number(ResourceRequest request, string property) =>
        Text(request, property) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw Wrong(request, $"#/{property}: expected type: Number, found: String");

    private static AwsException Wrong(ResourceRequest request, string what) =>
        new("ValidationError", $"Properties validation failed for resource {request.LogicalId} with message: [{what}]");
}
