using System.Text.Json;
using Disa.Asl;
using Disa.Asl.Data;
using Disa.Asl.States;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.StepFunctions.Integrations;
using Disa.Emulator.Time;
using Disa.Jsonata;

namespace Disa.Emulator.StepFunctions;

internal sealed record TestStateRequest
{
    public string? Definition { get; init; }

    public string? RoleArn { get; init; }

    public string? Input { get; init; }

    public string? InspectionLevel { get; init; }

    public bool? RevealSecrets { get; init; }

    public string? Variables { get; init; }

    public string? StateName { get; init; }

    public TestStateMock? Mock { get; init; }

    public string? Context { get; init; }

    public TestStateConfiguration? StateConfiguration { get; init; }
}

internal sealed record TestStateMock
{
    public string? Result { get; init; }

    public MockErrorOutput? ErrorOutput { get; init; }

    public string? FieldValidationMode { get; init; }
}

internal sealed record MockErrorOutput
{
    public string? Error { get; init; }

    public string? Cause { get; init; }
}

internal sealed record TestStateConfiguration
{
    public int? RetrierRetryCount { get; init; }

    public string? ErrorCausedByState { get; init; }

    public int? MapIterationFailureCount { get; init; }

    public string? MapItemReaderData { get; init; }
}

internal sealed record TestStateResponse
{
    public string? Output { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }

    public InspectionData? InspectionData { get; init; }

    public string? NextState { get; init; }

    public required string Status { get; init; }
}

/// <summary>Runs one state, with a mock in the place of what it calls or on the real services, and shows what becomes of its data.</summary>
internal sealed class TestState(ServiceDirectory services, TaskRunner tasks, Clock clock)
{
    public async Task<TestStateResponse> Run(TestStateRequest request, Caller caller, CancellationToken cancellation)
    {
        var mock = StateMock.Of(request);
        if (request.InspectionLevel is not (null or "INFO" or "DEBUG" or "TRACE"))
        {
            throw StepFunctionsErrors.NotOneOf(request.InspectionLevel, "inspectionLevel", "TRACE", "DEBUG", "INFO");
        }

        var machine = TestedState.Read(request.Definition ?? throw StepFunctionsErrors.Missing("definition"), request.StateName);
        var state = machine.States.First();
        if (mock is null && state.Type is ("Map" or "Parallel"))
        {
            throw StepFunctionsErrors.NoJoiningState();
        }

        mock?.CheckFor(state);
        Check(request, state, isMocked: mock is not null);
        var context = TestContext.Read(request.Context, state);
        var inspection = new Inspection
        {
            Context = context,
            RetrierRetryCount = request.StateConfiguration?.RetrierRetryCount ?? 0,
            FailedItems = request.StateConfiguration?.MapIterationFailureCount ?? 0,
            ReadItems = request.StateConfiguration?.MapItemReaderData is { } data ? order => MapRuns.ItemSource.Read(order, data) : null,
        };
        var row = Row(request, caller);
        var document = Document(request, row);
        var test = new StateTest(
            machine,
            Executions.Facts(row, document) with
            {
                RoleArn = request.RoleArn,
                RedriveCount = null,
            },
            Variables(request.Variables),
            inspection,
            clock.GetUtcNow(),
            SecureRandom.Instance
        );
        if (mock is not null)
        {
            mock.Answer(test);
        }
        else if (test.Task is not null)
        {
            await Call(test, row, document, cancellation).ConfigureAwait(false);
        }

        return Answer(test, inspection, request.InspectionLevel);
    }

    private void Check(TestStateRequest request, State state, bool isMocked)
    {
        if (request.RoleArn is not null)
        {
            StateMachines.CheckRole(request.RoleArn);
        }

        if (request.StateConfiguration is { MapIterationFailureCount: not null } or { MapItemReaderData: not null })
        {
            if (state is not DistributedMapState)
            {
                throw AwsException.NotImplemented("the configuration of a distributed Map for another state in states:TestState");
            }

            if (request.StateConfiguration.MapIterationFailureCount is < 0 and var count)
            {
                throw StepFunctionsErrors.OutOfRange(count, "stateConfiguration.mapIterationFailureCount", 0, int.MaxValue);
            }
        }

        if (isMocked || state is not TaskState task)
        {
            return;
        }

        if (TaskResource.IsSubmitted(task.Resource) || TaskResource.IsActivity(task.Resource))
        {
            throw StepFunctionsErrors.Invalid(
                "TestState only supports Activity tasks and the '.sync' and '.waitForTaskToken' service integration patterns when a mock is specified"
            );
        }

        var wrong = new List<Diagnostic>();
        Integration.Check(task, isExpress: false, services, wrong);
        if (wrong.FirstOrDefault() is { } refused)
        {
            throw AwsException.NotImplemented(refused.Message);
        }

        if (request.RoleArn is null)
        {
            throw StepFunctionsErrors.Invalid("RoleArn must be specified when testing a Task state");
        }
    }

    private async Task Call(StateTest test, ExecutionRow row, StateMachineDocument document, CancellationToken cancellation)
    {
        switch (await tasks.Run(row, document, test.Position!, cancellation).ConfigureAwait(false))
        {
            case TaskSucceeded success:
                test.Answer(success.Output);
                break;
            case TaskFailed failure:
                test.Fail(failure.Error);
                break;
        }
    }

    private ExecutionRow Row(TestStateRequest request, Caller caller)
    {
        // An EXPRESS execution, of a machine of its own for each test (recorded on AWS).
        var (machine, name) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
        return new ExecutionRow
        {
            Arn = Arn.Of("states", caller.Scope, $"express:{machine}:{name}"),
            Machine = StateMachines.ArnOf(caller.Scope, machine),
            Name = name,
            Revision = "",
            Started = clock.GetUtcNow(),
            Input = StartExecution.Input(request.Input),
        };
    }

    private static StateMachineDocument Document(TestStateRequest request, ExecutionRow row) =>
        new()
        {
            Arn = row.Machine,
            Name = StateMachines.NameOf(row.Machine),
            Definition = request.Definition!,
            RoleArn = request.RoleArn ?? "",
            Created = row.Started,
            Revision = "",
        };

    private static JsonElement Variables(string? variables)
    {
        try
        {
            return variables is null ? Json.EmptyObject
                : JsonInput.Parse(variables) is { ValueKind: JsonValueKind.Object } parsed ? parsed
                : throw StepFunctionsErrors.Invalid("Variables must be a JSON object");
        }
        catch (JsonException)
        {
            throw StepFunctionsErrors.Invalid("Variables must be a JSON object");
        }
    }

    private static TestStateResponse Answer(StateTest test, Inspection inspection, string? level)
    {
        var response = test switch
        {
            { Outcome: { Status: Outcome.Succeeded } outcome } => new TestStateResponse
            {
                Status = "SUCCEEDED",
                Output = outcome.Output.GetRawText(),
            },
            { Outcome: { } outcome } => new TestStateResponse { Status = "FAILED" } with
            {
                Error = outcome.Error?.Error,
                Cause = outcome.Error?.Cause,
            },
            { Position.Phase: Phase.Retry } => new TestStateResponse
            {
                Status = "RETRIABLE",
                Error = inspection.Error?.Error,
                Cause = inspection.Error?.Cause,
            },
            { Position: var position } when inspection.CatchIndex is not null => new TestStateResponse
            {
                Status = "CAUGHT_ERROR",
                Error = inspection.Error?.Error,
                Cause = inspection.Error?.Cause,
                Output = position!.Input.GetRawText(),
                NextState = position.State,
            },
            { Position: var position } => new TestStateResponse
            {
                Status = "SUCCEEDED",
                Output = position!.Input.GetRawText(),
                NextState = position.State,
            },
        };
        return level is "DEBUG" or "TRACE" ? response with { InspectionData = InspectionData.Of(inspection) } : response;
    }
}
