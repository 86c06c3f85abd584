using System.Text.Json;
using Disa.Asl;
using Disa.Asl.States;

namespace Disa.Emulator.StepFunctions;

/// <summary>What a tested state is told instead of calling anybody: a result or an error.</summary>
internal sealed class StateMock
{
    private readonly JsonElement _result;
    private readonly WorkflowError? _error;

    private StateMock(JsonElement result, WorkflowError? error) => (_result, _error) = (result, error);

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
            ? new StateMock(default, new WorkflowError(error.Error, error.Cause))
            : new StateMock(Parse(mock.Result!), null);
    }

    public void CheckFor(State state)
    {
        if (state.Type is not ("Task" or "Map" or "Parallel"))
        {
            throw StepFunctionsErrors.Invalid($"State type '{state.Type}' is not supported when a mock is specified");
        }

        if (_error is null && state.Type != "Task" && _result.ValueKind != JsonValueKind.Array)
        {
            throw StepFunctionsErrors.Invalid("Mocked result must be an array.");
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
            return JsonElement.Parse(result);
        }
        catch (JsonException)
        {
            throw StepFunctionsErrors.Invalid("Mocked result must be valid JSON.");
        }
    }
}
