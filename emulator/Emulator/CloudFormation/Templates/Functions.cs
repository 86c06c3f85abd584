namespace Disa.Emulator.CloudFormation.Templates;

/// <summary>The names of the intrinsic functions, and how a function is told from a plain map.</summary>
internal static class Functions
{
    public static readonly string[] Known =
    [
        "Fn::Base64",
        "Fn::GetAtt",
        "Fn::GetAZs",
        "Fn::ImportValue",
        "Fn::Join",
        "Fn::Split",
        "Fn::FindInMap",
        "Fn::Select",
        "Ref",
        "Fn::Equals",
        "Fn::If",
        "Fn::Not",
        "Condition",
        "Fn::And",
        "Fn::Or",
        "Fn::Sub",
        "Fn::Cidr",
        "Fn::Transform",
        "Fn::Length",
        "Fn::ToJsonString",
    ];

    private static readonly HashSet<string> Names = [.. Known];

    public static bool IsKnown(string name) => Names.Contains(name);

    public static bool IsCondition(string name) => name is "Fn::Equals" or "Fn::Not" or "Fn::And" or "Fn::Or";

    /// <summary>The function that a map calls, or null where it is a plain map.</summary>
    public static Entry? Call(MapNode map)
    {
        if (map.Entries.Count == 1)
        {
            var only = map.Entries[0];
            return only.Key == "Ref" || only.Key.StartsWith("Fn::", StringComparison.Ordinal) ? only : null;
        }

        foreach (var entry in map.Entries)
        {
            if (entry.Key.StartsWith("Fn::", StringComparison.Ordinal))
            {
                throw entry.Key.StartsWith("Fn::ForEach", StringComparison.Ordinal) || entry.Key == "Fn::Transform"
                    ? Aws.AwsException.NotImplemented(
                        entry.Key.StartsWith("Fn::ForEach", StringComparison.Ordinal) ? "Fn::ForEach" : "Fn::Transform"
                    )
                    : TemplateErrors.Template($"{entry.Key} must be the only key {entry.At}");
            }
        }

        return null;
    }
}
