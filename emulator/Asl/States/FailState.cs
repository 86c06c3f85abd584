using System.Text.Json;
using Disa.Asl.Data;

namespace Disa.Asl.States;

/// <summary>Ends its branch with an error.</summary>
internal sealed class FailState : State
{
    private readonly bool _isJsonata;
    private readonly string? _error;
    private readonly string? _cause;
    private readonly Expression? _errorPath;
    private readonly Expression? _causePath;
    private readonly JsonataField? _errorField;
    private readonly JsonataField? _causeField;

    public FailState(DefinitionReader reader, string name)
        : base(reader, name, "Fail", hasNext: false)
    {
        _isJsonata = reader.Language == QueryLanguage.Jsonata;
        _errorField = reader.JsonataOnly("Error");
        _causeField = reader.JsonataOnly("Cause");
        _error = reader.String("Error");
        _cause = reader.String("Cause");
        _errorPath = reader.Expression("ErrorPath");
        _causePath = reader.Expression("CausePath");
        if (_error is not null && _errorPath is not null)
        {
            reader.Wrong("Only one of these fields is allowed: [Error, ErrorPath]");
        }

        if (_cause is not null && _causePath is not null)
        {
            reader.Wrong("Only one of these fields is allowed: [Cause, CausePath]");
        }
    }

    internal override void Run(Step step, Position position)
    {
        var scope = step.Scope(position);
        if (!_isJsonata)
        {
            step.Moment.Inspection?.Note("afterInputPath", position.Input);
        }

        step.Fail(
            position.Id,
            new WorkflowError(
                _errorField?.Evaluate(scope, "string").GetString() ?? Text(_error, _errorPath, "ErrorPath", scope),
                _causeField?.Evaluate(scope, "string").GetString() ?? Text(_cause, _causePath, "CausePath", scope)
            )
        );
    }

    private static string? Text(string? text, Expression? expression, string field, Scope scope)
    {
        if (expression is null)
        {
            return text;
        }

        JsonElement value;
        try
        {
            value = expression.Evaluate(scope);
        }
        catch (PathException)
        {
            throw Template.NotFound(field, expression, scope);
        }

        return value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : throw WorkflowException.Runtime($"The {field} '{expression.Text}' must reference a string value");
    }
}
