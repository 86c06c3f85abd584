using Disa.Jsonata.Evaluation;
using Disa.Jsonata.Values;

namespace Disa.Jsonata.Functions;

/// <summary>Functions that call functions.</summary>
internal static class HigherOrder
{
    public static Value? Map(Call call, Value?[] arguments)
    {
        if (arguments.Array(0) is not { } items)
        {
            return null;
        }

        var results = ArrayValue.Sequence();
        for (var i = 0; i < items.Count; i++)
        {
            if (Invoke(call, arguments, items, i) is { } result)
            {
                results.Add(result);
            }
        }

        return results;
    }

    public static Value? Filter(Call call, Value?[] arguments)
    {
        if (arguments.Array(0) is not { } items)
        {
            return null;
        }

        var results = ArrayValue.Sequence();
        for (var i = 0; i < items.Count; i++)
        {
            if (Booleans.IsTrue(Invoke(call, arguments, items, i)))
            {
                results.Add(items[i]);
            }
        }

        return results;
    }

    public static Value? Single(Call call, Value?[] arguments)
    {
        if (arguments.Array(0) is not { } items)
        {
            return null;
        }

        var found = -1;
        for (var i = 0; i < items.Count; i++)
        {
            if (arguments.Function(1) is not null && !Booleans.IsTrue(Invoke(call, arguments, items, i)))
            {
                continue;
            }

            found = found < 0 ? i : throw new JsonataException("D3138") { Index = i };
        }

        return found < 0 ? throw new JsonataException("D3139") : items[found];
    }

    public static Value? Reduce(Call call, Value?[] arguments)
    {
        if (arguments.Array(0) is not { } items)
        {
            return null;
        }

        var function = arguments.Function(1)!;
        if (function.Arity < 2)
        {
            throw new JsonataException("D3050") { Index = 1 };
        }

        var first = arguments.At(2) is null && items.Count > 0 ? 1 : 0;
        var result = first == 1 ? items[0] : arguments.At(2);
        for (var i = first; i < items.Count; i++)
        {
            Value?[] given = function.Arity switch
            {
                >= 4 => [result, items[i], new NumberValue(i), items],
                3 => [result, items[i], new NumberValue(i)],
                _ => [result, items[i]],
            };
            result = call.Evaluator.Calls.Invoke(function, given, NullValue.Instance, call.Frame);
        }

        return result;
    }

    public static Value? Sift(Call call, Value?[] arguments)
    {
        var result = new ObjectValue();
        if (arguments.At(0) is ObjectValue source)
        {
            foreach (var (name, value) in source.Members)
            {
                if (Booleans.IsTrue(Invoke(call, arguments, source, name, value)))
                {
                    result.Set(name, value);
                }
            }
        }

        return result.Members.Count > 0 ? result : null;
    }

    public static Value? Each(Call call, Value?[] arguments)
    {
        var results = ArrayValue.Sequence();
        if (arguments.At(0) is ObjectValue source)
        {
            foreach (var (name, value) in source.Members)
            {
                if (Invoke(call, arguments, source, name, value) is { } result)
                {
                    results.Add(result);
                }
            }
        }

        return results;
    }

    public static Value? Sort(Call call, Value?[] arguments)
    {
        if (arguments.Array(0) is not { Count: > 1 } items)
        {
            return arguments.Array(0);
        }

        var comparator = arguments.Function(1);
        if (comparator is null && !items.All(item => item is NumberValue) && !items.All(item => item is StringValue))
        {
            throw new JsonataException("D3070") { Index = 1 };
        }

        Func<Value?, Value?, bool> follows = comparator is null
            ? Follows
            : (a, b) => Booleans.IsTrue(call.Evaluator.Calls.Invoke(comparator, [a, b], NullValue.Instance, call.Frame));
        return new ArrayValue(Sorting.Merged([.. items], follows, call.Evaluator.Budget));
    }

    private static bool Follows(Value? a, Value? b) =>
        a is NumberValue number
            ? number.Value > ((NumberValue)b!).Value
            : string.CompareOrdinal(((StringValue)a!).Value, ((StringValue)b!).Value) > 0;

    private static Value? Invoke(Call call, Value?[] arguments, ArrayValue items, int index) =>
        call.Evaluator.Calls.InvokeFor(arguments.Function(1)!, items[index], () => new NumberValue(index), items, call.Frame);

    private static Value? Invoke(Call call, Value?[] arguments, ObjectValue source, string name, Value? value) =>
        arguments.Function(1) is { } function
            ? call.Evaluator.Calls.InvokeFor(function, value, () => new StringValue(name), source, call.Frame)
            : throw new JsonataException("T1006");
}
