using Disa.Jsonata.Values;

namespace Disa.Jsonata.Functions;

/// <summary>Functions on objects.</summary>
internal static class Objects
{
    public static Value? Keys(Call call, Value?[] arguments)
    {
        var names = ArrayValue.Sequence();
        foreach (var name in Names(arguments.At(0)).Distinct(StringComparer.Ordinal))
        {
            names.Add(new StringValue(name));
        }

        return names;
    }

    public static Value? Lookup(Call call, Value?[] arguments) => call.Evaluator.Lookup(arguments.At(0), arguments.Text(1) ?? "undefined");

    public static Value? Spread(Call call, Value?[] arguments)
    {
        switch (arguments.At(0))
        {
            case ArrayValue array:
                var spread = ArrayValue.Sequence();
                foreach (var item in array)
                {
                    call.Evaluator.Budget.Take(1);
                    var part = Spread(call, [item]);
                    if (part is ArrayValue many)
                    {
                        spread.AddRange(many);
                    }
                    else if (part is not null)
                    {
                        spread.Add(part);
                    }
                }

                return spread;
            case ObjectValue made:
                var members = ArrayValue.Sequence();
                foreach (var (name, value) in made.Members)
                {
                    var single = new ObjectValue();
                    single.Set(name, value);
                    members.Add(single);
                }

                return members;
            default:
                return arguments.At(0);
        }
    }

    public static Value? Merge(Call call, Value?[] arguments)
    {
        if (arguments.Array(0) is not { } parts)
        {
            return null;
        }

        var merged = new ObjectValue();
        foreach (var part in parts)
        {
            foreach (var (name, value) in (part as ObjectValue)?.Members ?? [])
            {
                call.Evaluator.Budget.Take(1);
                merged.Set(name, value);
            }
        }

        return merged;
    }

    public static Value? Clone(Call call, Value?[] arguments) => Copy(call, arguments.At(0), 0);

    private static Value? Copy(Call call, Value? value, int depth)
    {
        call.Evaluator.Budget.Take(1);
        call.Evaluator.Budget.CheckNesting(depth);
        switch (value)
        {
            case ArrayValue array:
                return new ArrayValue([
                    .. (array.IsOuterWrapper ? (ArrayValue)array[0]! : array).Select(item => Copy(call, item, depth + 1)),
                ]);
            case ObjectValue made:
                var copy = new ObjectValue();
                foreach (var (name, member) in made.Members)
                {
                    copy.Set(name, Copy(call, member, depth + 1));
                }

                return copy;
            case FunctionValue:
                return StringValue.Empty;
            default:
                return value;
        }
    }

    private static IEnumerable<string> Names(Value? value) =>
        value switch
        {
            ObjectValue made => made.Members.Keys,
            ArrayValue array => array.SelectMany(Names),
            _ => [],
        };
}
