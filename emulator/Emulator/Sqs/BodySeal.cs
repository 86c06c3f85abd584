using System.Text;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Kms;

namespace Disa.Emulator.Sqs;

/// <summary>Seals message bodies at rest with the queue's key; as on AWS, attributes stay readable. The envelope says with which key.</summary>
internal sealed class BodySeal(DataKeys dataKeys)
{
    /// <summary>What seals the bodies of one request.</summary>
    /// <exception cref="AwsException">KMS's, in SQS's words.</exception>
    public async Task<BodyKey> Key(Queue queue, Caller caller)
    {
        if (queue.KmsKey is null && !queue.SealsWithOwnKey)
        {
            return new BodyKey(null);
        }

        try
        {
            // The key is the queue's, whoever sends.
            var owner = caller with
            {
                Account = queue.Account,
                Region = queue.Region,
            };
            return new BodyKey(
                await dataKeys
                    .Generate(
                        queue.KmsKey ?? DataKeys.AwsOwned,
                        owner,
                        "sqs",
                        new Dictionary<string, string> { ["aws:sqs:arn"] = queue.Arn }
                    )
                    .ConfigureAwait(false)
            );
        }
        catch (AwsException error)
        {
            throw SqsErrors.Kms(error);
        }
    }

    public string Open(StoredMessage message, Queue queue)
    {
        if (message.Envelope is null)
        {
            return Encoding.UTF8.GetString(message.Body);
        }

        try
        {
            var envelope = JsonSerializer.Deserialize(message.Envelope, SqsDocuments.Default.DataKeyEnvelope)!;
            return Encoding.UTF8.GetString(dataKeys.Open(envelope, queue.Scope).Decrypt(message.Body));
        }
        catch (AwsException error)
        {
            throw SqsErrors.Kms(error);
        }
    }
}

/// <summary>A queue's data key of one request; none where the queue's messages are not sealed.</summary>
internal sealed class BodyKey(DataKey? key)
{
    private readonly string? envelope = key is null ? null : JsonSerializer.Serialize(key.Envelope, SqsDocuments.Default.DataKeyEnvelope);

    public (byte[] Body, string? Envelope) Seal(string body)
    {
        var text = Encoding.UTF8.GetBytes(body);
        return (key?.Encrypt(text) ?? text, envelope);
    }
}
