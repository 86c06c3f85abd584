using System.Collections.Immutable;
using System.Text.Json;

namespace Disa.Asl.Data;

/// <summary>A path into the input (<c>$</c>), the context object (<c>$$</c>) or a variable (<c>$name</c>).</summary>
public sealed class JsonPath
{
    /// <summary>How many nodes a path may find on its way: as many as a payload has bytes.</summary>
    private const int NodeLimit = Json.PayloadLimit;

    private readonly PathRoot _root;
    private readonly string _variable;

    internal JsonPath(string text, PathRoot root, string variable, ImmutableArray<PathSegment> segments)
    {
        Text = text;
        _root = root;
        _variable = variable;
        Segments = segments;
        IsDefinite = segments.All(s => s.IsDefinite);
    }

    public string Text { get; }

    /// <summary>Names exactly one node; any other path answers an array of what it finds.</summary>
    public bool IsDefinite { get; }

    /// <summary>May be written to: names and indexes into the input alone.</summary>
    public bool IsReference => _root == PathRoot.Input && Segments.All(s => s is NameSegment or IndexSegment);

    internal ImmutableArray<PathSegment> Segments { get; }

    /// <summary>The variable that the path begins in; null where it begins elsewhere.</summary>
    internal string? Variable => _root == PathRoot.Variable ? _variable : null;

    /// <exception cref="FormatException">The text is no path.</exception>
    public static JsonPath Parse(string text) => new PathParser(text).ParseWhole();

    /// <summary>The value, for paths that name one; an array of the values, for the others.</summary>
    /// <exception cref="PathException">A definite path leads nowhere.</exception>
    internal JsonElement Read(Scope scope)
    {
        var start = _root switch
        {
            PathRoot.Input => scope.Input,
            PathRoot.Context => scope.Context,
            _ => scope.Variables.ValueKind == JsonValueKind.Object && scope.Variables.TryGetProperty(_variable, out var value)
                ? value
                : throw new PathException(Text, $"The variable '{_variable}' does not exist."),
        };

        return Read(start, start);
    }

    /// <summary>Reads from another start, as a filter's <c>@</c> does.</summary>
    internal JsonElement Read(JsonElement start, JsonElement root)
    {
        var found = new List<JsonElement> { start };
        for (var i = 0; i < Segments.Length; i++)
        {
            var segment = Segments[i];
            var next = new List<JsonElement>();
            foreach (var node in found)
            {
                segment.Select(node, root, next);
                if (next.Count > NodeLimit)
                {
                    throw new WorkflowException(WorkflowError.DataLimitExceeded, $"The path '{Text}' finds more than {NodeLimit} nodes.");
                }
            }

            // What may find many things may also find none: "$.items[*]" of nothing is an empty array (recorded on AWS).
            if (IsDefinite && next.Count == 0)
            {
                var path = string.Concat(Segments.Take(i + 1).Select(s => s.Text));
                throw new PathException(
                    Text,
                    i == Segments.Length - 1 ? $"No results for path: ${path}" : $"Missing property in path ${path}"
                );
            }

            found = next;
        }

        return IsDefinite ? found[0] : Json.Array(found);
    }

    internal bool TryRead(Scope scope, out JsonElement value)
    {
        try
        {
            value = Read(scope);
            return true;
        }
        catch (PathException)
        {
            value = default;
            return false;
        }
    }

    public override string ToString() => Text;
}

/// <summary>What a path starts from.</summary>
internal enum PathRoot
{
    Input,
    Context,
    Variable,
}

/// <summary>A path that leads nowhere in this input.</summary>
internal sealed class PathException(string path, string message) : Exception(message)
{
    public string Path { get; } = path;
}
