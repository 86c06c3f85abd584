namespace Disa.Emulator.DynamoDb.Expressions;

/// <summary>One step of a path: an attribute or map member by name, or a list's element.</summary>
internal readonly record struct PathStep(string? Name, int Index)
{
    public override string ToString() => Name ?? $"[{Index}]";
}

/// <summary>Where in an item: <c>a.b[0].c</c>.</summary>
internal sealed class DocumentPath(PathStep[] steps)
{
    public IReadOnlyList<PathStep> Steps => steps;

    /// <summary>A whole attribute.</summary>
    public static DocumentPath Of(string attribute) => new([new PathStep(attribute, 0)]);

    /// <summary>The attribute that it begins in.</summary>
    public string Head => steps[0].Name!;

    public bool IsNested => steps.Length > 1;

    /// <summary>The value there, or null.</summary>
    public AttributeValue? Find(Item item)
    {
        if (!item.TryGetValue(Head, out var value))
        {
            return null;
        }

        for (var i = 1; i < steps.Length; i++)
        {
            var step = steps[i];
            if (step.Name is { } name)
            {
                if (value.Type != AttributeType.M || !value.M.TryGetValue(name, out value))
                {
                    return null;
                }
            }
            else if (value.Type == AttributeType.L && step.Index < value.Elements.Count)
            {
                value = value.Elements[step.Index];
            }
            else
            {
                return null;
            }
        }

        return value;
    }

    /// <summary>How two paths of one expression get in each other's way, in AWS's words; null where they do not.</summary>
    public string? Conflict(DocumentPath other)
    {
        var length = Math.Min(steps.Length, other.Steps.Count);
        for (var i = 0; i < length; i++)
        {
            if (steps[i].Name is null != other.Steps[i].Name is null)
            {
                return $"Two document paths conflict with each other; must remove or rewrite one of these paths; path one: {this}, path two: {other}";
            }

            if (steps[i] != other.Steps[i])
            {
                return null;
            }
        }

        return $"Two document paths overlap with each other; must remove or rewrite one of these paths; path one: {this}, path two: {other}";
    }

    public bool SameAs(DocumentPath other) => steps.AsSpan().SequenceEqual(other.steps);

    private readonly PathStep[] steps = steps;

    public override string ToString() => $"[{string.Join(", ", steps)}]";
}
