using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Deployment;

namespace Disa.Emulator.CloudFormation;

internal sealed record CreateStackRequest
{
    public string? StackName { get; init; }

    public string? TemplateBody { get; init; }

    public string? TemplateURL { get; init; }

    public List<StackParameter>? Parameters { get; init; }

    public bool? DisableRollback { get; init; }

    public int? TimeoutInMinutes { get; init; }

    public List<string>? Capabilities { get; init; }

    public string? RoleARN { get; init; }

    public string? OnFailure { get; init; }

    public List<StackTag>? Tags { get; init; }

    public RollbackConfiguration? RollbackConfiguration { get; init; }

    public string? ClientRequestToken { get; init; }

    public bool? EnableTerminationProtection { get; init; }

    public string? StackPolicyBody { get; init; }

    public string? StackPolicyURL { get; init; }
}

internal sealed record StackIdResponse(string StackId);

/// <summary>Checks a template and starts creating what it declares.</summary>
internal static class CreateStack
{
    public static async Task<StackIdResponse> Run(
        CreateStackRequest request,
        Caller caller,
        StackEngine engine,
        CancellationToken cancellation
    )
    {
        StackRequests.CheckName(request.StackName);
        if (request.OnFailure is not null && request.DisableRollback is not null)
        {
            throw StackErrors.Validation("You can specify either OnFailure or DisableRollback, but not both.");
        }

        if (request.OnFailure is not (null or "ROLLBACK" or "DO_NOTHING" or "DELETE"))
        {
            throw StackErrors.Constraint(
                request.OnFailure,
                "onFailure",
                "Member must satisfy enum value set: [ROLLBACK, DELETE, DO_NOTHING]"
            );
        }

        var policy = await SetStackPolicy
            .Read(engine, request.StackPolicyBody, request.StackPolicyURL, "StackPolicy", caller, cancellation)
            .ConfigureAwait(false);
        var original = await engine.Templates.Read(request.TemplateBody, request.TemplateURL, caller, cancellation).ConfigureAwait(false);
        var body = await StackRequests
            .Expand(engine, original, request.Parameters, New(caller, request.StackName!, engine), caller, cancellation)
            .ConfigureAwait(false);
        var template = StackRequests.Parse(body);
        var input = StackRequests.Input(template, request.Parameters, request.Tags, request.Capabilities, request.RoleARN, null) with
        {
            Rollback = RollbackConfiguration.Of(request.RollbackConfiguration, null),
        };
        var scope = caller.Scope;
        var store = engine.Store;
        if (store.Find(null, scope, request.StackName!) is null or { Status: "REVIEW_IN_PROGRESS" })
        {
            // Of a stack that is there already, that is what is wrong.
            StackQuota.Check(store, scope, template, null);
            var draft = New(caller, request.StackName!, engine);
            StackStart.Check(store, null, scope, engine.Types, template, input, draft);
            input = await engine.Settle(template, input, draft, caller, cancellation).ConfigureAwait(false);
        }

        var (id, uuid) = await store
            .Database.Write(transaction =>
            {
                var existing = store.Find(transaction, scope, request.StackName!);
                if (existing is { Status: not "REVIEW_IN_PROGRESS" })
                {
                    return existing.ClientRequestToken is { } token && token == request.ClientRequestToken
                        ? (existing.Id, existing.Uuid)
                        : throw StackErrors.AlreadyExists(request.StackName!);
                }

                var stack = (existing ?? New(caller, request.StackName!, engine)) with
                {
                    Input = input with
                    {
                        TemplateId = store.KeepTemplate(transaction, scope, body),
                        OriginalId = store.KeepOriginal(transaction, scope, original, body),
                    },
                    DisableRollback = request.DisableRollback == true,
                    OnFailure = request.OnFailure ?? (request.DisableRollback == true ? "DO_NOTHING" : "ROLLBACK"),
                    TimeoutInMinutes = request.TimeoutInMinutes,
                    TerminationProtection = request.EnableTerminationProtection == true,
                    ClientRequestToken = request.ClientRequestToken,
                    Policy = policy,
                };
                engine.Save(transaction, scope, stack);
                engine
                    .Open(transaction, scope, stack.Uuid)
                    .Enter(
                        "CREATE_IN_PROGRESS",
                        "User Initiated",
                        StackRequests.Operation(caller, engine, request.ClientRequestToken, request.TimeoutInMinutes)
                    );
                foreach (var (_, changeSet) in store.ChangeSets.List(transaction, scope).Where(c => c.Value.StackId == stack.Id))
                {
                    store.ChangeSets.Put(transaction, scope, changeSet.Uuid, changeSet with { ExecutionStatus = "OBSOLETE" });
                }

                return (stack.Id, stack.Uuid);
            })
            .ConfigureAwait(false);
        engine.Signal(scope, uuid);
        return new StackIdResponse(id);
    }

    /// <summary>A stack that has nothing yet.</summary>
    public static StackDocument New(Caller caller, string name, StackEngine engine) =>
        new()
        {
            Id = Arn.Of("cloudformation", caller.Scope, $"stack/{name}/{Guid.NewGuid()}"),
            Name = name,
            Status = "REVIEW_IN_PROGRESS",
            CreationTime = engine.Now,
            Input = new StackInput(),
        };
}
