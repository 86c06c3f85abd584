using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

internal sealed record PutFunctionEventInvokeConfigRequest
{
    public string? FunctionName { get; init; }

    public string? Qualifier { get; init; }

    public int? MaximumRetryAttempts { get; init; }

    public int? MaximumEventAgeInSeconds { get; init; }

    public DestinationConfig? DestinationConfig { get; init; }
}

internal sealed record DestinationConfig
{
    public Destination? OnSuccess { get; init; }

    public Destination? OnFailure { get; init; }
}

internal sealed record Destination([property: System.Text.Json.Serialization.JsonPropertyName("Destination")] string? Target);

internal sealed record EventInvokeConfigDescription
{
    public required DateTimeOffset LastModified { get; init; }

    public required string FunctionArn { get; init; }

    public int? MaximumRetryAttempts { get; init; }

    public int? MaximumEventAgeInSeconds { get; init; }

    public required DestinationConfig DestinationConfig { get; init; }
}

internal sealed record ListFunctionEventInvokeConfigsRequest
{
    public string? FunctionName { get; init; }

    public string? Marker { get; init; }

    public int? MaxItems { get; init; }
}

internal sealed record ListFunctionEventInvokeConfigsResponse(
    IReadOnlyList<EventInvokeConfigDescription> FunctionEventInvokeConfigs,
    string? NextMarker
);

/// <summary>PutFunctionEventInvokeConfig and its family: retries, age and destinations of asynchronous invocations.</summary>
internal static class EventInvokeConfigs
{
    /// <param name="merge">UpdateFunctionEventInvokeConfig keeps what it is not given; Put replaces all.</param>
    public static Task<EventInvokeConfigDescription> Put(
        FunctionStore functions,
        PutFunctionEventInvokeConfigRequest request,
        bool merge,
        Caller caller
    )
    {
        var reference = FunctionReference.Parse(request.FunctionName, request.Qualifier, caller.Scope);
        Check(request);
        return functions.Database.Write(transaction =>
        {
            var function = Find(functions.Functions.Get(transaction, reference.Scope, reference.Name));
            var key = Key(function, reference);
            foreach (var target in Targets(request))
            {
                CheckFunction(functions.Functions.List(transaction, reference.Scope), reference, target);
            }

            var existing = function.EventInvoke.GetValueOrDefault(key);
            if (merge && existing is null)
            {
                throw Missing(reference);
            }

            var start = merge ? existing! : new EventInvokeConfig(default);
            var config = start with
            {
                LastModified = functions.Clock.GetUtcNow(),
                MaximumRetryAttempts = request.MaximumRetryAttempts ?? start.MaximumRetryAttempts,
                MaximumEventAgeInSeconds = request.MaximumEventAgeInSeconds ?? start.MaximumEventAgeInSeconds,
                OnSuccess = request.DestinationConfig is null ? start.OnSuccess : Target(request.DestinationConfig.OnSuccess),
                OnFailure = request.DestinationConfig is null ? start.OnFailure : Target(request.DestinationConfig.OnFailure),
            };
            functions.Put(
                transaction,
                reference.Scope,
                function with
                {
                    EventInvoke = new Dictionary<string, EventInvokeConfig>(function.EventInvoke) { [key] = config },
                }
            );
            return Describe(reference, key, config);
        });
    }

    public static EventInvokeConfigDescription Get(FunctionStore functions, GetFunctionRequest request, Caller caller)
    {
        var reference = FunctionReference.Parse(request.FunctionName, request.Qualifier, caller.Scope);
        return
            functions.Functions.Get(reference.Scope, reference.Name) is { } function
            && KeyOf(reference) is var key
            && function.EventInvoke.TryGetValue(key, out var config)
            ? Describe(reference, key, config)
            : throw Missing(reference);
    }

    public static Task Delete(FunctionStore functions, GetFunctionRequest request, Caller caller)
    {
        var reference = FunctionReference.Parse(request.FunctionName, request.Qualifier, caller.Scope);
        return functions.Database.Write(transaction =>
        {
            var function = Find(functions.Functions.Get(transaction, reference.Scope, reference.Name));
            var left = new Dictionary<string, EventInvokeConfig>(function.EventInvoke);
            if (!left.Remove(KeyOf(reference)))
            {
                throw Missing(reference);
            }

            functions.Put(transaction, reference.Scope, function with { EventInvoke = left });
        });
    }

    public static ListFunctionEventInvokeConfigsResponse List(
        FunctionStore functions,
        ListFunctionEventInvokeConfigsRequest request,
        Caller caller
    )
    {
        var reference = FunctionReference.Parse(request.FunctionName, null, caller.Scope);
        var (page, next) = functions
            .Lists.Of("ListFunctionEventInvokeConfigs", caller.Scope, reference.Arn)
            .PageByCount(
                Find(functions.Functions.Get(reference.Scope, reference.Name))
                    .EventInvoke.OrderBy(entry => entry.Key, StringComparer.Ordinal)
                    .Select(entry => Describe(reference, entry.Key, entry.Value)),
                LambdaErrors.PageSize(request.MaxItems, 50),
                request.Marker
            );
        return new(page, next);
    }

    private static Function Find(Function? function) => function ?? throw NoFunction();

    private static AwsException NoFunction() => LambdaErrors.NotFound("The function doesn't exist.");

    private static IEnumerable<string> Targets(PutFunctionEventInvokeConfigRequest request) =>
        ((string?[])[Target(request.DestinationConfig?.OnSuccess), Target(request.DestinationConfig?.OnFailure)]).OfType<string>();

    /// <summary>A function as destination must be there, and be another one.</summary>
    private static void CheckFunction(
        System.Collections.Immutable.ImmutableSortedDictionary<string, Function> all,
        FunctionReference reference,
        string target
    )
    {
        if (Arn.TryParse(target) is not { Service: "lambda" })
        {
            return;
        }

        var other = FunctionReference.Anywhere(target, null, reference.Scope);
        if (other.Scope == reference.Scope && !all.ContainsKey(other.Name))
        {
            throw LambdaErrors.Invalid($"The destination ARN {target} is invalid.");
        }

        if (other.Scope == reference.Scope && other.Name == reference.Name)
        {
            throw LambdaErrors.Invalid("You can't specify the function as a destination for itself.");
        }
    }

    private static void Check(PutFunctionEventInvokeConfigRequest request)
    {
        if (request is { MaximumRetryAttempts: null, MaximumEventAgeInSeconds: null, DestinationConfig: null })
        {
            throw LambdaErrors.Invalid("You must specify at least one of error handling or destination setting.");
        }

        if (request.MaximumRetryAttempts is { } attempts and not (>= 0 and <= 2))
        {
            throw LambdaErrors.Constraint(
                $"{attempts}",
                "maximumRetryAttempts",
                attempts < 0 ? "Member must have value greater than or equal to 0" : "Member must have value less than or equal to 2"
            );
        }

        if (request.MaximumEventAgeInSeconds is { } age and not (>= 60 and <= 21600))
        {
            throw LambdaErrors.Constraint(
                $"{age}",
                "maximumEventAgeInSeconds",
                age < 60 ? "Member must have value greater than or equal to 60" : "Member must have value less than or equal to 21600"
            );
        }

        foreach (var target in Targets(request))
        {
            if (Arn.TryParse(target) is not { Service: "sqs" or "sns" or "lambda" or "events" })
            {
                throw Arn.TryParse(target) is { Service: "s3" }
                    ? AwsException.NotImplemented("S3 destinations of asynchronous invocations")
                    : LambdaErrors.Invalid($"The destination ARN {target} is invalid.");
            }
        }
    }

    private static string? Target(Destination? destination) => destination?.Target is { Length: > 0 } target ? target : null;

    private static string Key(Function function, FunctionReference reference)
    {
        if (function.Resolve(reference.Qualifier) is null)
        {
            throw NoFunction();
        }

        return KeyOf(reference);
    }

    private static string KeyOf(FunctionReference reference) =>
        reference.Qualifier is null or FunctionVersion.Unpublished ? "" : reference.Qualifier;

    private static EventInvokeConfigDescription Describe(FunctionReference reference, string key, EventInvokeConfig config) =>
        new()
        {
            LastModified = config.LastModified,
            FunctionArn = FunctionReference.ArnOf(reference.Scope, reference.Name, key.Length == 0 ? FunctionVersion.Unpublished : key),
            MaximumRetryAttempts = config.MaximumRetryAttempts,
            MaximumEventAgeInSeconds = config.MaximumEventAgeInSeconds,
            DestinationConfig = new DestinationConfig
            {
                OnSuccess = new Destination(config.OnSuccess),
                OnFailure = new Destination(config.OnFailure),
            },
        };

    private static AwsException Missing(FunctionReference reference) =>
        LambdaErrors.NotFound(
            $"The function {FunctionReference.ArnOf(reference.Scope, reference.Name, reference.Qualifier ?? FunctionVersion.Unpublished)} doesn't have an EventInvokeConfig"
        );
}
