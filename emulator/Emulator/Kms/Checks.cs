using System.Globalization;
using System.Text.RegularExpressions;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

/// <summary>The constraints of a request's members, reported together as AWS does: "2 validation errors detected: …".</summary>
internal sealed class Checks
{
    private readonly List<string> faults = [];

    public Checks Required(string member, object? value) => value is null ? Fail(member, null, "Member must not be null") : this;

    /// <summary>A key's id, ARN or alias, which most requests have.</summary>
    public Checks Key(string? keyId, string member = "keyId") => Required(member, keyId).Text(member, keyId, 1, 2048);

    public Checks Text(string member, string? value, int least, int most) =>
        value?.Length < least ? Fail(member, value, $"Member must have length greater than or equal to {least}")
        : value?.Length > most ? Fail(member, value, $"Member must have length less than or equal to {most}")
        : this;

    /// <summary>AWS does not show bytes.</summary>
    public Checks Blob(string member, byte[]? value, int least, int most) =>
        value?.Length < least ? Fail(member, "", $"Member must have length greater than or equal to {least}", shown: false)
        : value?.Length > most ? Fail(member, "", $"Member must have length less than or equal to {most}", shown: false)
        : this;

    public Checks Range(string member, int? value, int least, int most) =>
        value < least ? Fail(member, Number(value.Value), $"Member must have value greater than or equal to {least}")
        : value > most ? Fail(member, Number(value.Value), $"Member must have value less than or equal to {most}")
        : this;

    public Checks OneOf(string member, string? value, params IReadOnlyList<string> allowed) =>
        value is null || allowed.Contains(value)
            ? this
            : Fail(member, value, $"Member must satisfy enum value set: [{string.Join(", ", allowed)}]");

    public Checks EachOneOf(string member, IReadOnlyList<string>? values, IReadOnlyList<string> allowed) =>
        values is null || values.All(allowed.Contains)
            ? this
            : Fail(
                member,
                $"[{string.Join(", ", values)}]",
                $"Member must satisfy constraint: [Member must satisfy enum value set: [{string.Join(", ", allowed)}]]"
            );

    public Checks Matches(string member, string? value, Regex form, string pattern) =>
        value is null || form.IsMatch(value) ? this : Fail(member, value, $"Member must satisfy regular expression pattern: {pattern}");

    public Checks GrantTokens(IReadOnlyList<string>? tokens) =>
        tokens?.Count > 10
            ? Fail("grantTokens", $"[{string.Join(", ", tokens)}]", "Member must have length less than or equal to 10")
            : this;

    /// <exception cref="AwsException">ValidationException.</exception>
    public void Throw()
    {
        if (faults.Count > 0)
        {
            throw KmsErrors.Invalid(
                $"{faults.Count} validation error{(faults.Count > 1 ? "s" : "")} detected: {string.Join("; ", faults.Take(10))}"
            );
        }
    }

    private Checks Fail(string member, string? value, string constraint, bool shown = true)
    {
        var text =
            !shown ? ""
            : value is null ? "null "
            : $"'{value}' ";
        faults.Add($"Value {text}at '{member}' failed to satisfy constraint: {constraint}");
        return this;
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
