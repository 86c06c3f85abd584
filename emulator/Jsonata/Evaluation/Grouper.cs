using Disa.Jsonata.Syntax;
using Disa.Jsonata.Values;

namespace Disa.Jsonata.Evaluation;

/// <summary>Object constructors, which group by their keys: <c>{…}</c>.</summary>
internal sealed class Grouper(Evaluator evaluator)
{
    public ObjectValue Group(Grouping grouping, Value? input, Frame frame)
    {
        var items = input as ArrayValue ?? ArrayValue.Sequence(input);
        var groups = new OrderedDictionary<string, Slot>(StringComparer.Ordinal);
        if (items.Count == 0)
        {
            Collect(grouping, null, frame, groups); // so that a literal object is made
        }

        foreach (var item in items)
        {
            Collect(grouping, item, frame, groups);
        }

        var result = new ObjectValue();
        foreach (var (key, slot) in groups)
        {
            var value = grouping.Pairs[slot.Pair].Value;
            var made =
                slot.Items[0] is TupleValue ? OfTuples(value, slot.Items, frame) : evaluator.Evaluate(value, Joined(slot.Items), frame);
            if (made is not null)
            {
                result.Set(key, made);
            }
        }

        return result;
    }

    private void Collect(Grouping grouping, Value? item, Frame frame, OrderedDictionary<string, Slot> groups)
    {
        var tuple = item as TupleValue;
        var (context, scope) = tuple is null ? (item, frame) : (tuple.Item, Frame.Of(frame, tuple));
        for (var pair = 0; pair < grouping.Pairs.Count; pair++)
        {
            var key = evaluator.Evaluate(grouping.Pairs[pair].Key, context, scope);
            if (key is null)
            {
                continue;
            }

            if (key is not StringValue { Value: var name })
            {
                throw new JsonataException("T1003") { Position = grouping.Position, Value = Texts.Json(key) };
            }

            if (!groups.TryGetValue(name, out var slot))
            {
                groups[name] = new Slot(pair, [item]);
            }
            else if (slot.Pair == pair)
            {
                slot.Items.Add(item);
            }
            else
            {
                throw new JsonataException("D1009") { Position = grouping.Position, Value = Texts.Json(key) };
            }
        }
    }

    private static Value? Joined(List<Value?> items)
    {
        if (items.Count == 1)
        {
            return items[0];
        }

        var joined = ArrayValue.Plain();
        foreach (var item in items)
        {
            if (item is ArrayValue many)
            {
                joined.AddRange(many);
            }
            else
            {
                joined.Add(item);
            }
        }

        return joined;
    }

    /// <summary>What the tuples bind is joined name by name.</summary>
    private Value? OfTuples(Node value, List<Value?> tuples, Frame frame)
    {
        var names = tuples.SelectMany(tuple => ((TupleValue)tuple!).Bindings.Keys).Distinct(StringComparer.Ordinal);
        var scope = new Frame(frame);
        Value? context = null;
        foreach (var name in names.ToList())
        {
            var bound = Joined([
                .. tuples.Select(tuple => ((TupleValue)tuple!).Bindings.GetValueOrDefault(name)).Where(item => item is not null),
            ]);
            if (name == TupleValue.Context)
            {
                context = bound;
            }
            else
            {
                scope.Bind(name, bound);
            }
        }

        return evaluator.Evaluate(value, context, scope);
    }

    /// <param name="Pair">Which pair's key it was.</param>
    private sealed record Slot(int Pair, List<Value?> Items);
}
