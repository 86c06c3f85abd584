using System.Text.Json;
using Disa.Jsonata.Evaluation;
using Disa.Jsonata.Functions;
using Disa.Jsonata.Syntax;
using Disa.Jsonata.Values;

namespace Disa.Jsonata;

/// <summary>A parsed expression, which can be evaluated any number of times, by several threads too.</summary>
/// <remarks>https://docs.jsonata.org: version 2.2, without functions of the host and without asynchronous ones.</remarks>
public sealed class JsonataExpression
{
    private readonly Node _root;

    private JsonataExpression(string text, Node root) => (Text, _root) = (text, root);

    public string Text { get; }

    /// <summary>Whether a variable's name is a function's that is there without being bound.</summary>
    public static bool IsFunction(string name) => Library.Has(name);

    /// <exception cref="JsonataException">The source is wrong: S0101 and on.</exception>
    public static JsonataExpression Parse(string text) => new(text, Parser.Parse(text));

    /// <summary>The variables that the expression uses without binding them itself, without their dollar signs, in order.</summary>
    public IReadOnlyList<string> FreeVariables => field ??= VariableFinder.Free(_root);

    /// <summary>What the expression reads of the item that it is evaluated with: names, and <c>$</c>.</summary>
    public IReadOnlyList<string> ContextNames => field ??= ContextFinder.Names(_root);

    /// <summary>Whether it asks for the whole input with <c>$$</c>.</summary>
    public bool ReadsRoot => Parts.All(_root).Any(node => node is VariableNode { Name: "$" });

    /// <summary>The members that it reads of a variable, such as <c>input</c> of <c>$states.input.x</c>; null where it uses the variable as a whole.</summary>
    public IReadOnlyList<string>? MembersOf(string variable)
    {
        var paths = Parts
            .All(_root)
            .OfType<PathNode>()
            .Where(path =>
                path.Steps is [VariableNode { Name: var name, Stages: null, Predicate: null, Group: null }, NameNode, ..]
                && name == variable
            )
            .ToList();
        var whole = Parts.All(_root).Count(node => node is VariableNode { Name: var name } && name == variable);
        return whole > paths.Count ? null : [.. paths.Select(path => ((NameNode)path.Steps[1]).Name).Distinct(StringComparer.Ordinal)];
    }

    /// <param name="input">What <c>$</c> and <c>$$</c> are; undefined is allowed.</param>
    /// <returns>Undefined (of kind <see cref="JsonValueKind.Undefined"/>) where nothing was found.</returns>
    /// <exception cref="JsonataException">The evaluation failed: T… and D… codes, or U1001 for a limit.</exception>
    public JsonElement Evaluate(
        JsonElement input,
        JsonataBindings? bindings,
        EvaluationEnvironment environment,
        EvaluationOptions? options = null
    ) => EvaluateTyped(input, bindings, environment, options).Json;

    /// <summary>As <see cref="Evaluate"/>, with the type that <c>$type</c> names, which tells functions from texts.</summary>
    public JsonataResult EvaluateTyped(
        JsonElement input,
        JsonataBindings? bindings,
        EvaluationEnvironment environment,
        EvaluationOptions? options = null
    )
    {
        options ??= EvaluationOptions.Default;
        var evaluator = new Evaluator(options, environment);
        var root = JsonValues.Of(input);
        var frame = Library.Frame(options);
        foreach (var (name, value) in bindings?.Values ?? [])
        {
            frame.Bind(name, value);
        }

        frame.Bind("$", root);
        if (root is ArrayValue)
        {
            var wrapper = ArrayValue.Sequence(root);
            wrapper.IsOuterWrapper = true;
            root = wrapper;
        }

        var result = evaluator.Evaluate(_root, root, frame);
        if (result is ArrayValue { IsOuterWrapper: true } same)
        {
            result = same[0];
        }

        return new JsonataResult(JsonValues.ToJson(result, evaluator.Budget), result?.TypeName ?? "undefined");
    }
}

/// <summary>What an evaluation gave.</summary>
/// <param name="Json">Of kind <see cref="JsonValueKind.Undefined"/> where nothing was found; a function is an empty text.</param>
/// <param name="Type">undefined, null, string, number, boolean, array, object or function.</param>
public readonly record struct JsonataResult(JsonElement Json, string Type);
