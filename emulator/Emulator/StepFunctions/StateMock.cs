using System.Text.Json;
using Disa.Asl;
using Disa.Asl.States;
using Disa.Jsonata;

namespace Disa.Emulator.StepFunctions;

/// <summary>What a tested state is told instead of calling anybody: a result or an error.</summary>
internal sealed class StateMock
{
    private readonly JsonElement _result;
    private readonly WorkflowError? _error;

    private readonly string? _mode;

    private StateMock(JsonElement result, WorkflowError? error, string? mode) => (_result, _error, _mode) = (result, error, mode);

    public static StateMock? Of(TestStateRequest request)
    {
        if (request.Mock is not { } mock)
        {
            return null;
        }

        if (mock.FieldValidationMode is not (null or "STRICT" or "PRESENT" or "NONE"))
        {
            throw StepFunctionsErrors.NotOneOf(mock.FieldValidationMode, "mock.fieldValidationMode", "STRICT", "PRESENT", "NONE");
        }

        if (mock.Result is not null == mock.ErrorOutput is not null)
        {
            throw StepFunctionsErrors.Invalid("A test mock should have only one of the following fields: [result, errorOutput].");
        }

        if (request.RevealSecrets == true)
        {
            throw StepFunctionsErrors.Invalid("TestState does not support RevealSecrets when a mock is specified.");
        }

        return mock.ErrorOutput is { } error
            ? new StateMock(default, new WorkflowError(error.Error, error.Cause), mock.FieldValidationMode)
            : new StateMock(Parse(mock.Result!), null, mock.FieldValidationMode);
    }

    public void CheckFor(State state)
    {
        if (state.Type is not ("Task" or "Map" or "Parallel"))
        {
            throw StepFunctionsErrors.Invalid($"State type '{state.Type}' is not supported when a mock is specified");
        }

        if (_error is not null)
        {
            return;
        }

        if (state is TaskState task)
        {
            MockModel.Check(task, _result, _mode);
        }
        else if (state is DistributedMapState { WritesResults: true })
        {
            Require(_result.ValueKind == JsonValueKind.Object, "Mocked result must be a JSON object.");
        }
        else
        {
            Require(_result.ValueKind == JsonValueKind.Array, "Mocked result must be an array.");
            Require(
                state.Type != "Parallel" || _result.GetArrayLength() == state.BranchCount,
                "Mocked result must contain the same number of items as number of Parallel branches."
            );
        }
    }

    private static void Require(bool isRight, string otherwise)
    {
        if (!isRight)
        {
            throw StepFunctionsErrors.Invalid(otherwise);
        }
    }

    public void Answer(StateTest test)
    {
        if (_error is null)
        {
            test.Answer(_result);
        }
        else
        {
            test.Fail(_error);
        }
    }

    private static JsonElement Parse(string result)
    {
        try
        {
            return JsonInput.Parse(result);
        }
        catch (JsonException)
        {
            throw StepFunctionsErrors.Invalid("Mocked result must be valid JSON");
        }
    }
}
