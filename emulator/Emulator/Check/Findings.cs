using System.Text.RegularExpressions;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;

namespace Disa.Emulator.Check;

/// <summary>Collects what is wrong in one file, each place once.</summary>
internal sealed partial class Findings(string file)
{
    private readonly List<Finding> found = [];

    public IReadOnlyList<Finding> All => [.. found.OrderBy(finding => finding.Line).ThenBy(finding => finding.Column)];

    public bool HasErrors => found.Exists(finding => !finding.IsWarning);

    public void Add(Mark at, string message, string? expected = null, bool warning = false)
    {
        var finding = new Finding(file, Math.Max(at.Line, 1), Math.Max(at.Column, 1), message, expected, warning);
        if (!found.Exists(other => other.Line == finding.Line && other.Column == finding.Column && other.Message == message))
        {
            found.Add(finding);
        }
    }

    /// <summary>What CloudFormation itself would answer; where its text says a place, that one.</summary>
    public void Add(AwsException refused, Mark at)
    {
        var message = refused
            .Message.Replace("Template format error: ", "", StringComparison.Ordinal)
            .Replace("Template error: ", "", StringComparison.Ordinal);
        if (Place().Match(message) is { Success: true } place)
        {
            at = new Mark(int.Parse(place.Groups[1].ValueSpan), int.Parse(place.Groups[2].ValueSpan));
            message = Place().Replace(message, "");
        }

        // Not wrong on AWS, but not done here, so nobody can say.
        var unsure = refused.Code == "NotImplemented";
        Add(at, message.Trim().TrimEnd('.'), warning: unsure);
    }

    /// <summary>Runs a rule of CloudFormation's own, and notes what it refuses.</summary>
    public bool Holds(Mark at, Action rule)
    {
        try
        {
            rule();
            return true;
        }
        catch (AwsException refused)
        {
            Add(refused, at);
            return false;
        }
    }

    [GeneratedRegex(@"\s*\(line (\d+), column (\d+)\)")]
    private static partial Regex Place();
}

/// <summary>Names that someone may have meant.</summary>
internal static class Near
{
    private const int Listed = 12;

    /// <summary>The name that was most likely meant, or all of them where they are few.</summary>
    public static string? To(string name, IEnumerable<string> known)
    {
        var names = known.Order(StringComparer.Ordinal).ToList();
        var nearest = names
            .Select(candidate => (candidate, distance: Distance(name, candidate)))
            .OrderBy(pair => pair.distance)
            .FirstOrDefault();
        return nearest.candidate is { } found && nearest.distance <= Math.Max(1, Math.Min(3, name.Length / 3)) ? $"'{found}'"
            : names.Count is > 0 and <= Listed ? $"one of {string.Join(", ", names)}"
            : null;
    }

    public static bool IsTypo(string name, IEnumerable<string> known) => known.Any(candidate => Distance(name, candidate) <= 2);

    /// <summary>Letters to change, add or remove; capitals count as the same letter.</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var cost = char.ToUpperInvariant(one[i - 1]) == char.ToUpperInvariant(other[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + cost));
            }
        }

        return row[other.Length];
    }
}
