using System.Text.Json;
using System.Text.Json.Serialization;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Faults;

/// <summary>What <c>POST /_disa/faults</c> takes.</summary>
internal sealed record AskedFaults(IReadOnlyList<string>? Faults, long? Seed);

/// <summary>What <c>/_disa/faults</c> answers.</summary>
internal sealed record ShownFaults(long Seed, IReadOnlyList<ShownFault> Faults);

/// <param name="Fault">As it was asked for.</param>
/// <param name="Calls">How often it was drawn.</param>
/// <param name="Hits">How often it happened.</param>
internal sealed record ShownFault(string Fault, long Calls, long Hits);

/// <summary>Faults at run time: <c>/_disa/faults</c> adds them, shows them and takes them away.</summary>
internal sealed class FaultsRoom(FaultPlan plan, ServiceDirectory services) : Room
{
    public override IEnumerable<AwsService> Services => [];

    public override IEnumerable<AdminEndpoint> AdminEndpoints =>
        [
            new("GET", "faults", (_, _) => Task.FromResult(Shown())),
            new(
                "POST",
                "faults",
                (request, _) =>
                {
                    AskedFaults asked;
                    try
                    {
                        asked =
                            JsonSerializer.Deserialize(request.Body.Span, FaultsJson.Default.AskedFaults)
                            ?? throw new JsonException("a request must not be null");
                    }
                    catch (JsonException failure)
                    {
                        throw new AwsException("ValidationException", JsonFault.Explain(failure));
                    }

                    plan.Add(asked.Faults ?? [], asked.Seed, services);
                    return Task.FromResult(Shown());
                }
            ),
            new(
                "DELETE",
                "faults",
                (_, _) =>
                {
                    plan.Clear();
                    return Task.FromResult(Shown());
                }
            ),
        ];

    private AdminResponse Shown() =>
        new(
            JsonSerializer.SerializeToUtf8Bytes(
                new ShownFaults(plan.Seed, [.. plan.All.Select(rule => new ShownFault(rule.Spec, rule.Calls, rule.Hits))]),
                FaultsJson.Default.ShownFaults
            )
        );
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AskedFaults))]
[JsonSerializable(typeof(ShownFaults))]
internal sealed partial class FaultsJson : JsonSerializerContext;
