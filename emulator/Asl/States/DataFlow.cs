using System.Text.Json;
using Disa.Asl.Data;

namespace Disa.Asl.States;

/// <summary>The way of data through a state: what it takes in, what it makes of its result, what it passes on.</summary>
internal abstract class DataFlow
{
    /// <param name="parameters">Whether the state makes something of its input: Parameters, Arguments.</param>
    /// <param name="result">Whether it has a result.</param>
    /// <param name="selector">Whether it selects from the result: what a state that only passes its input on does not.</param>
    public static DataFlow Read(DefinitionReader reader, bool parameters = false, bool result = false, bool selector = false) =>
        reader.Language == QueryLanguage.Jsonata
            ? new JsonataFlow(reader, hasArguments: parameters && selector, hasResult: selector)
            : new JsonPathFlow(reader, parameters, result, selector);

    protected static JsonElement Noted(Scope scope, string name, JsonElement value)
    {
        scope.Moment.Inspection?.Note(name, value);
        return value;
    }

    /// <summary>InputPath alone.</summary>
    public abstract JsonElement Input(Scope scope);

    /// <summary>InputPath, then Parameters; or Arguments.</summary>
    public abstract JsonElement EffectiveInput(Scope scope);

    /// <summary>ResultSelector, Assign, ResultPath, OutputPath; or Assign and Output.</summary>
    public abstract (JsonElement Output, JsonElement Assigned) Output(Scope raw, JsonElement result);

    /// <summary>For states without a result of their own.</summary>
    public abstract (JsonElement Output, JsonElement Assigned) Passed(Scope input);

    /// <summary>What goes where a rule of a Choice leads that has no output of its own.</summary>
    public abstract JsonElement Chosen(Scope input);
}

/// <summary>Paths, templates with fields that end in <c>.$</c>, and a place for the result.</summary>
internal sealed class JsonPathFlow : DataFlow
{
    private readonly Optional<JsonPath> _inputPath;
    private readonly Optional<JsonPath> _outputPath;
    private readonly Optional<JsonPath> _resultPath;
    private readonly Template? _parameters;
    private readonly Template? _resultSelector;
    private readonly Template? _assign;

    public JsonPathFlow(DefinitionReader reader, bool parameters, bool result, bool selector)
    {
        _inputPath = reader.NullablePath("InputPath");
        _outputPath = reader.NullablePath("OutputPath");
        _parameters = parameters ? reader.Template("Parameters") : null;
        _resultPath = result ? reader.NullablePath("ResultPath", reference: true) : default;
        _resultSelector = selector ? reader.Template("ResultSelector") : null;
        _assign = reader.Template("Assign");
    }

    public override JsonElement Input(Scope scope) => Noted(scope, "afterInputPath", Select(_inputPath, scope));

    public override JsonElement EffectiveInput(Scope scope)
    {
        var input = Input(scope);
        return Noted(scope, "afterParameters", _parameters is null ? input : _parameters.Evaluate(scope.With(input)));
    }

    public override (JsonElement Output, JsonElement Assigned) Output(Scope raw, JsonElement result)
    {
        var selected = Noted(raw, "afterResultSelector", _resultSelector is null ? result : _resultSelector.Evaluate(raw.With(result)));
        var assigned = Assign(raw.With(selected));
        var combined =
            !_resultPath.IsSet ? selected
            : _resultPath.Value is null ? raw.Input
            : ReferencePath.Put(_resultPath.Value, raw.Input, selected);
        return (Select(_outputPath, raw.With(Noted(raw, "afterResultPath", combined))), assigned);
    }

    public override (JsonElement Output, JsonElement Assigned) Passed(Scope input) => (Select(_outputPath, input), Assign(input));

    public override JsonElement Chosen(Scope input) => Select(_outputPath, input);

    private JsonElement Assign(Scope scope) => _assign?.Evaluate(scope) ?? default;

    private static JsonElement Select(Optional<JsonPath> path, Scope scope) =>
        !path.IsSet ? scope.Input : path.Value?.Read(scope) ?? Json.EmptyObject;
}

/// <summary>Expressions: Arguments, Output, Assign.</summary>
internal sealed class JsonataFlow : DataFlow
{
    private readonly JsonataTemplate? _arguments;
    private readonly JsonataTemplate? _output;
    private readonly JsonataTemplate? _assign;

    public JsonataFlow(DefinitionReader reader, bool hasArguments, bool hasResult)
    {
        var place = hasResult ? JsonataPlace.Result : JsonataPlace.Before;
        _arguments = hasArguments ? reader.Jsonata("Arguments") : null;
        _output = reader.Jsonata("Output", place);
        _assign = reader.Jsonata("Assign", place);
    }

    public override JsonElement Input(Scope scope) => scope.Input;

    public override JsonElement EffectiveInput(Scope scope) => Noted(scope, "afterArguments", _arguments?.Evaluate(scope) ?? scope.Input);

    public override (JsonElement Output, JsonElement Assigned) Output(Scope raw, JsonElement result) =>
        Made(raw.WithResult(result), result);

    public override (JsonElement Output, JsonElement Assigned) Passed(Scope input) => Made(input, input.Input);

    public override JsonElement Chosen(Scope input) => input.Input;

    private (JsonElement Output, JsonElement Assigned) Made(Scope scope, JsonElement otherwise)
    {
        var assigned = _assign?.Evaluate(scope) ?? default;
        return (_output?.Evaluate(scope) ?? otherwise, assigned);
    }
}
