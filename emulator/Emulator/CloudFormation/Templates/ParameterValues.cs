using System.Globalization;
using System.Text.RegularExpressions;

namespace Disa.Emulator.CloudFormation.Templates;

/// <summary>The values that a stack's parameters have, checked against what the template asks of them.</summary>
internal static class ParameterValues
{
    /// <summary>How long a pattern may take for one value.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Settles every declared parameter.</summary>
    /// <param name="given">The values of the request.</param>
    /// <param name="previous">The names of which the request asks to keep the stack's value.</param>
    /// <param name="stack">The stack's values so far; null on create.</param>
    public static OrderedDictionary<string, string> Settle(
        Template template,
        IReadOnlyDictionary<string, string> given,
        IReadOnlyCollection<string> previous,
        IReadOnlyDictionary<string, string>? stack
    )
    {
        var unknown = given.Keys.Concat(previous).Where(name => !template.Parameters.ContainsKey(name)).ToList();
        if (unknown.Count > 0)
        {
            throw TemplateErrors.Validation($"Parameters: [{string.Join(", ", unknown)}] do not exist in the template");
        }

        var values = new OrderedDictionary<string, string>();
        var missing = new List<string>();
        foreach (var parameter in template.Parameters.Values)
        {
            string? value;
            if (previous.Contains(parameter.Name))
            {
                value =
                    stack is not null && stack.TryGetValue(parameter.Name, out var kept)
                        ? kept
                        : throw TemplateErrors.Validation(
                            $"Invalid input for parameter key {parameter.Name}. Cannot specify usePreviousValue as true for a parameter key not in the previous template"
                        );
            }
            else
            {
                value = given.TryGetValue(parameter.Name, out var direct) ? direct : parameter.Default;
            }

            if (value is null)
            {
                missing.Add(parameter.Name);
            }
            else
            {
                values[parameter.Name] = value;
            }
        }

        if (missing.Count > 0)
        {
            throw TemplateErrors.Validation($"Parameters: [{string.Join(", ", missing)}] must have values");
        }

        foreach (var (name, value) in values)
        {
            if (Violation(template.Parameters[name], value) is { } violation)
            {
                throw TemplateErrors.Validation(violation);
            }
        }

        return values;
    }

    /// <summary>What <c>Ref</c> answers for a parameter.</summary>
    public static Node Resolve(TemplateParameter parameter, string value, Mark at) =>
        parameter.IsList || parameter.IsStoreList
            ? new ListNode([.. Items(value).Select(item => TextNode.Of(item, at))], at)
            : TextNode.Of(value, at);

    /// <summary>Null where the value fits; AWS's text where it does not.</summary>
    public static string? Violation(TemplateParameter parameter, string value)
    {
        var name = parameter.Name;
        var violation =
            value.Length > 4096 ? $"Parameter '{name}' must contain at most 4096 characters"
            : parameter.Type is "Number" && !IsNumber(value) ? $"Parameter '{name}' must be a number."
            : parameter.Type is "List<Number>" && !Items(value).All(IsNumber) ? $"Parameter '{name}' must be a list of numbers"
            : null;
        if (violation is not null)
        {
            return violation;
        }

        foreach (var item in parameter.IsList ? Items(value) : [value])
        {
            violation ??= ItemViolation(parameter, item);
        }

        return violation is not null && parameter.ConstraintDescription is { } text
            ? $"Parameter {name} failed to satisfy constraint: {text}"
            : violation;
    }

    private static string? ItemViolation(TemplateParameter parameter, string value)
    {
        var name = parameter.Name;
        if (parameter.AllowedValues is { } allowed && !allowed.Contains(value))
        {
            return $"Parameter '{name}' must be one of AllowedValues";
        }

        if (parameter.AllowedPattern is { } pattern && !Matches(pattern, value))
        {
            return $"Parameter '{name}' must match pattern {pattern}";
        }

        if (parameter.MinLength is { } min && value.Length < min)
        {
            return $"Parameter '{name}' must contain at least {min} characters";
        }

        if (parameter.MaxLength is { } max && value.Length > max)
        {
            return $"Parameter '{name}' must contain at most {max} characters";
        }

        if (parameter.Type is "Number" or "List<Number>")
        {
            var number = decimal.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture);
            if (parameter.MinValue is { } low && number < low)
            {
                return string.Create(CultureInfo.InvariantCulture, $"Parameter '{name}' must be a number not less than {low}");
            }

            if (parameter.MaxValue is { } high && number > high)
            {
                return string.Create(CultureInfo.InvariantCulture, $"Parameter '{name}' must be a number not greater than {high}");
            }
        }

        return null;
    }

    private static IEnumerable<string> Items(string value) => value.Length == 0 ? [] : value.Split(',').Select(item => item.Trim());

    private static bool IsNumber(string value) => decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    /// <summary>The whole value must match, as with Java's <c>Matcher.matches</c>.</summary>
    private static bool Matches(string pattern, string value)
    {
        try
        {
            try
            {
                return Regex.IsMatch(value, $@"\A(?:{pattern})\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, Patience);
            }
            catch (NotSupportedException)
            {
                // Lookarounds and back references need backtracking, as do patterns that are too large without.
                return Regex.IsMatch(value, $@"\A(?:{pattern})\z", RegexOptions.CultureInvariant, Patience);
            }
        }
        catch (RegexMatchTimeoutException)
        {
            throw TemplateErrors.Format($"AllowedPattern '{pattern}' takes too long to match.");
        }
        catch (RegexParseException)
        {
            throw TemplateErrors.Format($"AllowedPattern '{pattern}' is not a valid regular expression.");
        }
    }
}
