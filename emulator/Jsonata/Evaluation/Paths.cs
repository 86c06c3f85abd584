using Disa.Jsonata.Syntax;
using Disa.Jsonata.Values;

namespace Disa.Jsonata.Evaluation;

/// <summary>Location paths: step after step, as a sequence, or as a stream of tuples once something is bound on the way.</summary>
internal sealed class Paths(Evaluator evaluator, Grouper grouper)
{
    public Value? Evaluate(PathNode path, Value? input, Frame frame)
    {
        Value? result = null;
        ArrayValue? tuples = null;
        var isTupleStream = false;
        var current = input is ArrayValue array && path.Steps[0] is not VariableNode ? array : ArrayValue.Sequence(input);
        for (var i = 0; i < path.Steps.Count; i++)
        {
            var step = path.Steps[i];
            isTupleStream |= step.IsTuple;
            if (i == 0 && step.IsConsArray)
            {
                result = evaluator.Evaluate(step, current, frame);
            }
            else if (isTupleStream)
            {
                tuples = TupleStep(step, current, tuples, frame);
            }
            else
            {
                result = Step(step, current, frame, isLast: i == path.Steps.Count - 1);
            }

            if (!isTupleStream && result is null or ArrayValue { Count: 0 })
            {
                break;
            }

            if (step.Focus is null && !isTupleStream)
            {
                current = result as ArrayValue ?? ArrayValue.Sequence(result);
            }
        }

        if (isTupleStream)
        {
            result = path.IsTuple ? tuples : Items(tuples!);
        }

        if (path.KeepSingletonArray)
        {
            result = Kept(result);
        }

        return path.Group is null ? result : grouper.Group(path.Group, isTupleStream ? tuples : result, frame);
    }

    /// <summary>The items that a filter lets through; with a number alone the item at that place.</summary>
    public Value? Filter(Node filter, Value? input, Frame frame)
    {
        var items = input as ArrayValue ?? ArrayValue.Sequence(input);
        var results = ArrayValue.Sequence();
        results.IsTupleStream = items.IsTupleStream;
        if (filter is LiteralNode { Value: NumberValue { Value: var place } })
        {
            var index = Place(place, items.Count);
            var item = index >= 0 && index < items.Count ? items[(int)index] : null;
            if (item is ArrayValue)
            {
                return item;
            }

            if (item is not null)
            {
                results.Add(item);
            }

            return results;
        }

        for (var i = 0; i < items.Count; i++)
        {
            var item = items[i];
            var tuple = items.IsTupleStream ? (TupleValue)item! : null;
            var answer = tuple is null
                ? evaluator.Evaluate(filter, item, frame)
                : evaluator.Evaluate(filter, tuple.Item, Frame.Of(frame, tuple));
            Select(answer, item, i, items.Count, results);
        }

        return results;
    }

    private static void Select(Value? answer, Value? item, int index, int count, ArrayValue results)
    {
        if (answer is NumberValue number && !double.IsNaN(Operators.Finite(number)))
        {
            if (Place(number.Value, count) == index)
            {
                results.Add(item);
            }
        }
        else if (answer is ArrayValue places && places.All(place => place is NumberValue))
        {
            foreach (var place in places)
            {
                if (Place(((NumberValue)place!).Value, count) == index)
                {
                    results.Add(item);
                }
            }
        }
        else if (Booleans.IsTrue(answer))
        {
            results.Add(item);
        }
    }

    /// <summary>Rounded down, and from the end where it is negative.</summary>
    private static double Place(double number, int count) => Math.Floor(number) is var place && place < 0 ? place + count : place;

    private static ArrayValue Items(ArrayValue tuples)
    {
        var items = ArrayValue.Sequence();
        foreach (var tuple in tuples)
        {
            items.Add(((TupleValue)tuple!).Item);
        }

        return items;
    }

    private static Value? Kept(Value? result)
    {
        if (result is ArrayValue { IsConstructed: true, IsSequence: false })
        {
            result = ArrayValue.Sequence(result);
        }

        if (result is ArrayValue { IsSequence: true } sequence)
        {
            sequence.KeepSingleton = true;
        }

        return result;
    }

    private Value? Step(Node step, ArrayValue input, Frame frame, bool isLast)
    {
        if (step is SortNode sort)
        {
            return Staged(step.Stages, Sorting.Sort(evaluator, sort, input, frame), frame);
        }

        var results = new List<Value>();
        foreach (var item in input)
        {
            var result = evaluator.Evaluate(step, item, frame);
            foreach (var stage in step.Stages ?? [])
            {
                result = Filter(stage.Filter!, result, frame);
            }

            if (result is not null)
            {
                results.Add(result);
            }
        }

        if (isLast && results is [ArrayValue { IsSequence: false } only])
        {
            return only;
        }

        var sequence = ArrayValue.Sequence();
        foreach (var result in results)
        {
            if (result is ArrayValue { IsConstructed: false } many)
            {
                evaluator.Budget.CheckArray((long)sequence.Count + many.Count);
                sequence.AddRange(many);
            }
            else
            {
                sequence.Add(result);
            }
        }

        return sequence;
    }

    private Value? Staged(List<Stage>? stages, Value? result, Frame frame)
    {
        foreach (var stage in stages ?? [])
        {
            if (stage.Filter is not null)
            {
                result = Filter(stage.Filter, result, frame);
                continue;
            }

            var tuples = (ArrayValue)result!;
            for (var i = 0; i < tuples.Count; i++)
            {
                ((TupleValue)tuples[i]!).Bindings[stage.IndexVariable!] = new NumberValue(i);
            }
        }

        return result;
    }

    private ArrayValue TupleStep(Node step, ArrayValue input, ArrayValue? tuples, Frame frame)
    {
        if (step is SortNode sort)
        {
            return (ArrayValue)Staged(step.Stages, SortedTuples(sort, input, tuples, frame), frame)!;
        }

        var results = ArrayValue.Sequence();
        results.IsTupleStream = true;
        tuples ??= TuplesOf(input);
        foreach (TupleValue? tuple in tuples)
        {
            var found = evaluator.Evaluate(step, tuple!.Item, Frame.Of(frame, tuple));
            if (found is null)
            {
                continue;
            }

            var items = found as ArrayValue ?? ArrayValue.Sequence(found);
            evaluator.Budget.Take(items.Count);
            for (var i = 0; i < items.Count; i++)
            {
                results.Add(Bound(step, tuple, items, i));
            }
        }

        return (ArrayValue)Staged(step.Stages, results, frame)!;
    }

    private static TupleValue Bound(Node step, TupleValue tuple, ArrayValue items, int index)
    {
        var bound = new TupleValue(tuple);
        if (items.IsTupleStream)
        {
            foreach (var (name, value) in ((TupleValue)items[index]!).Bindings)
            {
                bound.Bindings[name] = value;
            }

            return bound;
        }

        bound.Bindings[step.Focus ?? TupleValue.Context] = items[index];
        if (step.IndexVariable is not null)
        {
            bound.Bindings[step.IndexVariable] = new NumberValue(index);
        }

        if (step.Ancestor is not null)
        {
            bound.Bindings[step.Ancestor.Label] = tuple.Item;
        }

        return bound;
    }

    private ArrayValue SortedTuples(SortNode sort, ArrayValue input, ArrayValue? tuples, Frame frame)
    {
        if (tuples is not null)
        {
            var sorted = Sorting.Sort(evaluator, sort, tuples, frame);
            sorted.IsTupleStream = true;
            return sorted;
        }

        var stream = TuplesOf(Sorting.Sort(evaluator, sort, input, frame));
        for (var i = 0; i < stream.Count && sort.IndexVariable is not null; i++)
        {
            ((TupleValue)stream[i]!).Bindings[sort.IndexVariable] = new NumberValue(i);
        }

        return stream;
    }

    private static ArrayValue TuplesOf(ArrayValue items)
    {
        var tuples = ArrayValue.Sequence();
        tuples.IsTupleStream = true;
        foreach (var item in items)
        {
            tuples.Add(new TupleValue(item));
        }

        return tuples;
    }
}
