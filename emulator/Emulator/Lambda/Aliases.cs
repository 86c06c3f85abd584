using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

internal sealed record CreateAliasRequest
{
    public string? FunctionName { get; init; }

    public string? Name { get; init; }

    public string? FunctionVersion { get; init; }

    public string? Description { get; init; }

    public AliasRoutingConfig? RoutingConfig { get; init; }
}

internal sealed record AliasRoutingConfig(IReadOnlyDictionary<string, double>? AdditionalVersionWeights);

internal sealed record UpdateAliasRequest
{
    public string? FunctionName { get; init; }

    public string? Name { get; init; }

    public string? FunctionVersion { get; init; }

    public string? Description { get; init; }

    public string? RevisionId { get; init; }

    public AliasRoutingConfig? RoutingConfig { get; init; }
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

internal sealed record AliasDescription(string AliasArn, string Name, string FunctionVersion, string Description, string RevisionId)
{
    public AliasRoutingConfig? RoutingConfig { get; init; }
}

internal sealed record ListAliasesResponse(IReadOnlyList<AliasDescription> Aliases, string? NextMarker);

/// <summary>CreateAlias, GetAlias, UpdateAlias, DeleteAlias and ListAliases: names for versions.</summary>
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
            var function =
                functions.Functions.Get(transaction, reference.Scope, reference.Name)
                ?? throw LambdaErrors.NoFunction(reference with { Qualifier = request.FunctionVersion });
            if (function.Aliases.FirstOrDefault(alias => alias.Name == name) is { } existing)
            {
                if (token is not null && existing.Token == token)
                {
                    return Describe(reference, existing);
                }

                throw LambdaErrors.Conflict($"Alias already exists: {(reference with { Qualifier = name }).Arn}");
            }

            var version = Version(function, reference, request.FunctionVersion);
            var made = new Alias(name, version, request.Description ?? "", FunctionStore.NewRevision())
            {
                Weights = Weights(function, reference, version, request.RoutingConfig?.AdditionalVersionWeights),
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

            var version = request.FunctionVersion is null ? alias.FunctionVersion : Version(function, reference, request.FunctionVersion);
            var changed = alias with
            {
                FunctionVersion = version,
                Weights = request.RoutingConfig is { } routing
                    ? Weights(function, reference, version, routing.AdditionalVersionWeights)
                    : alias.Weights,
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
                    Provisioned = function.Provisioned.Where(entry => entry.Key != request.Name).ToDictionary(StringComparer.Ordinal),
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
        )
        {
            RoutingConfig = alias.Weights is { } weights ? new(weights) : null,
        };

    /// <summary>The one other version that an alias may have, with its share.</summary>
    /// <remarks>The refusals are as recorded on AWS in localstack's tests/aws/services/lambda_/test_lambda_api.</remarks>
    private static IReadOnlyDictionary<string, double>? Weights(
        Function function,
        FunctionReference reference,
        string version,
        IReadOnlyDictionary<string, double>? weights
    )
    {
        if (weights is null or { Count: 0 })
        {
            return null;
        }

        const string member = "routingConfig.additionalVersionWeights";
        if (weights.Count > 1)
        {
            throw LambdaErrors.Invalid("Number of items in AdditionalVersionWeights cannot be greater than 1");
        }

        var (other, share) = weights.First();
        var shown = $"{{{other}={share.ToString("0.0###############", System.Globalization.CultureInfo.InvariantCulture)}}}";
        if (share is < 0 or > 1)
        {
            throw LambdaErrors.Constraint(
                shown,
                member,
                "Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be null]"
            );
        }

        if (!other.All(char.IsAsciiDigit))
        {
            throw LambdaErrors.Constraint(
                shown,
                member,
                "Map keys must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [0-9]+, Member must not be null]"
            );
        }

        if (other == version)
        {
            throw LambdaErrors.Invalid(
                $"Invalid function version {version}. Function version {version} is already included in routing configuration."
            );
        }

        if (version == FunctionVersion.Unpublished)
        {
            throw LambdaErrors.Untyped("$LATEST is not supported for an alias pointing to more than 1 version");
        }

        Version(function, reference, other);
        return weights;
    }
}
