using System.Globalization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

internal sealed record PutProvisionedConcurrencyConfigRequest
{
    public string? FunctionName { get; init; }

    public string? Qualifier { get; init; }

    public int? ProvisionedConcurrentExecutions { get; init; }
}

internal sealed record ListProvisionedConcurrencyConfigsRequest
{
    public string? FunctionName { get; init; }

    public string? Marker { get; init; }

    public int? MaxItems { get; init; }
}

internal sealed record ProvisionedConcurrencyConfig
{
    public string? FunctionArn { get; init; }

    public required int RequestedProvisionedConcurrentExecutions { get; init; }

    public required int AvailableProvisionedConcurrentExecutions { get; init; }

    public required int AllocatedProvisionedConcurrentExecutions { get; init; }

    public required string Status { get; init; }

    public required string LastModified { get; init; }
}

internal sealed record ListProvisionedConcurrencyConfigsResponse(
    IReadOnlyList<ProvisionedConcurrencyConfig> ProvisionedConcurrencyConfigs,
    string? NextMarker
);

/// <summary>
/// PutProvisionedConcurrencyConfig, GetProvisionedConcurrencyConfig, DeleteProvisionedConcurrencyConfig and ListProvisionedConcurrencyConfigs:
/// environments that are ready before they are called.
/// </summary>
/// <remarks>Answers and refusals are as recorded on AWS in localstack's tests/aws/services/lambda_/test_lambda_api, TestLambdaProvisionedConcurrency.</remarks>
internal sealed class ProvisionedConcurrencyConfigs(FunctionStore functions, bool instant)
{
    private const int Page = 50;

    /// <summary>AWS takes minutes.</summary>
    private static readonly TimeSpan Allocation = TimeSpan.FromSeconds(2);

    public Task<ProvisionedConcurrencyConfig> Put(PutProvisionedConcurrencyConfigRequest request, Caller caller)
    {
        if (request.ProvisionedConcurrentExecutions is not >= 1)
        {
            throw LambdaErrors.Constraint(
                request.ProvisionedConcurrentExecutions?.ToString(CultureInfo.InvariantCulture) ?? "null",
                "provisionedConcurrentExecutions",
                "Member must have value greater than or equal to 1"
            );
        }

        var reference = FunctionReference.Parse(request.FunctionName, request.Qualifier, caller.Scope);
        if (reference.Qualifier is null or FunctionVersion.Unpublished)
        {
            throw LambdaErrors.Invalid("Provisioned Concurrency Configs cannot be applied to unpublished function versions.");
        }

        var requested = request.ProvisionedConcurrentExecutions.Value;
        return functions.Database.Write(transaction =>
        {
            var function = Find(functions.Functions.Get(transaction, reference.Scope, reference.Name), reference);
            CheckOverlap(function, reference.Qualifier);
            CheckRoom(function, reference.Qualifier, requested, functions.Functions.List(transaction, reference.Scope).Values);
            var made = new ProvisionedConcurrency(requested, functions.Clock.GetUtcNow());
            var all = new Dictionary<string, ProvisionedConcurrency>(function.Provisioned, StringComparer.Ordinal)
            {
                [reference.Qualifier] = made,
            };
            Save(transaction, reference, function, all);
            return Describe(made, isReady: false);
        });
    }

    public ProvisionedConcurrencyConfig Get(GetFunctionRequest request, Caller caller)
    {
        var reference = Qualified(request, caller);
        var function = Find(functions.Functions.Get(reference.Scope, reference.Name), reference);
        return function.Provisioned.GetValueOrDefault(reference.Qualifier!) is { } made
            ? Describe(made, IsReady(made))
            : throw new AwsException(
                "ProvisionedConcurrencyConfigNotFoundException",
                "No Provisioned Concurrency Config found for this function",
                404
            );
    }

    /// <summary>Succeeds where there is none.</summary>
    public Task Delete(GetFunctionRequest request, Caller caller)
    {
        var reference = Qualified(request, caller);
        return functions.Database.Write(transaction =>
        {
            var function = Find(functions.Functions.Get(transaction, reference.Scope, reference.Name), reference);
            if (function.Provisioned.ContainsKey(reference.Qualifier!))
            {
                Save(
                    transaction,
                    reference,
                    function,
                    function.Provisioned.Where(entry => entry.Key != reference.Qualifier).ToDictionary(StringComparer.Ordinal)
                );
            }
        });
    }

    public ListProvisionedConcurrencyConfigsResponse List(ListProvisionedConcurrencyConfigsRequest request, Caller caller)
    {
        var reference = FunctionReference.Parse(request.FunctionName, null, caller.Scope);
        var all = functions
            .Get(reference)
            .Provisioned.OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry =>
                Describe(entry.Value, IsReady(entry.Value)) with
                {
                    FunctionArn = FunctionReference.ArnOf(reference.Scope, reference.Name, entry.Key),
                }
            );
        var (page, next) = functions
            .Lists.Of("ListProvisionedConcurrencyConfigs", caller.Scope, reference.Arn)
            .PageByCount(all, LambdaErrors.PageSize(request.MaxItems, Page), request.Marker);
        return new(page, next);
    }

    /// <summary>A version is provisioned for itself or for its aliases.</summary>
    private static void CheckOverlap(Function function, string qualifier)
    {
        if (function.Aliases.FirstOrDefault(alias => alias.Name == qualifier) is { } asked)
        {
            if (function.Provisioned.ContainsKey(asked.FunctionVersion))
            {
                throw LambdaErrors.Conflict(
                    "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version"
                );
            }
        }
        else if (function.Aliases.Any(alias => alias.FunctionVersion == qualifier && function.Provisioned.ContainsKey(alias.Name)))
        {
            throw LambdaErrors.Conflict("Version is pointed by a Provisioned Concurrency alias");
        }
    }

    private static void CheckRoom(Function function, string qualifier, int requested, IEnumerable<Function> all)
    {
        var others = function.Provisioned.Where(entry => entry.Key != qualifier).Sum(entry => entry.Value.Requested);
        if (function.ReservedConcurrency is { } reserved)
        {
            if (others + requested > reserved)
            {
                throw LambdaErrors.Invalid(
                    "Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function"
                );
            }

            return;
        }

        var unreserved = Concurrency.Unreserved(all.Where(other => other.Name != function.Name)) - others;
        if (requested > unreserved)
        {
            throw LambdaErrors.Untyped(
                $"Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [{unreserved}]."
            );
        }

        if (unreserved - requested < Concurrency.Unreservable)
        {
            throw LambdaErrors.Untyped(
                $"Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [{Concurrency.Unreservable}]."
            );
        }
    }

    private static FunctionReference Qualified(GetFunctionRequest request, Caller caller)
    {
        var reference = FunctionReference.Parse(request.FunctionName, request.Qualifier, caller.Scope);
        return reference.Qualifier is null or FunctionVersion.Unpublished
            ? throw LambdaErrors.Invalid("The function resource provided must be an alias or a published version.")
            : reference;
    }

    private static Function Find(Function? function, FunctionReference reference) =>
        function?.Resolve(reference.Qualifier) is not null ? function
        : reference.Qualifier!.All(char.IsAsciiDigit) ? throw LambdaErrors.NoFunction(reference)
        : throw LambdaErrors.NotFound($"Cannot find alias arn: {reference.Arn}");

    /// <summary>Processes learn of it when they start: those that wait for work end.</summary>
    private void Save(
        Store.Transaction transaction,
        FunctionReference reference,
        Function function,
        IReadOnlyDictionary<string, ProvisionedConcurrency> all
    )
    {
        var version = function.Resolve(reference.Qualifier)!;
        // It is a new revision of the version too (recorded: localstack, test_lambda, test_lambda_provisioned_concurrency_moves_with_alias).
        var rebuilt = version with
        {
            Build = FunctionStore.NewRevision(),
            RevisionId = FunctionStore.NewRevision(),
        };
        functions.Put(
            transaction,
            reference.Scope,
            function with
            {
                Provisioned = all,
                Published = [.. function.Published.Select(other => other == version ? rebuilt : other)],
            }
        );
        functions.Announce(transaction, reference.Scope, function.Name);
    }

    private bool IsReady(ProvisionedConcurrency made) => instant || made.Since + Allocation <= functions.Clock.GetUtcNow();

    private static ProvisionedConcurrencyConfig Describe(ProvisionedConcurrency made, bool isReady) =>
        new()
        {
            RequestedProvisionedConcurrentExecutions = made.Requested,
            AvailableProvisionedConcurrentExecutions = isReady ? made.Requested : 0,
            AllocatedProvisionedConcurrentExecutions = isReady ? made.Requested : 0,
            Status = isReady ? "READY" : "IN_PROGRESS",
            LastModified = made.Since.ToString("yyyy-MM-dd'T'HH:mm:ss'+0000'", CultureInfo.InvariantCulture),
        };
}
