using System.Text.Json;
using System.Text.Json.Serialization;

namespace Disa.Operations;

/// <summary>JSON that goes to AWS and to the emulator, and comes back.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(UpcomingList))]
[JsonSerializable(typeof(AdvanceTime))]
[JsonSerializable(typeof(Inbox))]
[JsonSerializable(typeof(Mail))]
[JsonSerializable(typeof(RetryEvent))]
[JsonSerializable(typeof(RedriveReport))]
[JsonSerializable(typeof(Cancelled))]
[JsonSerializable(typeof(Edited))]
[JsonSerializable(typeof(Cost.PriceList))]
[JsonSerializable(typeof(Cost.Usage))]
internal sealed partial class OperationsJson : JsonSerializerContext;
