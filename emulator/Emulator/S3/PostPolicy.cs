using System.Globalization;
using System.Text;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Jsonata;

namespace Disa.Emulator.S3;

/// <summary>What a form's signer allows: until when, and which values its fields may have.</summary>
/// <remarks>https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html</remarks>
internal static class PostPolicy
{
    /// <summary>Fields that sign or say nothing of the object: a policy need not speak of them.</summary>
    private static readonly string[] Free = ["policy", "signature", "awsaccesskeyid", "x-amz-signature", "file", "bucket"];

    private static readonly JsonDocumentOptions Flat = new() { MaxDepth = 8 };

    /// <param name="fields">The form's, as they came.</param>
    /// <param name="size">Of the file, in bytes.</param>
    /// <exception cref="AwsException">AccessDenied, EntityTooSmall, EntityTooLarge, InvalidPolicyDocument.</exception>
    public static void Check(string policy, IReadOnlyList<(string Name, string Value)> fields, string bucket, long size, DateTimeOffset now)
    {
        var root = Read(policy);
        if (
            root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("expiration", out var expiration)
            || expiration.ValueKind != JsonValueKind.String
        )
        {
            throw Invalid("Policy missing expiration.");
        }

        if (
            !DateTimeOffset.TryParse(
                expiration.GetString(),
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var end
            )
        )
        {
            throw Invalid($"Invalid 'expiration' value: '{expiration.GetString()}'");
        }

        if (end < now)
        {
            throw Denied("Policy expired.");
        }

        if (!root.TryGetProperty("conditions", out var conditions) || conditions.ValueKind != JsonValueKind.Array)
        {
            throw Invalid("Policy missing conditions.");
        }

        var named = new HashSet<string>(Free, StringComparer.OrdinalIgnoreCase);
        foreach (var condition in conditions.EnumerateArray())
        {
            if (Range(condition) is var (least, most))
            {
                CheckSize(size, least, most);
                continue;
            }

            var (kind, name, value) = Condition(condition);
            named.Add(name);
            var actual = name.Equals("bucket", StringComparison.OrdinalIgnoreCase) ? bucket : Field(fields, name);
            var holds = kind == "eq" ? actual == value : actual?.StartsWith(value, StringComparison.Ordinal) == true;
            if (!holds)
            {
                throw Denied($"Policy Condition failed: [\"{kind}\", \"${name}\", \"{value}\"]");
            }
        }

        var extra = fields
            .Select(field => field.Name)
            .FirstOrDefault(name => !named.Contains(name) && !name.StartsWith("x-ignore-", StringComparison.OrdinalIgnoreCase));
        if (extra is not null)
        {
            throw Denied($"Extra input fields: {extra}");
        }
    }

    public static string? Field(IReadOnlyList<(string Name, string Value)> fields, string name) =>
        fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value).FirstOrDefault();

    /// <summary>Whether it is JSON in base64 at all.</summary>
    public static bool IsReadable(string policy)
    {
        try
        {
            Read(policy);
            return true;
        }
        catch (AwsException)
        {
            return false;
        }
    }

    private static JsonElement Read(string policy)
    {
        var bytes = new byte[policy.Length];
        if (!Convert.TryFromBase64String(policy, bytes, out var length))
        {
            throw Invalid("Invalid Base64 policy.");
        }

        try
        {
            return JsonInput.Parse(bytes.AsSpan(0, length), Flat);
        }
        catch (JsonException)
        {
            throw Invalid("Invalid JSON.");
        }
    }

    /// <summary><c>["content-length-range", 1, 10]</c>.</summary>
    private static (long Least, long Most)? Range(JsonElement condition)
    {
        if (
            condition.ValueKind != JsonValueKind.Array
            || condition.GetArrayLength() != 3
            || condition[0].ValueKind != JsonValueKind.String
            || condition[0].GetString() != "content-length-range"
        )
        {
            return null;
        }

        return (Number(condition[1]), Number(condition[2]));
    }

    private static long Number(JsonElement value) =>
        long.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Invalid("Invalid content-length-range: it takes two whole numbers.");

    private static (string Kind, string Name, string Value) Condition(JsonElement condition)
    {
        if (condition.ValueKind == JsonValueKind.Object)
        {
            var members = condition.EnumerateObject().ToList();
            return members is [var only]
                ? ("eq", only.Name, only.Value.ToString())
                : throw Invalid("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.");
        }

        if (
            condition.ValueKind == JsonValueKind.Array
            && condition.GetArrayLength() == 3
            && condition.EnumerateArray().All(part => part.ValueKind == JsonValueKind.String)
            && condition[0].GetString()!.ToLowerInvariant() is ("eq" or "starts-with") and var kind
            && condition[1].GetString() is ['$', ..] name
        )
        {
            return (kind, name[1..], condition[2].GetString()!);
        }

        throw Invalid("Invalid Condition: it is an object with one member, or a list of eq or starts-with, a field and a value.");
    }

    private static void CheckSize(long size, long least, long most)
    {
        var text = size.ToString(CultureInfo.InvariantCulture);
        if (size < least)
        {
            throw S3Errors.With(
                "EntityTooSmall",
                "Your proposed upload is smaller than the minimum allowed size",
                400,
                ("ProposedSize", text),
                ("MinSizeAllowed", least.ToString(CultureInfo.InvariantCulture))
            );
        }

        if (size > most)
        {
            throw S3Errors.With(
                "EntityTooLarge",
                "Your proposed upload exceeds the maximum allowed size",
                400,
                ("ProposedSize", text),
                ("MaxSizeAllowed", most.ToString(CultureInfo.InvariantCulture))
            );
        }
    }

    private static AwsException Denied(string why) => new("AccessDenied", "Invalid according to Policy: " + why, 403);

    private static AwsException Invalid(string why) => new("InvalidPolicyDocument", "Invalid Policy: " + why);
}
