using System.Text.RegularExpressions;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Ssm;

internal sealed record PutParameterRequest
{
    public string? Name { get; init; }

    public string? Description { get; init; }

    public string? Value { get; init; }

    public string? Type { get; init; }

    public string? KeyId { get; init; }

    public bool? Overwrite { get; init; }

    public string? AllowedPattern { get; init; }

    public IReadOnlyList<ParameterTag>? Tags { get; init; }

    public string? Tier { get; init; }

    public string? Policies { get; init; }

    public string? DataType { get; init; }
}

internal sealed record PutParameterResult(long Version, string Tier);

/// <summary>Makes a parameter, or a new version of one.</summary>
/// <remarks>https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html</remarks>
internal sealed class PutParameter(Parameters parameters)
{
    private const int MostVersions = 100;
    private const int MostStandard = 10_000;
    private const int MostAdvanced = 100_000;
    private const int LongestStandard = 4096;
    private const int LongestAdvanced = 8192;
    private const int LongestDescription = 1024;
    private const int LongestPattern = 1024;
    private const string Intelligent = "Intelligent-Tiering";
    private const string DefaultKey = "alias/aws/ssm";

    private const string TooLongForStandard =
        "Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html";

    private const string Downgrade =
        "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter.";

    /// <summary>How long a value may be looked at: patterns are callers' own.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async Task<PutParameterResult> Run(PutParameterRequest request, Caller caller, CancellationToken cancellation)
    {
        var written = await Write(request, caller).ConfigureAwait(false);
        return new(written.Latest.Version, written.Latest.Tier);
    }

    /// <param name="step">The stack step that asks: repeated, it finds what it wrote.</param>
    /// <param name="adjust">What else the step says of the parameter.</param>
    public async Task<Parameter> Write(
        PutParameterRequest request,
        Caller caller,
        string? step = null,
        Func<Parameter, Parameter>? adjust = null
    )
    {
        var name = Checked(request, caller.Scope);
        var tags = ParameterTags.Merge(new Dictionary<string, string>(), request.Tags);
        while (true)
        {
            // Encrypted outside of the write, which then makes sure that the parameter is still the same.
            var before = parameters.Shelf.Get(caller.Scope, name);
            if (step is not null && before?.WrittenBy == step)
            {
                return before;
            }

            var next = await Next(request, name, before, caller).ConfigureAwait(false);
            var after = (
                before
                ?? new Parameter
                {
                    Name = name,
                    Versions = [],
                    Tags = tags,
                }
            ) with
            {
                Versions = [.. Kept(before), next],
                WrittenBy = step,
            };
            after = adjust is null ? after : adjust(after);
            var done = await parameters
                .Database.Write(transaction =>
                {
                    if (!ReferenceEquals(parameters.Shelf.Get(transaction, caller.Scope, name), before))
                    {
                        return false;
                    }

                    if (before?.Latest.Tier != next.Tier)
                    {
                        var most = next.Tier == ParameterVersion.Advanced ? MostAdvanced : MostStandard;
                        var there = parameters.Shelf.List(transaction, caller.Scope);
                        if (there.Count >= most && there.Values.Count(one => one.Latest.Tier == next.Tier) >= most)
                        {
                            throw SsmErrors.LimitExceeded();
                        }
                    }

                    parameters.Shelf.Put(transaction, caller.Scope, name, after);
                    return true;
                })
                .ConfigureAwait(false);
            if (done)
            {
                return after;
            }
        }
    }

    private static string Checked(PutParameterRequest request, Scope scope)
    {
        var name = ParameterName.Checked(request.Name, scope);
        var value = SsmErrors.Required(request.Value, "value");
        if (value.Length is 0 or > 32768)
        {
            throw SsmErrors.Constraint(
                null,
                "value",
                $"Member must have length {(value.Length == 0 ? "greater than or equal to 1" : "less than or equal to 32768")}"
            );
        }

        Within(request.Description, "description", LongestDescription);
        Within(request.AllowedPattern, "allowedPattern", LongestPattern);
        OneOf(request.Type, "type", ParameterVersion.SecureString, ParameterVersion.StringList, ParameterVersion.String);
        OneOf(request.Tier, "tier", ParameterVersion.Advanced, Intelligent, ParameterVersion.Standard);
        if (request.Overwrite == true && request.Tags is { Count: > 0 })
        {
            throw SsmErrors.Invalid(
                "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource."
            );
        }

        if (value.IndexOf("{{", StringComparison.Ordinal) is >= 0 and var open && value.IndexOf("}}", open, StringComparison.Ordinal) > 0)
        {
            throw SsmErrors.Invalid("Parameter value can't nest another parameter. Do not use \"{{}}\" in the value.");
        }

        if (request.DataType is not (null or "text"))
        {
            throw request.DataType is "aws:ec2:image" or "aws:ssm:integration"
                ? AwsException.NotImplemented($"ssm:PutParameter with the DataType {request.DataType}")
                : SsmErrors.Invalid($"The following data type is not supported: {request.DataType} (Data type names are all lowercase.)");
        }

        return request.Policies is null or "" or "[]" or "[{}]"
            ? name
            : throw AwsException.NotImplemented("ssm:PutParameter with Policies");
    }

    private async Task<ParameterVersion> Next(PutParameterRequest request, string name, Parameter? before, Caller caller)
    {
        if (before is not null && request.Overwrite != true)
        {
            throw SsmErrors.AlreadyExists();
        }

        var last = before?.Latest;
        var type = request.Type ?? last?.Type ?? throw SsmErrors.Invalid("A parameter type is required when you create a parameter.");
        var isSecure = type == ParameterVersion.SecureString;
        if (request.KeyId is not null && !isSecure)
        {
            throw SsmErrors.Invalid($"KeyId is not required for {type} type parameter.");
        }

        var pattern = request.AllowedPattern ?? last?.AllowedPattern;
        Match(request.Value!, pattern);
        var tier = Tier(request, last);
        var version = new ParameterVersion
        {
            Version = (last?.Version ?? 0) + 1,
            Type = type,
            Value = request.Value!,
            Description = request.Description ?? last?.Description,
            AllowedPattern = pattern,
            Tier = tier,
            LastModifiedDate = parameters.Clock.GetUtcNow(),
            LastModifiedUser = caller.Arn,
        };
        if (!isSecure)
        {
            return version;
        }

        var keyId = request.KeyId ?? last?.KeyId ?? DefaultKey;
        var (keyArn, sealedValue) = await parameters
            .Seal(request.Value!, keyId, tier, ParameterName.ArnOf(caller.Scope, name), caller)
            .ConfigureAwait(false);
        return version with { Value = sealedValue, KeyId = keyId, KeyArn = keyArn };
    }

    /// <summary>A hundred versions are kept; the oldest goes, unless it has a label.</summary>
    private static IEnumerable<ParameterVersion> Kept(Parameter? before) =>
        before is null ? []
        : before.Versions.Count < MostVersions ? before.Versions
        : before.Versions[0].Labels.Count > 0 ? throw SsmErrors.OldestHasLabel(before.Name, before.Versions[0].Version)
        : before.Versions.Skip(1);

    private static string Tier(PutParameterRequest request, ParameterVersion? last)
    {
        var isLong = request.Value!.Length > LongestStandard;
        var tier = request.Tier switch
        {
            Intelligent => isLong || last?.Tier == ParameterVersion.Advanced ? ParameterVersion.Advanced : ParameterVersion.Standard,
            { } named => named,
            null => last?.Tier ?? ParameterVersion.Standard,
        };
        return tier == ParameterVersion.Standard && last?.Tier == ParameterVersion.Advanced ? throw SsmErrors.Invalid(Downgrade)
            : tier == ParameterVersion.Standard && isLong ? throw SsmErrors.Invalid(TooLongForStandard)
            : request.Value.Length > LongestAdvanced
                ? throw SsmErrors.Constraint(null, "value", $"Member must have length less than or equal to {LongestAdvanced}")
            : tier;
    }

    private static void Match(string value, string? pattern)
    {
        if (string.IsNullOrEmpty(pattern))
        {
            return;
        }

        bool matches;
        try
        {
            // The whole value, as Java's matches() has it.
            matches = Regex.IsMatch(value, $@"\A(?:{pattern})\z", RegexOptions.CultureInvariant, Patience);
        }
        catch (ArgumentException)
        {
            throw SsmErrors.InvalidPattern();
        }
        catch (RegexMatchTimeoutException)
        {
            throw SsmErrors.InvalidPattern();
        }

        if (!matches)
        {
            throw SsmErrors.Mismatch(pattern);
        }
    }

    private static void Within(string? text, string member, int most)
    {
        if (text?.Length > most)
        {
            throw SsmErrors.Constraint(text, member, $"Member must have length less than or equal to {most}");
        }
    }

    private static void OneOf(string? value, string member, params string[] known)
    {
        if (value is not null && !known.Contains(value))
        {
            throw SsmErrors.Constraint(value, member, $"Member must satisfy enum value set: [{string.Join(", ", known)}]");
        }
    }
}
