using Disa.Jsonata.Functions;
using Disa.Jsonata.Syntax;
using Disa.Jsonata.Values;

namespace Disa.Jsonata.Evaluation;

/// <summary>The transform operator: a function that answers a changed copy of its argument.</summary>
internal static class Transformation
{
    public static NativeFunction Function(TransformNode node, Frame frame) =>
        new(1, "<(oa):o>", (call, arguments) => Transform(node, call.Evaluator, arguments.At(0), frame));

    private static Value? Transform(TransformNode node, Evaluator evaluator, Value? value, Frame frame)
    {
        if (value is null)
        {
            return null;
        }

        if (frame.Find("clone") is not FunctionValue clone)
        {
            throw new JsonataException("T2013") { Position = node.Position };
        }

        var copy = evaluator.Calls.Invoke(clone, [value], NullValue.Instance, frame);
        var matches = evaluator.Evaluate(node.Pattern, copy, frame);
        foreach (var match in matches as ArrayValue ?? ArrayValue.Sequence(matches))
        {
            if (match is not null)
            {
                Change(node, evaluator, match, frame);
            }
        }

        return copy;
    }

    private static void Change(TransformNode node, Evaluator evaluator, Value match, Frame frame)
    {
        var update = evaluator.Evaluate(node.Update, match, frame);
        if (update is not null and not ObjectValue)
        {
            throw new JsonataException("T2011") { Position = node.Update.Position, Value = Texts.Json(update) };
        }

        var target = match as ObjectValue;
        if (update is ObjectValue changes && target is not null)
        {
            foreach (var (name, value) in changes.Members)
            {
                target.Set(name, value);
            }
        }

        if (node.Delete is null || evaluator.Evaluate(node.Delete, match, frame) is not { } deletions)
        {
            return;
        }

        foreach (var name in deletions as ArrayValue ?? ArrayValue.Sequence(deletions))
        {
            if (name is not StringValue text)
            {
                throw new JsonataException("T2012") { Position = node.Delete.Position, Value = Texts.Json(deletions) };
            }

            target?.Remove(text.Value);
        }
    }
}
