using System.Text;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Kms;

namespace Disa.Emulator.Sqs;

/// <summary>Seals message bodies at rest with the queue's key; as on AWS, attributes stay readable. The envelope says with which key.</summary>
internal sealed class BodySeal(DataKeys dataKeys)
{
    public async Task<(byte[] Body, string? Envelope)> Seal(Queue queue, string body, Caller caller)
    {
        var text = Encoding.UTF8.GetBytes(body);
        if (queue.KmsKey is null && !queue.SealsWithOwnKey)
        {
            return (text, null);
        }

        try
        {
            // The key is the queue's, whoever sends.
            var owner = caller with { Account = queue.Account, Region = queue.Region };
            var key = await dataKeys.Generate(queue.KmsKey ?? DataKeys.AwsOwned, owner, "sqs", new Dictionary<string, string> { ["aws:sqs:arn"] = queue.Arn }).ConfigureAwait(false);
            return (key.Encrypt(text), JsonSerializer.Serialize(key.Envelope, SqsDocuments.Default.DataKeyEnvelope));
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
