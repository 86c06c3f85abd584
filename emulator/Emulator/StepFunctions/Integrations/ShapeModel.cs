using System.Collections.Frozen;

namespace Disa.Emulator.StepFunctions.Integrations;

/// <summary>The shapes of a service's operations, as its API model has them: where each member travels, and under which name.</summary>
internal sealed class ShapeModel
{
    private readonly FrozenDictionary<string, (string Request, string Answer)> _operations;
    private readonly FrozenDictionary<string, IReadOnlyList<ShapeMember>> _shapes;

    private ShapeModel(string text, string limits)
    {
        var known = Limits(limits);
        var operations = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        var shapes = new Dictionary<string, IReadOnlyList<ShapeMember>>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words[0].EndsWith(':'))
            {
                var shape = words[0][..^1];
                shapes[shape] =
                [
                    .. words[1..]
                        .Select(ShapeMember.Parse)
                        .Select(member => member with { Limit = known.GetValueOrDefault($"{shape}.{member.Name}") }),
                ];
            }
            else
            {
                operations[words[0]] = (words[1], words[2]);
            }
        }

        _operations = operations.ToFrozenDictionary(StringComparer.Ordinal);
        _shapes = shapes.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public static ShapeModel S3 { get; } = new(Read("s3"), LimitsOf("s3"));

    /// <summary>Of the other services, by their SDK names: what their operations answer.</summary>
    private static FrozenDictionary<string, ShapeModel> Answers { get; } =
        Read("answers")
            .Split("\n[")
            .Skip(1)
            .Select(section => section.Split("]\n", 2))
            .ToFrozenDictionary(
                section => section[0],
                section => new ShapeModel(section[1], LimitsOf(section[0])),
                StringComparer.OrdinalIgnoreCase
            );

    /// <summary>Null where the service is not known.</summary>
    public static ShapeModel? Of(string sdkName) =>
        sdkName.Equals("s3", StringComparison.OrdinalIgnoreCase) ? S3 : Answers.GetValueOrDefault(sdkName);

    public bool Knows(string operation) => _operations.ContainsKey(operation);

    public IReadOnlyList<ShapeMember> Request(string operation) => Members(_operations[operation].Request);

    public IReadOnlyList<ShapeMember> Answer(string operation) => Members(_operations[operation].Answer);

    /// <summary>None of a shape that is not there: an operation without an answer.</summary>
    public IReadOnlyList<ShapeMember> Members(string shape) => _shapes.GetValueOrDefault(shape) ?? [];

    /// <summary>The part of the limits that is about one service.</summary>
    private static string LimitsOf(string service) =>
        Read("limits").Split("\n[").Select(section => section.Split("]\n", 2)).FirstOrDefault(section => section[0] == service)?[1] ?? "";

    private static Dictionary<string, ShapeLimit> Limits(string text) =>
        text.Split('\n')
            .Select(line => line.Split(' '))
            .Where(words => words.Length == 2)
            .ToDictionary(words => words[0], words => ShapeLimit.Parse(words[1]), StringComparer.Ordinal);

    private static string Read(string name)
    {
        using var stream = typeof(ShapeModel).Assembly.GetManifestResourceStream($"stepfunctions.{name}.shapes")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

/// <summary>Where a member of a request or answer travels.</summary>
internal enum ShapePlace
{
    Element,
    Attribute,
    Path,
    Query,
    Header,

    /// <summary>Headers of one prefix: the members of a map.</summary>
    Headers,
    Payload,
    Status,
}

/// <param name="Name">As workflows spell it.</param>
/// <param name="Wire">As the service's wire does.</param>
internal sealed record ShapeMember(string Name, bool IsRequired, ShapePlace Place, string Wire, ShapeType Type)
{
    /// <summary>Null where the model sets none.</summary>
    public ShapeLimit? Limit { get; init; }

    public static ShapeMember Parse(string text)
    {
        var (left, type) = Split(text, '~');
        var (place, wire) = Split(left, '=');
        var (name, at) = Split(place, '/');
        var isRequired = name.EndsWith('!');
        name = name.TrimEnd('!');
        return new ShapeMember(
            Pascal(name),
            isRequired,
            at switch
            {
                "u" => ShapePlace.Path,
                "q" => ShapePlace.Query,
                "h" => ShapePlace.Header,
                "m" => ShapePlace.Headers,
                "p" => ShapePlace.Payload,
                "s" => ShapePlace.Status,
                "a" => ShapePlace.Attribute,
                _ => ShapePlace.Element,
            },
            wire ?? name,
            ShapeType.Parse(type ?? "")
        );
    }

    /// <summary>A name as the SDK behind the integrations has it: <c>DBInstances</c> is <c>DbInstances</c>, <c>logGroupName</c> is <c>LogGroupName</c>.</summary>
    /// <remarks>https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html: PascalCase, after the SDK for Java.</remarks>
    public static string Pascal(string name)
    {
        var capitals = 0;
        while (capitals < name.Length && char.IsAsciiLetterUpper(name[capitals]))
        {
            capitals++;
        }

        if (capitals < 2)
        {
            return name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..];
        }

        var end = capitals < name.Length && char.IsAsciiLetterLower(name[capitals]) ? capitals - 1 : capitals;
        return end <= 1 ? name : name[0] + name[1..end].ToLowerInvariant() + name[end..];
    }

    private static (string Before, string? After) Split(string text, char at) =>
        text.IndexOf(at, StringComparison.Ordinal) is >= 0 and var index ? (text[..index], text[(index + 1)..]) : (text, null);
}

/// <param name="Kind">text, number, boolean, blob, time (ISO 8601), date (of HTTP), map, shape, list, or any of these.</param>
/// <param name="Shape">The structure's name.</param>
/// <param name="Item">What a list or a map is of.</param>
/// <param name="ItemName">The element of each item; null where the list has none of its own around them.</param>
internal sealed record ShapeType(string Kind, string? Shape = null, ShapeType? Item = null, string? ItemName = null)
{
    public static ShapeType Parse(string text) =>
        text.Length == 0 ? new ShapeType("text")
        : text[0] == '@' ? new ShapeType("shape", text[1..])
        : text[0] == '*' ? new ShapeType("list", Item: Parse(text[1..]))
        : text.StartsWith("{}", StringComparison.Ordinal) ? new ShapeType("map", Item: Parse(text[2..]))
        : text[0] == '<'
            ? new ShapeType(
                "list",
                Item: Parse(text[(text.IndexOf('>', StringComparison.Ordinal) + 1)..]),
                ItemName: text[1..text.IndexOf('>', StringComparison.Ordinal)]
            )
        : new ShapeType(text);
}
