using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

internal sealed record DeleteFunctionRequest
{
    public string? FunctionName { get; init; }

    public string? Qualifier { get; init; }
}

/// <summary>Removes a function with all its versions, or one published version. What runs runs to its end.</summary>
internal static class DeleteFunction
{
    public static Task Run(FunctionStore functions, DeleteFunctionRequest request, Caller caller)
    {
        var reference = FunctionReference.Parse(request.FunctionName, request.Qualifier, caller.Scope);
        if (reference.Qualifier == FunctionVersion.Unpublished)
        {
            throw LambdaErrors.Invalid("$LATEST version cannot be deleted without deleting the function.");
        }

        return functions.Database.Write(transaction =>
        {
            var function = functions.Get(transaction, reference with { Qualifier = null });
            if (reference.Qualifier is { } qualifier)
            {
                RemoveVersion(functions, transaction, function, reference, qualifier);
            }
            else
            {
                functions.Functions.Remove(transaction, reference.Scope, function.Name);
                functions.SweepCode(transaction, reference.Scope, [function.Latest, .. function.Published]);
            }

            functions.Announce(transaction, reference.Scope, function.Name);
        });
    }

    private static void RemoveVersion(
        FunctionStore functions,
        Store.Transaction transaction,
        Function function,
        FunctionReference reference,
        string qualifier
    )
    {
        var version = function.Published.FirstOrDefault(published => published.Version == qualifier);
        if (version is null)
        {
            if (function.Aliases.Any(alias => alias.Name == qualifier))
            {
                throw LambdaErrors.Invalid("Deletion of aliases is not currently supported.");
            }

            return;
        }

        if (
            function.Aliases.Where(alias => alias.FunctionVersion == qualifier).Select(alias => alias.Name).ToList() is
            { Count: > 0 } aliases
        )
        {
            throw LambdaErrors.Conflict(
                $"Version {qualifier} of function {function.Name} is referenced by the following aliases: [{string.Join(", ", aliases)}]"
            );
        }

        functions.Put(
            transaction,
            reference.Scope,
            function with
            {
                Published = [.. function.Published.Where(published => published != version)],
                Provisioned = function.Provisioned.Where(entry => entry.Key != version.Version).ToDictionary(StringComparer.Ordinal),
            }
        );
        functions.SweepCode(transaction, reference.Scope, version);
    }
}
