namespace Disa.Emulator.DynamoDb;

/// <summary>The constraints of a request's members, reported together as AWS does: "2 validation errors detected: …".</summary>
internal sealed class Checks
{
    private readonly List<string> errors = [];

    public Checks NotNull(string path, object? value)
    {
        if (value is null)
        {
            Fail(path, null, "Member must not be null");
        }

        return this;
    }

    public Checks OneOf(string path, string? value, params ReadOnlySpan<string> allowed)
    {
        if (value is not null && !allowed.Contains(value))
        {
            Fail(path, value, $"Member must satisfy enum value set: [{string.Join(", ", allowed!)}]");
        }

        return this;
    }

    public Checks AtLeast(string path, long? value, long minimum)
    {
        if (value < minimum)
        {
            Fail(path, value.ToString(), $"Member must have value greater than or equal to {minimum}");
        }

        return this;
    }

    public Checks AtMost(string path, long? value, long maximum)
    {
        if (value > maximum)
        {
            Fail(path, value.ToString(), $"Member must have value less than or equal to {maximum}");
        }

        return this;
    }

    public Checks Length(string path, string? value, int minimum, int maximum)
    {
        if (value?.Length < minimum)
        {
            Fail(path, value, $"Member must have length greater than or equal to {minimum}");
        }
        else if (value?.Length > maximum)
        {
            Fail(path, value, $"Member must have length less than or equal to {maximum}");
        }

        return this;
    }

    public Checks Count(string path, int? count, int minimum, int maximum, Func<string> shown)
    {
        if (count < minimum)
        {
            Fail(path, shown(), $"Member must have length greater than or equal to {minimum}");
        }
        else if (count > maximum)
        {
            Fail(path, shown(), $"Member must have length less than or equal to {maximum}");
        }

        return this;
    }

    /// <summary>Letters, digits, <c>_</c>, <c>.</c>, <c>-</c>.</summary>
    public Checks Name(string path, string? value)
    {
        if (value is not null && !(value.Length > 0 && value.All(IsNameCharacter)))
        {
            Fail(path, value, "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+");
        }

        return this;
    }

    public void Fail(string path, string? value, string constraint) =>
        errors.Add($"Value {(value is null ? "null" : $"'{value}'")} at '{path}' failed to satisfy constraint: {constraint}");

    public void Throw()
    {
        if (errors.Count > 0)
        {
            throw Errors.Validation(
                $"{errors.Count} validation error{(errors.Count > 1 ? "s" : "")} detected: {string.Join("; ", errors.Take(10))}"
            );
        }
    }

    private static bool IsNameCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '-';
}
