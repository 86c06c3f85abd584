using System.Globalization;
using System.Security.Cryptography;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.Lambda;

internal sealed record FunctionUrlConfigRequest
{
    public string? FunctionName { get; init; }

    public string? Qualifier { get; init; }

    public string? AuthType { get; init; }

    public Cors? Cors { get; init; }

    public string? InvokeMode { get; init; }
}

internal sealed record FunctionUrlRequest
{
    public string? FunctionName { get; init; }

    public string? Qualifier { get; init; }
}

internal sealed record ListFunctionUrlConfigsRequest
{
    public string? FunctionName { get; init; }

    public string? Marker { get; init; }

    public int? MaxItems { get; init; }
}

internal sealed record FunctionUrlConfig(
    string FunctionUrl,
    string FunctionArn,
    string AuthType,
    Cors? Cors,
    string CreationTime,
    string? LastModifiedTime,
    string? InvokeMode
);

internal sealed record ListFunctionUrlConfigsResponse(IReadOnlyList<FunctionUrlConfig> FunctionUrlConfigs, string? NextMarker);

/// <summary>CreateFunctionUrlConfig, GetFunctionUrlConfig, UpdateFunctionUrlConfig, DeleteFunctionUrlConfig and ListFunctionUrlConfigs.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunctionUrlConfig.html; response streaming is refused.</remarks>
internal sealed class FunctionUrlConfigs(FunctionStore functions, EmulatorEndpoint endpoint)
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int IdLength = 32;

    /// <summary>What follows the id in a host: <c>.lambda-url.REGION.localhost</c>.</summary>
    public const string Marker = ".lambda-url.";

    public Task<FunctionUrlConfig> Create(FunctionUrlConfigRequest request, Caller caller, string? token = null)
    {
        var reference = Parse(request.FunctionName, request.Qualifier, caller);
        var auth = AuthType(request.AuthType ?? "");
        CheckMode(request.InvokeMode);
        var cors = UrlCors.Check(request.Cors);
        return functions.Database.Write(transaction =>
        {
            var function = Find(transaction, reference);
            if (function.Urls.TryGetValue(Key(reference), out var existing))
            {
                return token is not null && existing.Token == token
                    ? Describe(reference, existing, changed: false)
                    : throw LambdaErrors.Conflict(
                        $"Failed to create function url config for [functionArn = {reference.Arn}]. Error message:  FunctionUrlConfig exists for this Lambda function"
                    );
            }

            var now = functions.Clock.GetUtcNow();
            var made = new FunctionUrl(NewId(), auth, now, now) { Cors = cors, Token = token };
            Put(transaction, reference, function, made);
            return Describe(reference, made, changed: false) with { InvokeMode = request.InvokeMode };
        });
    }

    public FunctionUrlConfig Get(FunctionUrlRequest request, Caller caller)
    {
        var reference = Parse(request.FunctionName, request.Qualifier, caller);
        return functions.Functions.Get(reference.Scope, reference.Name)?.Urls.TryGetValue(Key(reference), out var url) == true
            ? Describe(reference, url, changed: true)
            : throw None();
    }

    public Task<FunctionUrlConfig> Update(FunctionUrlConfigRequest request, Caller caller)
    {
        var reference = Parse(request.FunctionName, request.Qualifier, caller);
        var auth = request.AuthType is { } given ? AuthType(given) : null;
        CheckMode(request.InvokeMode);
        var cors = UrlCors.Check(request.Cors);
        return functions.Database.Write(transaction =>
        {
            var function = Find(transaction, reference);
            var current = function.Urls.GetValueOrDefault(Key(reference)) ?? throw None();
            var changed = current with
            {
                AuthType = auth ?? current.AuthType,
                Cors = request.Cors is null ? current.Cors : cors,
                LastModified = functions.Clock.GetUtcNow(),
            };
            Put(transaction, reference, function, changed);
            // What changes a URL is told of the mode only what it said of it (recorded on AWS), what reads one is always told.
            return Describe(reference, changed, changed: true) with { InvokeMode = request.InvokeMode };
        });
    }

    public Task Delete(FunctionUrlRequest request, Caller caller)
    {
        var reference = Parse(request.FunctionName, request.Qualifier, caller);
        return functions.Database.Write(transaction =>
        {
            // Without a function there is no URL either (recorded on AWS: localstack, test_lambda_api, test_url_config_exceptions).
            if (
                functions.Functions.Get(transaction, reference.Scope, reference.Name) is not { } function
                || !function.Urls.ContainsKey(Key(reference))
            )
            {
                throw None();
            }

            functions.Put(
                transaction,
                reference.Scope,
                function with
                {
                    Urls = function.Urls.Where(entry => entry.Key != Key(reference)).ToDictionary(StringComparer.Ordinal),
                }
            );
        });
    }

    public ListFunctionUrlConfigsResponse List(ListFunctionUrlConfigsRequest request, Caller caller)
    {
        var reference = Parse(request.FunctionName, null, caller);
        var function = functions.Functions.Get(reference.Scope, reference.Name) ?? throw LambdaErrors.NotFound("Function does not exist");
        var (page, next) = functions
            .Lists.Of("ListFunctionUrlConfigs", caller.Scope, reference.Arn)
            .PageByCount(
                function
                    .Urls.OrderBy(entry => entry.Key, StringComparer.Ordinal)
                    .Select(entry =>
                        Describe(reference with { Qualifier = entry.Key.Length == 0 ? null : entry.Key }, entry.Value, changed: true)
                    ),
                LambdaErrors.PageSize(request.MaxItems, 50),
                request.Marker
            );
        return new(page, next);
    }

    /// <summary>The function, or the alias of one, that a URL is of.</summary>
    public (FunctionReference Reference, Function Function, FunctionUrl Url)? OfId(string id)
    {
        foreach (var (scope, _, function) in functions.Functions.All())
        {
            foreach (var (key, url) in function.Urls)
            {
                if (url.Id == id)
                {
                    return (new FunctionReference(scope, function.Name, key.Length == 0 ? null : key), function, url);
                }
            }
        }

        return null;
    }

    private static FunctionReference Parse(string? name, string? qualifier, Caller caller)
    {
        if (
            qualifier is not null
            && (qualifier.All(char.IsAsciiDigit) || !qualifier.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        )
        {
            throw LambdaErrors.Constraint(
                qualifier,
                "qualifier",
                @"Member must satisfy regular expression pattern: ((?!^\d+$)^[0-9a-zA-Z-_]+$)"
            );
        }

        return FunctionReference.Parse(name, qualifier, caller.Scope);
    }

    private static string Key(FunctionReference reference) => reference.Qualifier ?? "";

    private Function Find(Transaction transaction, FunctionReference reference) =>
        functions.Functions.Get(transaction, reference.Scope, reference.Name) is { } function
        && (reference.Qualifier is not { } alias || function.Aliases.Any(other => other.Name == alias))
            ? function
            : throw LambdaErrors.NotFound("Function does not exist");

    private void Put(Transaction transaction, FunctionReference reference, Function function, FunctionUrl url) =>
        functions.Put(
            transaction,
            reference.Scope,
            function with
            {
                Urls = new Dictionary<string, FunctionUrl>(function.Urls) { [Key(reference)] = url },
            }
        );

    private FunctionUrlConfig Describe(FunctionReference reference, FunctionUrl url, bool changed) =>
        new(
            $"http://{url.Id}{Marker}{reference.Scope.Region}.localhost:{endpoint.Uri.Port}/",
            reference.Arn,
            url.AuthType,
            url.Cors,
            Time(url.Created),
            changed ? Time(url.LastModified) : null,
            "BUFFERED"
        );

    private static string AuthType(string given) =>
        given is "NONE" or "AWS_IAM"
            ? given
            : throw LambdaErrors.Constraint(given, "authType", "Member must satisfy enum value set: [NONE, AWS_IAM]");

    private static void CheckMode(string? mode)
    {
        if (mode == "RESPONSE_STREAM")
        {
            throw AwsException.NotImplemented("the InvokeMode RESPONSE_STREAM of function URLs");
        }

        if (mode is not (null or "BUFFERED"))
        {
            throw LambdaErrors.Constraint(mode, "invokeMode", "Member must satisfy enum value set: [RESPONSE_STREAM, BUFFERED]");
        }
    }

    private static string NewId() => RandomNumberGenerator.GetString(Letters, IdLength);

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static AwsException None() => LambdaErrors.NotFound("The resource you requested does not exist.");
}
