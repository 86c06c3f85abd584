using Disa.Jsonata.Functions;
using Disa.Jsonata.Syntax;
using Disa.Jsonata.Values;

namespace Disa.Jsonata.Evaluation;

/// <summary>Calls of functions, with the loop that makes those in tail position.</summary>
internal sealed class Calls(Evaluator evaluator)
{
    public Value? Evaluate(CallNode node, Value? input, Frame frame) => Evaluate(node, input, frame, []);

    /// <summary><c>left ~> right</c>: a call with the left side before its arguments, an application, or a composition.</summary>
    public Value? Apply(ApplyNode node, Value? input, Frame frame)
    {
        var left = evaluator.Evaluate(node.Left, input, frame);
        if (node.Right is CallNode { IsPartial: false } call)
        {
            return Evaluate(call, input, frame, [left]);
        }

        if (evaluator.Evaluate(node.Right, input, frame) is not FunctionValue function)
        {
            throw new JsonataException("T2006") { Position = node.Position };
        }

        return left is FunctionValue first
            ? new NativeFunction(
                1,
                null,
                (_, arguments) => Invoke(function, [Invoke(first, arguments, NullValue.Instance, frame)], NullValue.Instance, frame)
            )
            : Invoke(function, [left], NullValue.Instance, frame);
    }

    public PartialFunction Partial(CallNode node, Value? input, Frame frame)
    {
        var arguments = node
            .Arguments.Select(argument =>
                argument is OperatorNode { Symbol: "?" } ? (false, null) : (true, evaluator.Evaluate(argument, input, frame))
            )
            .ToList();
        return evaluator.Evaluate(node.Procedure, input, frame) switch
        {
            FunctionValue function => new PartialFunction(function, arguments),
            var other => throw Forgotten(other, node, frame, "T1007")
                ?? new JsonataException("T1008") { Position = node.Position, Token = node.ProcedureName },
        };
    }

    /// <summary>Calls a function with its arguments checked, and makes the calls that it returns in tail position.</summary>
    public Value? Invoke(Value? function, Value?[] arguments, Value? input, Frame frame)
    {
        var result = Once(function, arguments, input, frame);
        while (result is LambdaFunction { IsThunk: true } thunk)
        {
            evaluator.Budget.Take(1);
            var call = (CallNode)thunk.Body;
            var next = evaluator.Evaluate(call.Procedure, thunk.Input, thunk.Frame);
            var given = new Value?[call.Arguments.Count];
            for (var i = 0; i < given.Length; i++)
            {
                given[i] = evaluator.Evaluate(call.Arguments[i], thunk.Input, thunk.Frame);
            }

            try
            {
                result = Once(next, given, input, frame);
            }
            catch (JsonataException error) when (Mark(error, call))
            {
                throw;
            }
        }

        return result;
    }

    /// <summary>Calls a function with what it is interested in of an item, its place and all items.</summary>
    public Value? InvokeFor(FunctionValue function, Value? item, Func<Value?> place, Value? all, Frame frame) =>
        Invoke(
            function,
            function.Arity switch
            {
                >= 3 => [item, place(), all],
                2 => [item, place()],
                _ => [item],
            },
            NullValue.Instance,
            frame
        );

    private Value? Evaluate(CallNode node, Value? input, Frame frame, Value?[] before)
    {
        var function = evaluator.Evaluate(node.Procedure, input, frame);
        if (Forgotten(function, node, frame, "T1005") is { } forgotten)
        {
            throw forgotten;
        }

        var arguments = new Value?[before.Length + node.Arguments.Count];
        before.CopyTo(arguments, 0);
        for (var i = 0; i < node.Arguments.Count; i++)
        {
            arguments[before.Length + i] = evaluator.Evaluate(node.Arguments[i], input, frame);
        }

        try
        {
            return Invoke(function, arguments, input, frame);
        }
        catch (JsonataException error) when (Mark(error, node))
        {
            throw;
        }
    }

    /// <summary>A library function without its dollar sign.</summary>
    private static JsonataException? Forgotten(Value? function, CallNode node, Frame frame, string code) =>
        function is null && node.Procedure is PathNode { Steps: [NameNode { Name: var name }, ..] } && frame.Find(name) is not null
            ? new JsonataException(code) { Position = node.Position, Token = name }
            : null;

    private static bool Mark(JsonataException error, CallNode node)
    {
        error.Position ??= node.Position;
        error.Token ??= node.ProcedureName;
        return false;
    }

    private Value? Once(Value? function, Value?[] arguments, Value? input, Frame frame) =>
        function is FunctionValue called
            ? Unchecked(called, called.Signature?.Validate(arguments, input) ?? arguments, input, frame)
            : throw new JsonataException("T1006");

    private Value? Unchecked(FunctionValue function, Value?[] arguments, Value? input, Frame frame)
    {
        switch (function)
        {
            case LambdaFunction lambda:
                var scope = new Frame(lambda.Frame);
                for (var i = 0; i < lambda.Parameters.Count; i++)
                {
                    scope.Bind(lambda.Parameters[i], i < arguments.Length ? arguments[i] : null);
                }

                return evaluator.Evaluate(lambda.Body, lambda.Input, scope);
            case PartialFunction partial:
                return Unchecked(partial.Function, partial.Complete(arguments), input, frame);
            case RegexFunction regex:
                return regex.Match(arguments.At(0));
            default:
                return ((NativeFunction)function).Implementation(new Call(evaluator, input, frame), arguments);
        }
    }
}
