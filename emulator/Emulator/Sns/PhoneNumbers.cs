using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Sns;

internal sealed record PhoneNumberOptedOutInput([property: JsonPropertyName("phoneNumber")] string? PhoneNumber);

internal sealed record OptedOutResponse([property: JsonPropertyName("isOptedOut")] bool IsOptedOut);

internal sealed record OptedOutListInput([property: JsonPropertyName("nextToken")] string? NextToken);

internal sealed record OptedOutListResponse([property: JsonPropertyName("phoneNumbers")] IReadOnlyList<string> PhoneNumbers);

internal sealed record SmsAttributesInput([property: JsonPropertyName("attributes")] IReadOnlyList<string>? Attributes);

internal sealed record SetSmsAttributesInput([property: JsonPropertyName("attributes")] Dictionary<string, string>? Attributes);

internal sealed record SmsAttributesResponse([property: JsonPropertyName("attributes")] IReadOnlyDictionary<string, string> Attributes);

/// <summary>The account's settings for text messages, as they are kept.</summary>
internal sealed record SmsSettings(Dictionary<string, string> Attributes);

/// <summary>Text messages: they go to the mailbox. Nobody can answer one, so no number ever opts out.</summary>
/// <remarks>https://docs.aws.amazon.com/sns/latest/api/API_SetSMSAttributes.html; words as recorded on AWS 24-08-2023 and 06-10-2025.</remarks>
internal sealed partial class PhoneNumbers(Database database)
{
    private static readonly string[] Known =
    [
        "MonthlySpendLimit",
        "DeliveryStatusIAMRole",
        "DeliveryStatusSuccessSamplingRate",
        "DefaultSenderID",
        "DefaultSMSType",
        "UsageReportS3Bucket",
    ];

    private readonly Shelf<SmsSettings> settings = new(database, "sns.sms", SnsDocuments.Default.SmsSettings);

    /// <summary>"E.164", with signs between the digits.</summary>
    public static void CheckEndpoint(string endpoint)
    {
        if (!Endpoint().IsMatch(endpoint) || !Number().IsMatch(Signs().Replace(endpoint, "")))
        {
            throw new AwsException("InvalidParameter", $"Invalid SMS endpoint: {endpoint}");
        }
    }

    public static void CheckNumber(string number)
    {
        if (!Number().IsMatch(number))
        {
            throw SnsErrors.Invalid($"PhoneNumber Reason: {number} is not valid to publish to");
        }
    }

    public static OptedOutResponse IsOptedOut(PhoneNumberOptedOutInput input, Caller caller)
    {
        if (!Number().IsMatch(input.PhoneNumber ?? ""))
        {
            throw SnsErrors.Invalid("PhoneNumber Reason: input incorrectly formatted");
        }

        return new(false);
    }

    public SmsAttributesResponse Get(SmsAttributesInput input, Caller caller)
    {
        var kept = settings.Get(caller.Scope, "sms")?.Attributes ?? [];
        return new(
            kept.Where(entry => input.Attributes is not { Count: > 0 } wanted || wanted.Contains(entry.Key))
                .ToDictionary(entry => entry.Key, entry => entry.Value)
        );
    }

    public async Task<EmptyResult> Set(SetSmsAttributesInput input, Caller caller, CancellationToken cancellation)
    {
        foreach (var name in (input.Attributes ?? []).Keys)
        {
            if (!Known.Contains(name))
            {
                throw SnsErrors.Invalid($"{name} is not a valid attribute");
            }
        }

        await database
            .Write(transaction =>
            {
                var all = new Dictionary<string, string>(settings.Get(transaction, caller.Scope, "sms")?.Attributes ?? []);
                foreach (var (name, value) in input.Attributes ?? [])
                {
                    all[name] = value;
                }

                settings.Put(transaction, caller.Scope, "sms", new SmsSettings(all));
            })
            .ConfigureAwait(false);
        return new EmptyResult();
    }

    [GeneratedRegex(@"^\+?[1-9][0-9]{1,14}\z")]
    private static partial Regex Number();

    [GeneratedRegex(@"^\+?[0-9](?:[./-]?[0-9])*\z")]
    private static partial Regex Endpoint();

    [GeneratedRegex("[./-]")]
    private static partial Regex Signs();
}
