using System.Globalization;
using System.Text;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Sqs;

/// <summary>One receive of one message, as an opaque text: the row, and which receive it was.</summary>
internal readonly record struct ReceiptHandle(long Id, string Receipt)
{
    private const string Mark = "disa1";

    /// <exception cref="AwsException">ReceiptHandleIsInvalid: nothing that ReceiveMessage ever answered.</exception>
    public static ReceiptHandle Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            throw SqsErrors.Missing("ReceiptHandle");
        }

        var bytes = new byte[text.Length];
        if (
            Convert.TryFromBase64String(text, bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split(' ') is [Mark, var id, var receipt]
            && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        )
        {
            return new(number, receipt);
        }

        throw SqsErrors.ReceiptHandleIsInvalid(text);
    }

    public override string ToString() => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Mark} {Id} {Receipt}"));
}
