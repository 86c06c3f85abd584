using System.Text.Json;
using Disa.Asl;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Jsonata;

namespace Disa.Emulator.StepFunctions;

internal sealed record SendTaskSuccessRequest
{
    public string? TaskToken { get; init; }

    public string? Output { get; init; }
}

internal sealed record SendTaskFailureRequest
{
    public string? TaskToken { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }
}

internal sealed record SendTaskHeartbeatRequest
{
    public string? TaskToken { get; init; }
}

/// <summary>Answers of tasks that wait for a token: SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat.</summary>
internal sealed class SendTaskSuccess(Database database, ExecutionWorker worker)
{
    public Task<EmptyResponse> Run(SendTaskSuccessRequest request, Caller caller, CancellationToken cancellation)
    {
        var text = request.Output ?? throw StepFunctionsErrors.Missing("output");
        return Post(request.TaskToken, caller, (position, task) => new TaskSucceeded(position, task, Parse(text)));
    }

    /// <summary>After the token, which AWS looks at first.</summary>
    private static JsonElement Parse(string output)
    {
        try
        {
            return JsonInput.Parse(output);
        }
        catch (JsonException)
        {
            throw StepFunctionsErrors.InvalidOutput();
        }
    }

    public Task<EmptyResponse> Fail(SendTaskFailureRequest request, Caller caller, CancellationToken cancellation) =>
        Post(
            request.TaskToken,
            caller,
            (position, task) => new TaskFailed(position, task, new WorkflowError(request.Error, request.Cause))
        );

    public Task<EmptyResponse> Heartbeat(SendTaskHeartbeatRequest request, Caller caller, CancellationToken cancellation) =>
        Post(request.TaskToken, caller, (position, task) => new TaskHeartbeat(position, task));

    private async Task<EmptyResponse> Post(string? token, Caller caller, Func<int, long, Happening> happening)
    {
        if (token is null)
        {
            throw StepFunctionsErrors.Missing("taskToken");
        }

        // "You must pass task tokens from principals within the same AWS account": API_SendTaskSuccess and the guide's connect-to-resource.
        if (database.Read(transaction => Executions.Token(transaction, caller.Account, token)) is not var (execution, position, task))
        {
            throw StepFunctionsErrors.InvalidToken();
        }

        var happened = happening(position, task);
        var counted = await worker.Post(execution, happened).ConfigureAwait(false);
        return counted ? EmptyResponse.Value : throw StepFunctionsErrors.TaskTimedOut();
    }
}
