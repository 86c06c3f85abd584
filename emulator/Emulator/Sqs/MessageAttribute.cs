using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Sqs;

/// <summary>A message's attribute: a typed text or some bytes.</summary>
public sealed record MessageAttribute
{
    /// <summary>String, Number or Binary, with an own label after a dot if wanted: <c>Number.int</c>.</summary>
    public string DataType { get; init; } = null!;

    public string? StringValue { get; init; }

    public byte[]? BinaryValue { get; init; }

    internal bool IsBinary => DataType.StartsWith("Binary", StringComparison.Ordinal);

    /// <summary>The bytes that count in a message's size: name, type and value.</summary>
    internal static int Size(IReadOnlyDictionary<string, MessageAttribute>? attributes) =>
        attributes?.Sum(entry =>
            Encoding.UTF8.GetByteCount(entry.Key)
            + Encoding.UTF8.GetByteCount(entry.Value.DataType ?? "")
            + (entry.Value.BinaryValue?.Length ?? Encoding.UTF8.GetByteCount(entry.Value.StringValue ?? ""))
        )
        ?? 0;

    /// <summary>The digest that clients check (SQS Developer Guide, "Calculating the MD5 message digest for message attributes"); null without attributes.</summary>
    internal static string? Md5(IReadOnlyDictionary<string, MessageAttribute>? attributes)
    {
        if (attributes is null || attributes.Count == 0)
        {
            return null;
        }

        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        foreach (var (name, attribute) in attributes.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            Append(digest, Encoding.UTF8.GetBytes(name));
            Append(digest, Encoding.UTF8.GetBytes(attribute.DataType));
            digest.AppendData([attribute.IsBinary ? (byte)2 : (byte)1]);
            Append(digest, attribute.IsBinary ? attribute.BinaryValue! : Encoding.UTF8.GetBytes(attribute.StringValue!));
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    /// <exception cref="AwsException">InvalidParameterValue.</exception>
    internal static void Check(IReadOnlyDictionary<string, MessageAttribute>? attributes)
    {
        if (attributes?.Count > 10)
        {
            throw SqsErrors.InvalidParameter($"Number of message attributes [{attributes.Count}] exceeds the allowed maximum [10].");
        }

        foreach (var (name, attribute) in attributes ?? new Dictionary<string, MessageAttribute>())
        {
            CheckName(name);
            if (string.IsNullOrEmpty(attribute.DataType))
            {
                throw SqsErrors.InvalidParameter($"The message attribute '{name}' must contain non-empty message attribute type.");
            }

            var type = attribute.DataType.Split('.', 2)[0];
            if (type is not ("String" or "Number" or "Binary"))
            {
                throw SqsErrors.InvalidParameter(
                    $"The message attribute '{name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String."
                );
            }

            if (type == "Binary" ? attribute.BinaryValue is not { Length: > 0 } : string.IsNullOrEmpty(attribute.StringValue))
            {
                throw SqsErrors.InvalidParameter($"Message (user) attribute '{name}' must contain a non-empty value of type '{type}'.");
            }

            if (
                type == "Number"
                && !decimal.TryParse(attribute.StringValue, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
                && !double.TryParse(attribute.StringValue, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            )
            {
                throw SqsErrors.InvalidParameter($"Can't cast the value of message (user) attribute '{name}' to a number.");
            }

            if (attribute.StringValue is { } text && !MessageBody.IsValid(text))
            {
                throw SqsErrors.InvalidParameter(SqsErrors.InvalidCharacters);
            }
        }
    }

    private static void CheckName(string name)
    {
        if (name.Length == 0)
        {
            throw SqsErrors.InvalidParameter("The request must contain non-empty message attribute names.");
        }

        if (name.Length > 256)
        {
            throw SqsErrors.InvalidParameter("Message (user) attribute name is too long. It can be at most 256 characters long.");
        }

        if (
            name[0] == '.'
            || name[^1] == '.'
            || name.Contains("..", StringComparison.Ordinal)
            || !name.All(letter => char.IsLetterOrDigit(letter) || letter is '_' or '-' or '.')
        )
        {
            throw SqsErrors.InvalidParameter(
                "Message (user) attribute name contains invalid characters or starts or ends with a dot. Valid are A-Z, a-z, 0-9, underscore, hyphen and period."
            );
        }

        if (name.StartsWith("AWS.", StringComparison.OrdinalIgnoreCase) || name.StartsWith("Amazon.", StringComparison.OrdinalIgnoreCase))
        {
            throw SqsErrors.InvalidParameter(
                "You can't use message attribute names beginning with 'AWS.' or 'Amazon.' because these strings are reserved for internal use."
            );
        }
    }

    private static void Append(IncrementalHash digest, byte[] bytes)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        digest.AppendData(length);
        digest.AppendData(bytes);
    }
}
