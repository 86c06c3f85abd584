using System.Collections;

namespace Disa.Jsonata.Values;

/// <summary>An array, or one of the language's sequences, which are arrays that an only member stands for.</summary>
internal sealed class ArrayValue : Value, IReadOnlyList<Value?>
{
    private readonly IReadOnlyList<Value?> _items;

    public ArrayValue(IReadOnlyList<Value?> items) => _items = items;

    private ArrayValue(List<Value?> items, bool isSequence) => (_items, IsSequence) = (items, isSequence);

    public override string TypeName => "array";

    /// <summary>Made by a path, a filter or the like: one member is that member, and none is undefined.</summary>
    public bool IsSequence { get; set; }

    /// <summary>Stays an array though it has only one member (<c>a[]</c>).</summary>
    public bool KeepSingleton { get; set; }

    /// <summary>Written as an array in the expression: a path does not flatten it.</summary>
    public bool IsConstructed { get; set; }

    /// <summary>Its members are <see cref="TupleValue"/>s.</summary>
    public bool IsTupleStream { get; set; }

    /// <summary>The sequence of one around an input that is an array.</summary>
    public bool IsOuterWrapper { get; set; }

    public IReadOnlyList<Value?> Items => _items;

    public int Count => _items.Count;

    public Value? this[int index] => _items[index];

    public static ArrayValue Sequence() => new([], isSequence: true);

    public static ArrayValue Sequence(Value? only) => new([only], isSequence: true);

    public static ArrayValue Plain() => new([], isSequence: false);

    /// <summary>Only for one that was made here, empty.</summary>
    public void Add(Value? item) => ((List<Value?>)_items).Add(item);

    public void AddRange(IEnumerable<Value?> items) => ((List<Value?>)_items).AddRange(items);

    /// <summary>The same members without the marks.</summary>
    public ArrayValue Unmarked() => new(_items);

    public IEnumerator<Value?> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Consecutive integers, which are only made when they are looked at.</summary>
internal sealed class IntegerRange(double first, int count) : IReadOnlyList<Value?>
{
    public int Count => count;

    public Value? this[int index] => new NumberValue(first + index);

    public IEnumerator<Value?> GetEnumerator()
    {
        for (var i = 0; i < count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>One row of a tuple stream: the context item (<c>@</c>) and what is bound beside it. Never leaves a path.</summary>
internal sealed class TupleValue : Value
{
    public const string Context = "@";

    public Dictionary<string, Value?> Bindings { get; }

    public TupleValue(Value? context) => Bindings = new(StringComparer.Ordinal) { [Context] = context };

    public TupleValue(TupleValue other) => Bindings = new(other.Bindings, StringComparer.Ordinal);

    public override string TypeName => "object";

    public Value? Item => Bindings[Context];
}
