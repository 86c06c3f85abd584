using System.Text.RegularExpressions;
using Disa.Emulator.Aws;

namespace Disa.Emulator.S3;

/// <summary>What S3 checks of an object's tags.</summary>
internal static partial class ObjectTags
{
    private const int Most = 10;

    public static Dictionary<string, string> Checked(
        Dictionary<string, string> tags,
        int most = Most,
        string system = "System tags cannot be added/updated by requester"
    )
    {
        if (tags.Count > most)
        {
            throw new AwsException(most == Most ? "BadRequest" : "InvalidTag", $"Object tags cannot be greater than {most}");
        }

        foreach (var (key, value) in tags)
        {
            if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            {
                throw S3Errors.Tag(system, key);
            }

            if (key.Length is 0 or > 128 || !Allowed().IsMatch(key))
            {
                throw S3Errors.Tag("The TagKey you have provided is invalid", key);
            }

            if (value.Length > 256 || !Allowed().IsMatch(value))
            {
                throw S3Errors.With("InvalidTag", "The TagValue you have provided is invalid", 400, ("TagKey", key), ("TagValue", value));
            }
        }

        return tags;
    }

    /// <summary>The header's form: <c>a=1&amp;b=2</c>.</summary>
    public static Dictionary<string, string> OfHeader(string? header)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in (header ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var key = Uri.UnescapeDataString((equals < 0 ? pair : pair[..equals]).Replace('+', ' '));
            if (!tags.TryAdd(key, equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..].Replace('+', ' '))))
            {
                throw Unreadable(header!);
            }
        }

        try
        {
            return Checked(tags, system: "Your TagKey cannot be prefixed with aws:");
        }
        catch (AwsException failure)
            when (failure.Code == "InvalidTag" && !tags.Keys.Any(key => key.StartsWith("aws:", StringComparison.Ordinal)))
        {
            throw Unreadable(header!);
        }
    }

    private static AwsException Unreadable(string header) =>
        S3Errors.Argument(
            "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
            "x-amz-tagging",
            header
        );

    /// <remarks>https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html</remarks>
    [GeneratedRegex(@"^[\p{L}\p{Z}\p{N}_.:/=+\-@]*\z")]
    private static partial Regex Allowed();
}
