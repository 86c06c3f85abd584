using System.Text.RegularExpressions;

namespace Disa.Emulator.Events;

/// <summary>All that is wrong with a request, which AWS tells in one sentence.</summary>
internal sealed class Violations
{
    private readonly List<string> found = [];

    public void Name(string? value, string member, int longest)
    {
        if (value is null)
        {
            Add("null", member, "Member must not be null");
            return;
        }

        if (value.Length > longest)
        {
            Add($"'{value}'", member, $"Member must have length less than or equal to {longest}");
        }

        if (value.Length == 0 || !value.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_'))
        {
            Add($"'{value}'", member, EventsErrors.NamePattern());
        }
    }

    public void OneOf(string? value, string member, params ReadOnlySpan<string> allowed)
    {
        if (value is null)
        {
            Add("null", member, "Member must not be null");
        }
        else if (!allowed.Contains(value))
        {
            Add($"'{value}'", member, $"Member must satisfy enum value set: [{string.Join(", ", allowed!)}]");
        }
    }

    /// <param name="value">Null is a violation too.</param>
    /// <param name="member">Its name.</param>
    /// <param name="whole">What the whole value must match.</param>
    /// <param name="pattern">The same as AWS writes it.</param>
    public void Matches(string? value, string member, Regex whole, string pattern)
    {
        if (value is null)
        {
            Add("null", member, "Member must not be null");
        }
        else if (!whole.IsMatch(value))
        {
            Add($"'{value}'", member, $"Member must satisfy regular expression pattern: {pattern}");
        }
    }

    public void Longest(string? value, string member, int longest)
    {
        if (value?.Length > longest)
        {
            Add($"'{value}'", member, $"Member must have length less than or equal to {longest}");
        }
    }

    public void Between(int? value, string member, int least, int most)
    {
        if (value < least || value > most)
        {
            Add(
                $"'{value}'",
                member,
                $"Member must have value {(value < least ? $"greater than or equal to {least}" : $"less than or equal to {most}")}"
            );
        }
    }

    public void Check()
    {
        if (found.Count > 0)
        {
            var errors = found.Count == 1 ? "1 validation error" : $"{found.Count} validation errors";
            throw EventsErrors.Validation($"{errors} detected: {string.Join("; ", found)}");
        }
    }

    private void Add(string value, string member, string rule) =>
        found.Add($"Value {value} at '{member}' failed to satisfy constraint: {rule}");
}
