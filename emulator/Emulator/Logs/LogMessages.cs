using System.Text;
using Disa.Emulator.Aws;
using Disa.Emulator.Kms;

namespace Disa.Emulator.Logs;

/// <summary>Between an event's text and its bytes at rest, which a group's KMS key encrypts; the first byte says with which data key, 0 for none.</summary>
internal sealed class LogMessages(DataKeys keys)
{
    /// <summary>The group with a data key under this KMS key, with which its events are encrypted from now on.</summary>
    /// <exception cref="AwsException">InvalidParameterException: the key is not there or cannot be used.</exception>
    public async Task<LogGroup> WithKey(LogGroup group, string kmsKeyId, Caller caller)
    {
        try
        {
            var arn = LogStore.ArnOf(caller.Scope, group.Name);
            var key = await keys.Generate(
                    kmsKeyId,
                    Caller.Service($"logs.{caller.Region}.amazonaws.com", caller.Scope) with
                    {
                        SourceArn = arn,
                    },
                    "logs",
                    new Dictionary<string, string> { ["aws:logs:arn"] = arn }
                )
                .ConfigureAwait(false);
            return group with { KmsKeyId = kmsKeyId, DataKeys = [.. group.DataKeys, key.Envelope] };
        }
        catch (AwsException failure)
        {
            throw LogsErrors.Invalid(
                $"The specified KMS key does not exist or is not allowed to be used with LogGroup '{LogStore.ArnOf(caller.Scope, group.Name)}' ({failure.Message})"
            );
        }
    }

    /// <exception cref="AwsException">KMS's, where the key cannot be used any more.</exception>
    public Func<string, byte[]> Writer(Scope scope, LogGroup group)
    {
        if (group.KmsKeyId is null)
        {
            return message => [0, .. Encoding.UTF8.GetBytes(message)];
        }

        var number = (byte)group.DataKeys.Count;
        var key = keys.Open(group.DataKeys[^1], scope);
        return message => [number, .. key.Encrypt(Encoding.UTF8.GetBytes(message))];
    }

    /// <exception cref="AwsException">KMS's, where the key cannot be used any more.</exception>
    public Func<byte[], string> Reader(Scope scope, LogGroup group)
    {
        var opened = new Dictionary<byte, DataKey>();
        return bytes =>
        {
            if (bytes[0] == 0)
            {
                return Encoding.UTF8.GetString(bytes.AsSpan(1));
            }

            if (!opened.TryGetValue(bytes[0], out var key))
            {
                opened[bytes[0]] = key = keys.Open(group.DataKeys[bytes[0] - 1], scope);
            }

            return Encoding.UTF8.GetString(key.Decrypt(bytes.AsSpan(1)));
        };
    }
}
