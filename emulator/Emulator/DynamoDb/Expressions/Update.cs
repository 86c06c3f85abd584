namespace Disa.Emulator.DynamoDb.Expressions;

/// <summary>What an update does to an item: the actions of its SET, REMOVE, ADD and DELETE sections.</summary>
internal sealed class Update(IReadOnlyList<UpdateAction> actions)
{
    public IReadOnlyList<UpdateAction> Actions => actions;

    public IEnumerable<DocumentPath> Paths => actions.Select(action => action.Path);

    /// <summary>The item after the update; values are taken from the item as it was.</summary>
    /// <exception cref="Aws.AwsException">ValidationException: a path or an operand does not fit the item.</exception>
    public Item Apply(Item before)
    {
        var values = new AttributeValue?[actions.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = actions[i].Compute(before);
        }

        var root = new Node(AttributeValue.Of(before));
        for (var i = 0; i < values.Length; i++)
        {
            root.Change(actions[i].Path, values[i]);
        }

        return root.ToValue()!.M;
    }

    /// <summary>A value under change: children are opened only on the way to what changes.</summary>
    private sealed class Node(AttributeValue? value)
    {
        private Dictionary<string, Node>? members;
        private SortedDictionary<int, Node>? elements;
        private AttributeValue? value = value;

        public void Change(DocumentPath path, AttributeValue? changed)
        {
            var node = this;
            for (var i = 0; i < path.Steps.Count; i++)
            {
                if (!node.TryOpen(path.Steps[i], isLast: i == path.Steps.Count - 1, out var child))
                {
                    throw Errors.Validation("The document path provided in the update expression is invalid for update");
                }

                node = child;
            }

            node.value = changed;
            node.members = null;
            node.elements = null;
        }

        public AttributeValue? ToValue()
        {
            if (members is not null)
            {
                var map = new Item(value!.M);
                foreach (var (name, node) in members)
                {
                    if (node.ToValue() is { } member)
                    {
                        map[name] = member;
                    }
                    else
                    {
                        map.Remove(name);
                    }
                }

                return AttributeValue.Of(map);
            }

            if (elements is null)
            {
                return value;
            }

            // Removed elements close up, and what was set behind the end follows it without gaps.
            var list = new List<AttributeValue>();
            for (var i = 0; i < value!.Elements.Count; i++)
            {
                if ((elements.TryGetValue(i, out var node) ? node.ToValue() : value.Elements[i]) is { } element)
                {
                    list.Add(element);
                }
            }

            list.AddRange(
                elements.Where(entry => entry.Key >= value.Elements.Count).Select(entry => entry.Value.ToValue()).OfType<AttributeValue>()
            );
            return AttributeValue.List([.. list]);
        }

        private bool TryOpen(PathStep step, bool isLast, out Node child)
        {
            child = this;
            if (step.Name is { } name)
            {
                if (value?.Type != AttributeType.M)
                {
                    return false;
                }

                members ??= new(StringComparer.Ordinal);
                if (!members.TryGetValue(name, out child!))
                {
                    var there = value.M.GetValueOrDefault(name);
                    if (there is null && !isLast)
                    {
                        return false;
                    }

                    members.Add(name, child = new Node(there));
                }

                return true;
            }

            if (value?.Type != AttributeType.L)
            {
                return false;
            }

            elements ??= [];
            if (!elements.TryGetValue(step.Index, out child!))
            {
                var there = step.Index < value.Elements.Count ? value.Elements[step.Index] : null;
                if (there is null && !isLast)
                {
                    return false;
                }

                elements.Add(step.Index, child = new Node(there));
            }

            return true;
        }
    }
}

/// <summary>One action on one path.</summary>
internal abstract class UpdateAction(DocumentPath path)
{
    public DocumentPath Path => path;

    /// <summary>The type that the path will have, where the expression alone tells.</summary>
    public virtual AttributeType? Type => null;

    /// <summary>The new value; null removes what is there.</summary>
    public abstract AttributeValue? Compute(Item before);

    /// <summary>What is said of an attribute that has another type than the operand.</summary>
    public string Mismatch { get; init; } = "An operand in the update expression has an incorrect data type";

    protected Aws.AwsException WrongType() => Errors.Validation(Mismatch);
}

internal sealed class SetAction(DocumentPath path, UpdateValue value) : UpdateAction(path)
{
    public override AttributeType? Type => value.Type;

    public UpdateValue Value => value;

    public override AttributeValue? Compute(Item before) =>
        value.Resolve(before) ?? throw Errors.Validation("The provided expression refers to an attribute that does not exist in the item");
}

internal sealed class RemoveAction(DocumentPath path) : UpdateAction(path)
{
    public override AttributeValue? Compute(Item before) => null;
}

/// <summary>ADD: to a number, to a set, and by AttributeUpdates alone to a list.</summary>
internal sealed class AddAction(DocumentPath path, AttributeValue value) : UpdateAction(path)
{
    public override AttributeType? Type => value.Type;

    public override AttributeValue? Compute(Item before)
    {
        var there = Path.Find(before);
        if (there is null)
        {
            return value;
        }

        if (there.Type != value.Type)
        {
            throw WrongType();
        }

        if (value.Type == AttributeType.N)
        {
            return Number.Add(there.N, value.N, out var sum) is { } problem ? throw Errors.Validation(problem) : AttributeValue.Of(sum);
        }

        return value.Type == AttributeType.L
            ? AttributeValue.List([.. there.Elements, .. value.Elements])
            : AttributeValue.Set(value.Type, [.. there.Elements.Union(value.Elements)]);
    }
}

/// <summary>DELETE: members from a set; an empty set goes away.</summary>
internal sealed class DeleteAction(DocumentPath path, AttributeValue value) : UpdateAction(path)
{
    public override AttributeType? Type => value.Type;

    public override AttributeValue? Compute(Item before)
    {
        var there = Path.Find(before);
        if (there is null)
        {
            return null;
        }

        if (there.Type != value.Type)
        {
            throw WrongType();
        }

        var left = there.Elements.Except(value.Elements).ToArray();
        return left.Length == 0 ? null : AttributeValue.Set(value.Type, left);
    }
}

/// <summary>The right side of a SET.</summary>
internal abstract class UpdateValue
{
    public virtual AttributeType? Type => null;

    public abstract AttributeValue? Resolve(Item before);
}

internal sealed class GivenValue(AttributeValue value) : UpdateValue
{
    public override AttributeType? Type => value.Type;

    public override AttributeValue? Resolve(Item before) => value;
}

internal sealed class PathValue(DocumentPath path) : UpdateValue
{
    public DocumentPath Path => path;

    public override AttributeValue? Resolve(Item before) => path.Find(before);
}

internal sealed class IfNotExists(DocumentPath path, UpdateValue otherwise) : UpdateValue
{
    public override AttributeType? Type => otherwise.Type;

    public override AttributeValue? Resolve(Item before) => path.Find(before) ?? otherwise.Resolve(before);
}

internal sealed class ListAppend(UpdateValue first, UpdateValue second) : UpdateValue
{
    public override AttributeType? Type => AttributeType.L;

    public override AttributeValue? Resolve(Item before)
    {
        if (first.Resolve(before) is not { } head || second.Resolve(before) is not { } tail)
        {
            return null;
        }

        return head.Type == AttributeType.L && tail.Type == AttributeType.L
            ? AttributeValue.List([.. head.Elements, .. tail.Elements])
            : throw Errors.Validation("An operand in the update expression has an incorrect data type");
    }
}

internal sealed class Sum(UpdateValue left, UpdateValue right, bool isDifference) : UpdateValue
{
    public override AttributeType? Type => AttributeType.N;

    public override AttributeValue? Resolve(Item before)
    {
        if (left.Resolve(before) is not { } first || right.Resolve(before) is not { } second)
        {
            return null;
        }

        if (first.Type != AttributeType.N || second.Type != AttributeType.N)
        {
            throw Errors.Validation("An operand in the update expression has an incorrect data type");
        }

        return Number.Add(first.N, isDifference ? second.N.Negate() : second.N, out var sum) is { } problem
            ? throw Errors.Validation(problem)
            : AttributeValue.Of(sum);
    }
}
