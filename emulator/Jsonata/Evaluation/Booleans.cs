using Disa.Jsonata.Values;

namespace Disa.Jsonata.Evaluation;

/// <summary>What counts as true: <c>$boolean</c>.</summary>
internal static class Booleans
{
    public static bool IsTrue(Value? value) =>
        value switch
        {
            BooleanValue boolean => boolean.Value,
            NumberValue number => Operators.Finite(number) != 0 && !double.IsNaN(number.Value),
            StringValue text => text.Value.Length > 0,
            ArrayValue array => array.Any(IsTrue),
            ObjectValue made => made.Members.Count > 0,
            _ => false,
        };
}
