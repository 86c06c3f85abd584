using System.Collections.Concurrent;

namespace Disa.Emulator.Aws;

/// <summary>An Amazon Resource Name: <c>arn:partition:service:region:account:resource</c>.</summary>
public readonly record struct Arn(string PartitionName, string Service, string Region, string Account, string Resource)
{
    private const int MostKnown = 1000;

    /// <summary>Longer than any ARN that AWS makes: what is longer is not remembered.</summary>
    private const int LongestKnown = 2048;

    /// <summary>A burst names the same few resources over and over.</summary>
    private static readonly ConcurrentDictionary<string, Arn> Known = new(StringComparer.Ordinal);

    public Scope Scope => new(Account, Region);

    /// <summary>Null where the text is no ARN.</summary>
    public static Arn? TryParse(string? text)
    {
        if (text is null || !text.StartsWith("arn:", StringComparison.Ordinal))
        {
            return null;
        }

        if (Known.TryGetValue(text, out var known))
        {
            return known;
        }

        var parts = text.Split(':', 6);
        if (parts.Length < 6 || parts[5].Length == 0)
        {
            return null;
        }

        var arn = new Arn(parts[1], parts[2], parts[3], parts[4], parts[5]);
        if (Known.Count >= MostKnown)
        {
            Known.Clear();
        }

        if (text.Length <= LongestKnown)
        {
            Known[text] = arn;
        }

        return arn;
    }

    /// <summary>What follows in the resource behind such a beginning; null where it begins otherwise.</summary>
    public string? After(string prefix) => Resource.StartsWith(prefix, StringComparison.Ordinal) ? Resource[prefix.Length..] : null;

    /// <summary>The account of an ARN, empty where it has none or the text is no ARN.</summary>
    public static ReadOnlySpan<char> AccountOf(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith("arn:"))
        {
            return default;
        }

        for (var colons = 0; colons < 4; colons++)
        {
            var colon = text.IndexOf(':');
            if (colon < 0)
            {
                return default;
            }

            text = text[(colon + 1)..];
        }

        var end = text.IndexOf(':');
        return end < 0 || end == text.Length - 1 ? default : text[..end];
    }

    public static Arn Parse(string text) => TryParse(text) ?? throw new FormatException($"'{text}' is not an ARN.");

    public static string Of(string service, Scope scope, string resource) =>
        $"arn:{Partition(scope.Region)}:{service}:{scope.Region}:{scope.Account}:{resource}";

    /// <summary>The partition that a Region belongs to.</summary>
    public static string Partition(string region) =>
        region.StartsWith("cn-", StringComparison.Ordinal) ? "aws-cn"
        : region.StartsWith("us-gov-", StringComparison.Ordinal) ? "aws-us-gov"
        : "aws";

    /// <summary>The domain of a Region's service endpoints, as <c>AWS::URLSuffix</c> answers it.</summary>
    public static string UrlSuffix(string region) =>
        region.StartsWith("cn-", StringComparison.Ordinal) ? "amazonaws.com.cn" : "amazonaws.com";

    public override string ToString() => $"arn:{PartitionName}:{Service}:{Region}:{Account}:{Resource}";
}
