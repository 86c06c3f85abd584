using Disa.Jsonata.Evaluation;
using Disa.Jsonata.Functions;
using Disa.Jsonata.Syntax;

namespace Disa.Jsonata.Values;

internal abstract class FunctionValue : Value
{
    public override string TypeName => "function";

    /// <summary>How many arguments it takes: what higher-order functions go by.</summary>
    public abstract int Arity { get; }

    public virtual Signature? Signature => null;
}

/// <summary>What an implementation of a function is given beside its arguments.</summary>
/// <param name="Input">The context item of the call.</param>
internal readonly record struct Call(Evaluator Evaluator, Value? Input, Frame Frame);

/// <summary>A function of the library.</summary>
internal sealed class NativeFunction(int arity, string? signature, Func<Call, Value?[], Value?> implementation) : FunctionValue
{
    public override int Arity => arity;

    public override Signature? Signature { get; } = signature is null ? null : Signature.Parse(signature);

    public Func<Call, Value?[], Value?> Implementation { get; } = implementation;
}

/// <summary>A function that the expression defines, with the frame that it closes over.</summary>
internal sealed class LambdaFunction(IReadOnlyList<string> parameters, Signature? signature, Node body, Value? input, Frame frame)
    : FunctionValue
{
    public override int Arity => Parameters.Count;

    public override Signature? Signature => signature;

    public IReadOnlyList<string> Parameters => parameters;

    public Node Body => body;

    public Value? Input => input;

    public Frame Frame => frame;

    /// <summary>A call in tail position left to the caller of the function around it.</summary>
    public bool IsThunk { get; init; }
}

/// <summary>A function some of whose arguments are given.</summary>
/// <param name="arguments">Null stands for an argument that is still to come; a lambda's by position, as a library function's.</param>
internal sealed class PartialFunction(FunctionValue function, IReadOnlyList<(bool IsGiven, Value? Value)> arguments) : FunctionValue
{
    public override int Arity { get; } = arguments.Count(argument => !argument.IsGiven);

    public FunctionValue Function => function;

    public Value?[] Complete(Value?[] rest)
    {
        var all = new Value?[arguments.Count];
        var next = 0;
        for (var i = 0; i < all.Length; i++)
        {
            all[i] =
                arguments[i].IsGiven ? arguments[i].Value
                : next < rest.Length ? rest[next++]
                : null;
        }

        return all;
    }
}
