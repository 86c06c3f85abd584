using System.Security.Cryptography;
using System.Text;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Sqs;

/// <summary>What a message's text may be, and its digest.</summary>
internal static class MessageBody
{
    public static string Md5(string body) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(body)));

    /// <summary>The characters that XML 1.0 takes (SQS API reference, SendMessage).</summary>
    public static bool IsValid(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (char.IsHighSurrogate(letter) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (letter is not ('\t' or '\n' or '\r') && (letter < ' ' || char.IsSurrogate(letter) || letter > '\uFFFD'))
            {
                return false;
            }
        }

        return true;
    }

    /// <exception cref="AwsException">MissingParameter, InvalidMessageContents, InvalidParameterValue.</exception>
    public static int Check(string? body, IReadOnlyDictionary<string, MessageAttribute>? attributes, Queue queue)
    {
        if (string.IsNullOrEmpty(body))
        {
            throw SqsErrors.Missing("MessageBody");
        }

        MessageAttribute.Check(attributes);
        if (!IsValid(body))
        {
            throw SqsErrors.InvalidContents();
        }

        var size = Encoding.UTF8.GetByteCount(body) + MessageAttribute.Size(attributes);
        return size <= queue.MaximumMessageSize
            ? size
            : throw SqsErrors.InvalidParameter(
                $"One or more parameters are invalid. Reason: Message must be shorter than {queue.MaximumMessageSize} bytes."
            );
    }
}
