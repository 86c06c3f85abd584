using System.Text;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Kms;

namespace Disa.Emulator.Sns;

/// <summary>A text encrypted at rest, with the wrapped key that opens it.</summary>
internal sealed record SealedText(byte[] Bytes, string Envelope);

/// <summary>Seals what the room stores: messages with their topic's key, mails (which have left SNS) with the key that AWS owns.</summary>
internal sealed class TextSeal(DataKeys dataKeys)
{
    /// <exception cref="AwsException">KMSDisabled, KMSNotFound, KMSInvalidState, KMSAccessDenied.</exception>
    public async Task<SealedText> Seal(string text, string? kmsKey, Caller caller, string? topicArn) =>
        (await Key(kmsKey, caller, topicArn).ConfigureAwait(false)).Seal(text);

    /// <summary>What seals the messages of one request, if the caller may use the topic's key.</summary>
    /// <exception cref="AwsException">KMSDisabled, KMSNotFound, KMSInvalidState, KMSAccessDenied.</exception>
    public async Task<TextKey> Key(string? kmsKey, Caller caller, string? topicArn)
    {
        try
        {
            IReadOnlyDictionary<string, string> context = topicArn is null
                ? new Dictionary<string, string>()
                : new Dictionary<string, string> { ["aws:sns:topicArn"] = topicArn };
            var key = await dataKeys.Generate(kmsKey ?? DataKeys.AwsOwned, caller, "sns", context).ConfigureAwait(false);
            if (kmsKey is not null)
            {
                // Who publishes needs both: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
                dataKeys.Open(key.Envelope, caller.Scope, caller, "sns");
            }

            return new TextKey(key);
        }
        catch (AwsException error)
        {
            throw SnsErrors.Kms(error);
        }
    }

    /// <exception cref="AwsException">KMSDisabled, KMSInvalidState, KMSAccessDenied.</exception>
    public string Open(SealedText text, Scope scope)
    {
        try
        {
            var envelope = JsonSerializer.Deserialize(text.Envelope, SnsDocuments.Default.DataKeyEnvelope)!;
            return Encoding.UTF8.GetString(dataKeys.Open(envelope, scope).Decrypt(text.Bytes));
        }
        catch (AwsException error)
        {
            throw SnsErrors.Kms(error);
        }
    }
}

/// <summary>A data key of one request.</summary>
internal sealed class TextKey(DataKey key)
{
    private string? envelope;

    public SealedText Seal(string text) =>
        new(
            key.Encrypt(Encoding.UTF8.GetBytes(text)),
            envelope ??= JsonSerializer.Serialize(key.Envelope, SnsDocuments.Default.DataKeyEnvelope)
        );
}
