namespace Disa.Emulator.CloudWatch;

/// <summary>One name and value of a metric's identity.</summary>
public sealed record Dimension(string? Name, string? Value)
{
    /// <summary>The most that a metric may have.</summary>
    public const int Limit = 30;

    private const char BetweenParts = '\u001f';
    private const char AfterEach = '\u001e';

    /// <summary>A metric's dimensions as one text, whatever order they were given in: two metrics are the same only if it is.</summary>
    public static string Key(IEnumerable<Dimension>? dimensions) =>
        string.Concat(
            (dimensions ?? [])
                .OrderBy(dimension => dimension.Name, StringComparer.Ordinal)
                .Select(dimension => $"{dimension.Name}{BetweenParts}{dimension.Value}{AfterEach}")
        );

    public static List<Dimension> FromKey(string key) =>
        key.Split(AfterEach, StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Split(BetweenParts))
            .Select(parts => new Dimension(parts[0], parts[1]))
            .ToList();

    /// <exception cref="Aws.AwsException">A name or a value is missing, empty or too long, or there are too many.</exception>
    public static IReadOnlyList<Dimension> Check(IReadOnlyList<Dimension>? dimensions, string path)
    {
        if (dimensions is null)
        {
            return [];
        }

        if (dimensions.Count > Limit)
        {
            throw CloudWatchErrors.InvalidValue($"The collection {path} must not have a size greater than {Limit}.");
        }

        for (var i = 0; i < dimensions.Count; i++)
        {
            Part(dimensions[i].Name, $"{path}.member.{i + 1}.Name", 255);
            Part(dimensions[i].Value, $"{path}.member.{i + 1}.Value", 1024);
        }

        return dimensions;
    }

    private static void Part(string? text, string path, int longest)
    {
        if (string.IsNullOrEmpty(text))
        {
            throw CloudWatchErrors.Missing(path);
        }

        if (text.Length > longest)
        {
            throw CloudWatchErrors.InvalidValue(
                $"The value {text} for parameter {path} is invalid: it is longer than {longest} characters."
            );
        }

        if (string.IsNullOrWhiteSpace(text) || text.Any(char.IsControl) || (longest == 255 && text[0] == ':'))
        {
            throw CloudWatchErrors.InvalidValue($"The value {text} for parameter {path} is invalid.");
        }
    }
}
