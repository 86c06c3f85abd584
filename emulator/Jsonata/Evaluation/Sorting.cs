using Disa.Jsonata.Syntax;
using Disa.Jsonata.Values;

namespace Disa.Jsonata.Evaluation;

/// <summary>Sorts stably by merging: <c>^(…)</c> and <c>$sort</c>.</summary>
internal static class Sorting
{
    public static ArrayValue Sort(Evaluator evaluator, SortNode node, ArrayValue input, Frame frame) =>
        input.Count <= 1 ? input : new ArrayValue(Merged([.. input], (a, b) => Follows(evaluator, node, a, b, frame), evaluator.Budget));

    /// <param name="follows">Whether the first is to come after the second.</param>
    public static List<Value?> Merged(List<Value?> items, Func<Value?, Value?, bool> follows, Budget budget)
    {
        if (items.Count <= 1)
        {
            return items;
        }

        budget.Take(items.Count);
        var middle = items.Count / 2;
        var left = Merged(items[..middle], follows, budget);
        var right = Merged(items[middle..], follows, budget);
        var merged = new List<Value?>(items.Count);
        var (i, j) = (0, 0);
        while (i < left.Count && j < right.Count)
        {
            merged.Add(follows(left[i], right[j]) ? right[j++] : left[i++]);
        }

        merged.AddRange(left[i..]);
        merged.AddRange(right[j..]);
        return merged;
    }

    private static bool Follows(Evaluator evaluator, SortNode node, Value? first, Value? second, Frame frame)
    {
        foreach (var term in node.Terms)
        {
            var order = Order(node, Term(evaluator, term, first, frame), Term(evaluator, term, second, frame), term.IsDescending);
            if (order != 0)
            {
                return order > 0;
            }
        }

        return false;
    }

    private static Value? Term(Evaluator evaluator, SortTerm term, Value? item, Frame frame) =>
        item is TupleValue tuple
            ? evaluator.Evaluate(term.Expression, tuple.Item, Frame.Of(frame, tuple))
            : evaluator.Evaluate(term.Expression, item, frame);

    /// <summary>What is undefined comes last, in either direction.</summary>
    private static int Order(SortNode node, Value? a, Value? b, bool isDescending)
    {
        if (a is null || b is null)
        {
            return (a is null ? 1 : 0) - (b is null ? 1 : 0);
        }

        if (a is not (StringValue or NumberValue) || b is not (StringValue or NumberValue))
        {
            throw new JsonataException("T2008") { Position = node.Position, Value = Texts.Json(a is StringValue or NumberValue ? b : a) };
        }

        if (a.GetType() != b.GetType())
        {
            throw new JsonataException("T2007")
            {
                Position = node.Position,
                Value = Texts.Json(a),
                Value2 = Texts.Json(b),
            };
        }

        var order = a is NumberValue number
            ? number.Value.CompareTo(((NumberValue)b).Value)
            : string.CompareOrdinal(((StringValue)a).Value, ((StringValue)b).Value);
        return isDescending ? -order : order;
    }
}
