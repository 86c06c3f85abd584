using System.Text.Json;
using Disa.Asl.Data;

namespace Disa.Asl.States;

/// <summary>How many items of a Map run may fail: ToleratedFailureCount and ToleratedFailurePercentage, or their paths.</summary>
/// <remarks>https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html, "Failure thresholds for Distributed Map state".</remarks>
internal sealed class FailureTolerance
{
    private readonly int? _count;
    private readonly JsonPath? _countPath;
    private readonly JsonataField? _countField;
    private readonly double? _percentage;
    private readonly JsonPath? _percentagePath;
    private readonly JsonataField? _percentageField;

    public FailureTolerance(DefinitionReader reader)
    {
        _countField = reader.JsonataOnly("ToleratedFailureCount");
        _count = reader.Integer("ToleratedFailureCount", 0, TaskState.LongestTimeout);
        _countPath = reader.Path("ToleratedFailureCountPath");
        _percentageField = reader.JsonataOnly("ToleratedFailurePercentage");
        _percentage = reader.Number("ToleratedFailurePercentage", 0);
        _percentagePath = reader.Path("ToleratedFailurePercentagePath");
        if (_percentage > 100)
        {
            reader.Wrong("The value must be between 0.0 and 100.0", "ToleratedFailurePercentage");
        }

        OnlyOne(reader, "ToleratedFailureCount");
        OnlyOne(reader, "ToleratedFailurePercentage");
    }

    public int Count(Scope input)
    {
        if (_countPath is null)
        {
            return _count ?? _countField?.Integer(input, 0) ?? 0;
        }

        var value = WaitState.Referenced(_countPath, input, "ToleratedFailureCountPath");
        return MapInput.Whole(value) switch
        {
            >= 0 and var count => count,
            null => throw NoNumber("ToleratedFailureCountPath", value, "integer", _countPath),
            _ => throw WorkflowException.Runtime("ToleratedFailureCount cannot be negative."),
        };
    }

    public double Percentage(Scope input)
    {
        var value =
            _percentagePath is not null ? WaitState.Referenced(_percentagePath, input, "ToleratedFailurePercentagePath")
            : _percentageField is not null ? _percentageField.Evaluate(input, "number")
            : default;
        if (!value.IsDefined())
        {
            return _percentage ?? 0;
        }

        if (value.ValueKind == JsonValueKind.Number && value.GetDouble() is >= 0 and <= 100 and var percentage)
        {
            return percentage;
        }

        throw _percentageField?.Failed(
            $"returned a value outside of the allowed range: a number from 0 to 100, but was {Json.Compact(value)}"
        )
            ?? (
                value.ValueKind == JsonValueKind.Number
                    ? WorkflowException.Runtime("ToleratedFailurePercentage must be between 0 and 100.")
                    : NoNumber("ToleratedFailurePercentagePath", value, "float", _percentagePath!)
            );
    }

    /// <summary>The quotation marks are AWS's, whatever the value is (recorded on AWS).</summary>
    private static WorkflowException NoNumber(string field, JsonElement value, string wanted, JsonPath path) =>
        WorkflowException.Runtime(
            $"The {field} field refers to value \"{WaitState.Shown(value)}\" which is not a valid {wanted}: {path.Text}"
        );

    private static void OnlyOne(DefinitionReader reader, string field)
    {
        if (reader.Has(field) && reader.Has(field + "Path"))
        {
            reader.Wrong($"Only one of these fields is allowed: [{field}, {field}Path]");
        }
    }
}
