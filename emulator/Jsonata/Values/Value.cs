namespace Disa.Jsonata.Values;

/// <summary>A value of the language. What JSONata calls undefined (nothing was found) is a null reference; JSON's null is <see cref="NullValue"/>.</summary>
internal abstract class Value
{
    /// <summary>As <c>$type</c> names it.</summary>
    public abstract string TypeName { get; }
}

internal sealed class NullValue : Value
{
    public static readonly NullValue Instance = new();

    private NullValue() { }

    public override string TypeName => "null";
}

internal sealed class BooleanValue : Value
{
    public static readonly BooleanValue True = new(true);
    public static readonly BooleanValue False = new(false);

    private BooleanValue(bool value) => Value = value;

    public bool Value { get; }

    public override string TypeName => "boolean";

    public static BooleanValue Of(bool value) => value ? True : False;
}

/// <summary>A double, as in JavaScript.</summary>
/// <param name="text">How the input writes it: kept as long as nothing is computed with it.</param>
internal sealed class NumberValue(double value, string? text = null) : Value
{
    public double Value { get; } = value;

    public string? Text { get; } = text;

    public override string TypeName => "number";
}

internal sealed class StringValue(string value) : Value
{
    public static readonly StringValue Empty = new("");

    public string Value { get; } = value;

    public override string TypeName => "string";
}
