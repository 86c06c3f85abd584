using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

internal sealed record CreateAliasRequest
{
    public string? FunctionName { get; init; }

    public string? Name { get; init; }

    public string? FunctionVersion { get; init; }

    public string? Description { get; init; }
}

internal sealed record UpdateAliasRequest
{
    public string? FunctionName { get; init; }

    public string? Name { get; init; }

    public string? FunctionVersion { get; init; }

    public string? Description { get; init; }

    public string? RevisionId { get; init; }
}

internal sealed record AliasRequest
{
    public string? FunctionName { get; init; }

    public string? Name { get; init; }
}

internal sealed record ListAliasesRequest
{
    public string? FunctionName { get; init; }

    public string? FunctionVersion { get; init; }

    public string? Marker { get; init; }

    public int? MaxItems { get; init; }
}

internal sealed record AliasDescription(string AliasArn, string Name, string FunctionVersion, string Description, string RevisionId);

internal sealed record ListAliasesResponse(IReadOnlyList<AliasDescription> Aliases, string? NextMarker);

/// <summary>CreateAlias, GetAlias, UpdateAlias, DeleteAlias and ListAliases: names for versions. Weighted routing is refused.</summary>
internal static class Aliases
{
    public static Task<AliasDescription> Create(FunctionStore functions, CreateAliasRequest request, Caller caller, string? token = null)
    {
        var reference = FunctionReference.Parse(request.FunctionName, null, caller.Scope);
        var name = request.Name ?? "";
        if (name.Length is 0 or > 128 || name.All(char.IsAsciiDigit) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw LambdaErrors.Constraint(name, "name", "Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)");
        }

        return functions.Database.Write(transaction =>
        {
            var function = functions.Get(transaction, reference);
            if (function.Aliases.FirstOrDefault(alias => alias.Name == name) is { } existing)
            {
                if (token is not null && existing.Token == token)
                {
                    return Describe(reference, existing);
                }

                throw LambdaErrors.Conflict($"Alias already exists: {(reference with { Qualifier = name }).Arn}");
            }

            var made = new Alias(
                name,
                Version(function, reference, request.FunctionVersion),
                request.Description ?? "",
                FunctionStore.NewRevision()
            )
            {
                Token = token,
            };
            functions.Put(transaction, reference.Scope, function with { Aliases = [.. function.Aliases, made] });
            return Describe(reference, made);
        });
    }

    public static Task<AliasDescription> Update(FunctionStore functions, UpdateAliasRequest request, Caller caller)
    {
        var reference = FunctionReference.Parse(request.FunctionName, null, caller.Scope);
        return functions.Database.Write(transaction =>
        {
            var function = functions.Get(transaction, reference);
            var alias =
                function.Aliases.FirstOrDefault(other => other.Name == request.Name)
                ?? throw LambdaErrors.NotFound(
                    $"Alias not found: {FunctionReference.ArnOf(reference.Scope, reference.Name, request.Name)}"
                );
            if (request.RevisionId is { } revision && revision != alias.RevisionId)
            {
                throw LambdaErrors.StaleRevision();
            }

            var changed = alias with
            {
                FunctionVersion = request.FunctionVersion is null
                    ? alias.FunctionVersion
                    : Version(function, reference, request.FunctionVersion),
                Description = request.Description ?? alias.Description,
                RevisionId = FunctionStore.NewRevision(),
            };
            functions.Put(
                transaction,
                reference.Scope,
                function with
                {
                    Aliases = [.. function.Aliases.Select(other => other == alias ? changed : other)],
                }
            );
            return Describe(reference, changed);
        });
    }

    public static AliasDescription Get(FunctionStore functions, AliasRequest request, Caller caller)
    {
        var reference = FunctionReference.Parse(request.FunctionName, null, caller.Scope);
        return Describe(reference, Find(functions.Get(reference), reference, request.Name));
    }

    /// <summary>Succeeds where there is no such alias, as on AWS.</summary>
    public static Task Delete(FunctionStore functions, AliasRequest request, Caller caller)
    {
        var reference = FunctionReference.Parse(request.FunctionName, null, caller.Scope);
        return functions.Database.Write(transaction =>
        {
            var function = functions.Get(transaction, reference);
            functions.Put(
                transaction,
                reference.Scope,
                function with
                {
                    Aliases = [.. function.Aliases.Where(alias => alias.Name != request.Name)],
                    Urls = function.Urls.Where(entry => entry.Key != request.Name).ToDictionary(StringComparer.Ordinal),
                }
            );
        });
    }

    public static ListAliasesResponse List(FunctionStore functions, ListAliasesRequest request, Caller caller)
    {
        var reference = FunctionReference.Parse(request.FunctionName, null, caller.Scope);
        var (page, next) = functions
            .Lists.Of("ListAliases", caller.Scope, reference.Arn, request.FunctionVersion)
            .PageByCount(
                functions
                    .Get(reference)
                    .Aliases.Where(alias => request.FunctionVersion is null || alias.FunctionVersion == request.FunctionVersion)
                    .OrderBy(alias => alias.Name, StringComparer.Ordinal)
                    .Select(alias => Describe(reference, alias)),
                LambdaErrors.PageSize(request.MaxItems, 50),
                request.Marker
            );
        return new(page, next);
    }

    private static Alias Find(Function function, FunctionReference reference, string? name) =>
        function.Aliases.FirstOrDefault(alias => alias.Name == name)
        ?? throw LambdaErrors.NotFound($"Cannot find alias arn: {FunctionReference.ArnOf(reference.Scope, reference.Name, name)}");

    private static string Version(Function function, FunctionReference reference, string? version) =>
        version == FunctionVersion.Unpublished || function.Published.Any(published => published.Version == version)
            ? version!
            : throw LambdaErrors.NotFound($"Function not found: {FunctionReference.ArnOf(reference.Scope, reference.Name, version)}");

    private static AliasDescription Describe(FunctionReference reference, Alias alias) =>
        new(
            FunctionReference.ArnOf(reference.Scope, reference.Name, alias.Name),
            alias.Name,
            alias.FunctionVersion,
            alias.Description,
            alias.RevisionId
        );
}
