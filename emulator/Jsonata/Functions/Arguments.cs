using Disa.Jsonata.Values;

namespace Disa.Jsonata.Functions;

/// <summary>Reading arguments that a signature has checked.</summary>
internal static class Arguments
{
    public static Value? At(this Value?[] arguments, int index) => index < arguments.Length ? arguments[index] : null;

    public static string? Text(this Value?[] arguments, int index) => (arguments.At(index) as StringValue)?.Value;

    public static double? Number(this Value?[] arguments, int index) => (arguments.At(index) as NumberValue)?.Value;

    public static ArrayValue? Array(this Value?[] arguments, int index) =>
        arguments.At(index) switch
        {
            null => null,
            ArrayValue array => array,
            var only => new ArrayValue([only]),
        };

    public static FunctionValue? Function(this Value?[] arguments, int index) => arguments.At(index) as FunctionValue;
}
