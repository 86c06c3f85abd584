using Disa.Jsonata.Syntax;
using Disa.Jsonata.Values;

namespace Disa.Jsonata.Evaluation;

/// <summary>Operators with two operands that are both evaluated.</summary>
internal static class Operators
{
    /// <summary>The largest range, in members.</summary>
    private const double LargestRange = 1e7;

    public static Value? Evaluate(BinaryNode node, Value? left, Value? right, Evaluator evaluator)
    {
        try
        {
            return node.Symbol switch
            {
                "+" or "-" or "*" or "/" or "%" => Numeric(node.Symbol, left, right),
                "=" => Truth(left is not null && right is not null && AreEqual(left, right, evaluator.Budget)),
                "!=" => Truth(left is not null && right is not null && !AreEqual(left, right, evaluator.Budget)),
                "<" or "<=" or ">" or ">=" => Comparison(node.Symbol, left, right),
                "&" => Texts.Concatenated(left, right, evaluator.Budget),
                ".." => Range(left, right, evaluator.Budget),
                "in" => Truth(Includes(left, right, evaluator.Budget)),
                _ => throw new JsonataException("S0204") { Token = node.Symbol },
            };
        }
        catch (JsonataException error) when (Mark(error, node))
        {
            throw;
        }
    }

    public static double Finite(NumberValue number) =>
        double.IsInfinity(number.Value) ? throw new JsonataException("D1001") { Value = "null" } : number.Value;

    public static bool AreEqual(Value? left, Value? right, Budget budget, int depth = 0)
    {
        budget.Take(1);
        budget.CheckNesting(depth);
        switch (left, right)
        {
            case (NumberValue a, NumberValue b):
                return a.Value == b.Value;
            case (StringValue a, StringValue b):
                return a.Value == b.Value;
            case (ArrayValue a, ArrayValue b):
                return a.Count == b.Count && a.Zip(b).All(pair => AreEqual(pair.First, pair.Second, budget, depth + 1));
            case (ObjectValue a, ObjectValue b):
                return a.Members.Count == b.Members.Count
                    && a.Members.All(member =>
                        b.Members.TryGetValue(member.Key, out var other) && AreEqual(member.Value, other, budget, depth + 1)
                    );
            default:
                return ReferenceEquals(left, right);
        }
    }

    private static bool Mark(JsonataException error, BinaryNode node)
    {
        error.Position = node.Position;
        error.Token = node.Symbol;
        return false;
    }

    private static BooleanValue Truth(bool value) => BooleanValue.Of(value);

    private static NumberValue? Numeric(string symbol, Value? left, Value? right)
    {
        if (left is not null && !IsNumeric(left))
        {
            throw new JsonataException("T2001") { Value = Texts.Json(left) };
        }

        if (right is not null && !IsNumeric(right))
        {
            throw new JsonataException("T2002") { Value = Texts.Json(right) };
        }

        if (left is not NumberValue { Value: var a } || right is not NumberValue { Value: var b })
        {
            return null;
        }

        return new NumberValue(
            symbol switch
            {
                "+" => a + b,
                "-" => a - b,
                "*" => a * b,
                "/" => a / b,
                _ => a % b,
            }
        );
    }

    private static bool IsNumeric(Value value) => value is NumberValue number && !double.IsNaN(Finite(number));

    private static BooleanValue? Comparison(string symbol, Value? left, Value? right)
    {
        if (left is not (null or StringValue or NumberValue) || right is not (null or StringValue or NumberValue))
        {
            throw new JsonataException("T2010") { Value = Texts.Json(left is StringValue or NumberValue ? right : left) };
        }

        if (left is null || right is null)
        {
            return null;
        }

        if (left.GetType() != right.GetType())
        {
            throw new JsonataException("T2009") { Value = Texts.Json(left), Value2 = Texts.Json(right) };
        }

        if (left is NumberValue { Value: var a } && right is NumberValue { Value: var b })
        {
            return Truth(
                symbol switch
                {
                    "<" => a < b,
                    "<=" => a <= b,
                    ">" => a > b,
                    _ => a >= b,
                }
            );
        }

        var order = string.CompareOrdinal(((StringValue)left).Value, ((StringValue)right).Value);
        return Truth(
            symbol switch
            {
                "<" => order < 0,
                "<=" => order <= 0,
                ">" => order > 0,
                _ => order >= 0,
            }
        );
    }

    private static bool Includes(Value? left, Value? right, Budget budget) =>
        left is not null
        && right is not null
        && (right is ArrayValue array ? array.Any(item => AreEqual(left, item, budget)) : AreEqual(left, right, budget));

    private static ArrayValue? Range(Value? left, Value? right, Budget budget)
    {
        if (left is not null && !IsInteger(left))
        {
            throw new JsonataException("T2003") { Value = Texts.Json(left) };
        }

        if (right is not null && !IsInteger(right))
        {
            throw new JsonataException("T2004") { Value = Texts.Json(right) };
        }

        if (left is not NumberValue { Value: var first } || right is not NumberValue { Value: var last } || first > last)
        {
            return null;
        }

        var size = last - first + 1;
        if (size > LargestRange)
        {
            throw new JsonataException("D2014") { Value = Numbers.ToText(size) };
        }

        budget.CheckArray((long)size);
        return new ArrayValue(new IntegerRange(first, (int)size)) { IsSequence = true };
    }

    private static bool IsInteger(Value value) => value is NumberValue { Value: var number } && double.IsInteger(number);
}
