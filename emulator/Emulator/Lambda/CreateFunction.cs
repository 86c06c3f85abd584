using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

internal sealed record CreateFunctionRequest : FunctionSettings
{
    public FunctionCodeLocation? Code { get; init; }

    public string? PackageType { get; init; }

    public IReadOnlyList<string>? Architectures { get; init; }

    public bool? Publish { get; init; }

    public Dictionary<string, string>? Tags { get; init; }
}

/// <summary>Makes a function; its natural key is the name. It is Pending until its package is unpacked.</summary>
internal static class CreateFunction
{
    /// <param name="token">Of a CloudFormation step: the step repeated finds its function instead of a conflict.</param>
    public static async Task<FunctionDescription> Run(
        FunctionStore functions,
        FunctionCodeSource source,
        Func<string, Scope, bool> roleExists,
        CreateFunctionRequest request,
        Caller caller,
        string? token = null
    )
    {
        var reference = FunctionReference.Parse(request.FunctionName, null, caller.Scope);
        FunctionLimits.Name(reference.Name);
        FunctionLimits.Architectures(request.Architectures);
        if (request.PackageType is not (null or "Zip"))
        {
            throw AwsException.NotImplemented($"the package type {request.PackageType}");
        }

        if (request.Runtime is null || request.Handler is null)
        {
            throw LambdaErrors.Invalid("Runtime and Handler are mandatory parameters for functions created with deployment packages.");
        }

        var draft = request.ApplyTo(
            new FunctionVersion
            {
                Runtime = request.Runtime,
                Handler = request.Handler,
                Role = request.Role ?? "",
                Architecture = request.Architectures is { Count: > 0 } architectures ? architectures[0] : "x86_64",
                CodeSha256 = "",
                CodeSize = 0,
                LastModified = functions.Clock.GetUtcNow(),
                RevisionId = FunctionStore.NewRevision(),
                State = "Pending",
                StateReason = "The function is being created.",
                StateReasonCode = "Creating",
                LastUpdateStatus = "InProgress",
                Build = FunctionStore.NewRevision(),
            },
            functions.Layers,
            caller.Scope
        );
        if (!roleExists(draft.Role, caller.Scope))
        {
            throw LambdaErrors.Invalid("The role defined for the function cannot be assumed by Lambda.");
        }

        if (functions.Functions.Get(caller.Scope, reference.Name) is { } early && (token is null || early.Token != token))
        {
            throw LambdaErrors.Exists(reference.Name);
        }

        var package = await source.Fetch(request.Code ?? new FunctionCodeLocation(), caller).ConfigureAwait(false);
        var version = draft with { CodeSha256 = package.Sha256, CodeSize = package.Zip.Length, UnzippedSize = package.UnzippedSize };
        FunctionLimits.CheckUnzipped(version);
        var made = await functions
            .Database.Write(transaction =>
            {
                if (functions.Functions.Get(transaction, caller.Scope, reference.Name) is { } existing)
                {
                    return token is not null && existing.Token == token ? existing : throw LambdaErrors.Exists(reference.Name);
                }

                FunctionStore.PutCode(transaction, caller.Account, package);
                var function = new Function(reference.Name, version) { Tags = request.Tags ?? [], Token = token };
                if (request.Publish == true)
                {
                    function = PublishVersion.Publish(function, function.Latest.Description, functions);
                }

                functions.Put(transaction, caller.Scope, function);
                functions.Announce(transaction, caller.Scope, function.Name);
                return function;
            })
            .ConfigureAwait(false);
        return FunctionDescription.Of(
            caller.Scope,
            made.Name,
            request.Publish == true && made.Published.Count > 0 ? made.Published[^1] : made.Latest,
            qualified: false
        );
    }
}
