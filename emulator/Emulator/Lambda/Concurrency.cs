using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

internal sealed record FunctionRequest
{
    public string? FunctionName { get; init; }
}

internal sealed record PutFunctionConcurrencyRequest
{
    public string? FunctionName { get; init; }

    public int? ReservedConcurrentExecutions { get; init; }
}

/// <summary>PutFunctionConcurrency, GetFunctionConcurrency and DeleteFunctionConcurrency.</summary>
internal static class Concurrency
{
    /// <summary>What all reservations together must leave to the other functions.</summary>
    public const int Unreservable = 100;

    /// <summary>
    /// What nobody has reserved of the account's concurrency; what is provisioned beyond a reservation counts as reserved.
    /// </summary>
    public static int Unreserved(IEnumerable<Function> functions) =>
        Invoker.AccountConcurrency
        - functions.Sum(function => function.ReservedConcurrency ?? function.Provisioned.Values.Sum(one => one.Requested));

    public static Task<FunctionConcurrency> Put(FunctionStore functions, PutFunctionConcurrencyRequest request, Caller caller)
    {
        var reference = FunctionReference.Parse(request.FunctionName, null, caller.Scope);
        if (reference.Qualifier is not null)
        {
            throw LambdaErrors.Invalid(
                "This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. "
                    + "Please specify either a function name or an unqualified function ARN."
            );
        }

        if (request.ReservedConcurrentExecutions is not >= 0)
        {
            throw LambdaErrors.Constraint(
                request.ReservedConcurrentExecutions?.ToString() ?? "null",
                "reservedConcurrentExecutions",
                "Member must have value greater than or equal to 0"
            );
        }

        var reserved = request.ReservedConcurrentExecutions.Value;
        return functions.Database.Write(transaction =>
        {
            var function =
                functions.Functions.Get(transaction, reference.Scope, reference.Name)
                ?? throw LambdaErrors.NoFunction(reference with { Qualifier = FunctionVersion.Unpublished });
            var others = functions.Functions.List(transaction, reference.Scope).Values.Where(other => other.Name != function.Name);
            if (reserved > Unreserved(others) - Unreservable)
            {
                throw LambdaErrors.Untyped(
                    $"Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [{Unreservable}]."
                );
            }

            functions.Put(transaction, reference.Scope, function with { ReservedConcurrency = reserved });
            return new FunctionConcurrency(reserved);
        });
    }

    public static FunctionConcurrency Get(FunctionStore functions, FunctionRequest request, Caller caller) =>
        new(functions.Get(FunctionReference.Parse(request.FunctionName, null, caller.Scope)).ReservedConcurrency);

    public static Task Delete(FunctionStore functions, FunctionRequest request, Caller caller)
    {
        var reference = FunctionReference.Parse(request.FunctionName, null, caller.Scope);
        return functions.Database.Write(transaction =>
            functions.Put(transaction, reference.Scope, functions.Get(transaction, reference) with { ReservedConcurrency = null })
        );
    }
}
